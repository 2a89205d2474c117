"""The slots that were asked for, as a value."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, PlainSerializer
from sqlalchemy.ext.asyncio import AsyncSession

from shared.clock import Clock
from worker.scheduling.engine import SlotSearch, find_slots, merge
from worker.scheduling.repository import Schedule, load_schedule
from worker.scheduling.rules import Reason
from worker.scheduling.wallclock import local
from worker.slots.arguments import Question
from worker.slots.repository import find_names

Moment = Annotated[datetime, PlainSerializer(datetime.isoformat)]


class Slot(BaseModel):
    """A visit that can be booked now, and who can take it."""

    start: Moment
    end: Moment
    specialists: list[str]


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
    schedule = await load_schedule(
        session, service_id, question.first, question.last, specialist_id=specialist_id
    )
    if schedule is None:
        raise LookupError("the service went away between two statements")
    return _answer(schedule, question, clock.now())


def _answer(schedule: Schedule, question: Question, now: datetime) -> SlotReport:
    searches = [
        find_slots(query, question.first, question.last, explain=question.explain)
        for query in schedule.queries(now)
    ]
    return SlotReport(
        service=schedule.service,
        timezone=schedule.zone.key,
        slots=_slots(schedule, searches),
        refused=_refused(schedule, searches) if question.explain else None,
    )


def _slots(schedule: Schedule, searches: list[SlotSearch]) -> list[Slot]:
    """List what is free by start; where it takes some specialists longer, once for each end."""
    slots = []
    for offer in merge(searches):
        by_length: dict[int, list[str]] = {}
        for specialist in offer.specialists:
            length = schedule.services[specialist].duration
            by_length.setdefault(length, []).append(schedule.names[specialist])
        start = local(offer.start, schedule.zone)
        slots += [
            Slot(start=start, end=local(offer.start + length, schedule.zone), specialists=names)
            for length, names in sorted(by_length.items())
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
