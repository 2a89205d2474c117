"""What a visit would lack of rooms, chairs and machines, in words."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import assert_never

from shared.i18n.translator import Translator
from worker.scheduling.allotting import Lack, Missing, missing
from worker.scheduling.engine import check, find_slots
from worker.scheduling.rules import Reason, SlotQuery


def lack_at(queries: Iterable[SlotQuery], start: int) -> Missing | None:
    """Return what lacks whoever has nothing but that in the way of a start."""
    refused = (query for query in queries if check(query, start) is Reason.RESOURCE)
    return next((missing(query, start) for query in refused), None)


def lack_on(queries: Sequence[SlotQuery], day: date) -> Missing | None:
    """Return what lacks for the first start of a day that nothing else refuses."""
    refused = (
        (query, refusal.start)
        for query in queries
        for refusal in find_slots(query, day, day, explain=True).refused
        if refusal.reason is Reason.RESOURCE
    )
    return next((missing(*each) for each in refused), None)


def at_that_time(texts: Translator, found: Missing | None) -> str:
    """Tell a customer what a start lacks, and what to do instead."""
    if found is None:
        return texts.text("Sorry, that time has just been taken. Please choose another one.")
    name = found.resource.name
    match found.why:
        case Lack.TAKEN:
            return texts.text(
                "All are taken at that time: {resource}. Please choose another one.", resource=name
            )
        case Lack.CLOSED:
            return texts.text(
                "Cannot be used at that time: {resource}. Please choose another one.", resource=name
            )
        case Lack.ELSEWHERE:
            return texts.text("Not at that place: {resource}. Please choose another one.", resource=name)
        case _:
            assert_never(found.why)


def on_that_day(texts: Translator, found: Missing | None) -> str:
    """Tell a customer in a few words what a day lacks."""
    if found is None:
        return texts.text("Fully booked")
    name = found.resource.name
    match found.why:
        case Lack.TAKEN:
            return texts.text("All are taken on that day: {resource}", resource=name)
        case Lack.CLOSED:
            return texts.text("Cannot be used on that day: {resource}", resource=name)
        case Lack.ELSEWHERE:
            return texts.text("Not at that place: {resource}", resource=name)
        case _:
            assert_never(found.why)


def for_staff(texts: Translator, found: Missing | None) -> str:
    """Tell who knows the calendars what a start lacks."""
    if found is None:
        return texts.text("this time can be booked")
    resource = found.resource
    match found.why:
        case Lack.TAKEN:
            return texts.plural(
                "others have the only one then: {resource}",
                "others have all {number} then: {resource}",
                resource.count,
                resource=resource.name,
            )
        case Lack.CLOSED:
            return texts.text("cannot be used then, by its own hours: {resource}", resource=resource.name)
        case Lack.ELSEWHERE:
            return texts.text("is at another place: {resource}", resource=resource.name)
        case _:
            assert_never(found.why)
