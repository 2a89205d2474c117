"""Coming visits whose place a changed business moves, corrects or gives up."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from shared.i18n.marking import text_noop
from worker.business.document import LocationEntry, SpecialistEntry
from worker.business.hits import Hit, HitReason, Prospect, because
from worker.business.places import EVERY_DAY, Whereabouts
from worker.business.stored import ComingVisit
from worker.corrections.rules import is_elsewhere
from worker.scheduling.wallclock import day_of


@dataclass(frozen=True, slots=True)
class Relocation:
    """A visit that is at another place, or whose place is described otherwise."""

    visit: ComingVisit
    to: str | None = None
    """The name of the place that it moves to; None where it stays at its place."""
    told: bool = True
    """Whether its customer has to hear of it: a place that is only spelled otherwise is the same place."""


def find_relocations(prospect: Prospect) -> Iterator[Relocation]:
    """Find the visits whose customers are shown another place than before."""
    for visit in prospect.visits:
        to = _new_place(prospect, visit)
        before, after = _place(prospect, visit)
        if to is not None:
            yield Relocation(visit, to)
        elif before is not None and after is not None and _appearance(before) != _appearance(after):
            yield Relocation(visit, told=is_elsewhere(before, after))


def find_hits(prospect: Prospect) -> Iterator[Hit]:
    """Find the visits whose place is another one, and those that stay where nothing else is any more."""
    for relocation in find_relocations(prospect):
        visit = relocation.visit
        if relocation.to is not None:
            yield Hit(visit, _moves(visit, relocation.to))
        elif relocation.told:
            text = text_noop("at '{place}', which is elsewhere now")
            yield Hit(visit, because(text, place=visit.location))
    for visit in prospect.visits:
        before, after = _place(prospect, visit)
        if before is not None and after is None and _new_place(prospect, visit) is None:
            text = text_noop("at '{place}', which is no longer offered: they stay there")
            yield Hit(visit, because(text, place=visit.location))


def _moves(visit: ComingVisit, to: str) -> HitReason:
    if not visit.location:
        text = text_noop("with '{specialist}', now at '{place}'")
        return because(text, specialist=visit.specialist, place=to)
    text = text_noop("with '{specialist}', now at '{place}' instead of '{before}'")
    return because(text, specialist=visit.specialist, place=to, before=visit.location)


def _place(prospect: Prospect, visit: ComingVisit) -> tuple[LocationEntry | None, LocationEntry | None]:
    """Return how the visit's place is described before and after."""
    number = visit.location_number
    if number is None:
        return None, None
    return prospect.before_of(LocationEntry, number), prospect.after_of(LocationEntry, number)


def _new_place(prospect: Prospect, visit: ComingVisit) -> str | None:
    """Return the place that a visit follows its specialist to, if the file says that they work elsewhere.

    A specialist of whom the file says nothing, before and after, is followed nowhere: that the first place of
    the list is another one now moves nobody's visit.
    """
    number = visit.specialist_number
    before, after = prospect.before_of(SpecialistEntry, number), prospect.after_of(SpecialistEntry, number)
    if before is None or after is None or before.locations == after.locations:
        return None
    weekday = day_of(int(visit.begins.timestamp()), ZoneInfo(prospect.after.business.timezone)).weekday()
    there = [place for place, days in _said(prospect, after.locations).items() if weekday in days]
    _, now = _place(prospect, visit)
    if not there or (now is not None and now.key in there):
        return None
    return next(each.key for each in prospect.after.locations if each.key in there)


def _said(prospect: Prospect, places: Whereabouts) -> Mapping[str, tuple[int, ...]]:
    return places or {each.key: EVERY_DAY for each in prospect.after.locations[:1]}


def _appearance(place: LocationEntry) -> tuple[object, ...]:
    return place.name, place.address, place.latitude, place.longitude
