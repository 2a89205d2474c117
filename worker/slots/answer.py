"""The slots that were asked for, as a value."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, PlainSerializer
from sqlalchemy.ext.asyncio import AsyncSession

from shared.clock import Clock
from worker.scheduling.asker import Asker
from worker.scheduling.engine import SlotSearch, find_slots, merge
from worker.scheduling.following import load_schedule
from worker.scheduling.repository import Schedule
from worker.scheduling.rules import Reason
from worker.scheduling.wallclock import day_of, local
from worker.slots.arguments import Question
from worker.slots.repository import find_names, find_place, load_place_names

Moment = Annotated[datetime, PlainSerializer(datetime.isoformat)]


class Slot(BaseModel):
    """A visit that can be booked now, and who can take it."""

    start: Moment
    end: Moment
    specialists: list[str]
    places: list[list[str]] | None = None
    """Where each of them would be, where the service is done at more than one place."""


class Refused(BaseModel):
    """A start that one specialist cannot take."""

    start: Moment
    specialist: str
    reason: Reason


class SlotReport(BaseModel):
    """Everything that can be booked, ordered by start; `refused` only where it was asked for."""

    service: str
    timezone: str
    slots: list[Slot]
    refused: list[Refused] | None = None


async def find_answer(session: AsyncSession, question: Question, clock: Clock) -> SlotReport:
    """SlotReport the question; raises UsageError for names nobody bears."""
    service_id, specialist_id = await find_names(session, question.service, question.specialist)
    location_id = await find_place(session, question.location)
    schedule = await load_schedule(
        session,
        (service_id,),
        question.first,
        question.last,
        Asker(clock.now()),
        specialist_id=specialist_id,
        location_id=location_id,
    )
    if schedule is None:
        raise LookupError("the service went away between two statements")
    places = {place for calendar in schedule.calendars for place in calendar.workplaces.all}
    names = await load_place_names(session, places if location_id is None else {location_id})
    return _answer(schedule, question, clock.now(), names if len(places) > 1 else {})


def _answer(schedule: Schedule, question: Question, now: datetime, places: Mapping[int, str]) -> SlotReport:
    searches = [
        find_slots(query, question.first, question.last, explain=question.explain)
        for query in schedule.queries(now)
    ]
    return SlotReport(
        service=schedule.service,
        timezone=schedule.zone.key,
        slots=_slots(schedule, searches, places),
        refused=_refused(schedule, searches) if question.explain else None,
    )


def _slots(schedule: Schedule, searches: list[SlotSearch], places: Mapping[int, str]) -> list[Slot]:
    """List what is free by start; where it takes some specialists longer, once for each end."""
    workplaces = {calendar.specialist: calendar.workplaces for calendar in schedule.calendars}
    slots = []
    for offer in merge(searches):
        by_length: dict[int, list[int]] = {}
        for specialist in offer.specialists:
            by_length.setdefault(schedule.services[specialist].duration, []).append(specialist)
        weekday = day_of(offer.start, schedule.zone).weekday()
        slots += [
            Slot(
                start=local(offer.start, schedule.zone),
                end=local(offer.start + length, schedule.zone),
                specialists=[schedule.names[each] for each in doers],
                places=[
                    [places[place] for place in workplaces[each].on(weekday) if place in places]
                    for each in doers
                ]
                if places
                else None,
            )
            for length, doers in sorted(by_length.items())
        ]
    return slots


def _refused(schedule: Schedule, searches: list[SlotSearch]) -> list[Refused]:
    """List all refusals by start, and those of one start in the order of the specialists."""
    found = [
        (refusal.start, place, search.specialist, refusal.reason)
        for place, search in enumerate(searches)
        for refusal in search.refused
    ]
    return [
        Refused(start=local(start, schedule.zone), specialist=schedule.names[specialist], reason=reason)
        for start, _, specialist, reason in sorted(found)
    ]
