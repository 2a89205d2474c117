"""Looks for times that would do in place of visits, and has them kept for their customers."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from shared.envelope import NOBODY
from worker.alternatives.repository import keep_for, load_elsewhere
from worker.alternatives.rules import FreeTime, HadTime, Need, assign, in_order, kept_until, packed
from worker.db.models.booking import KeptFor, Status
from worker.placement.allocation import NewVisit
from worker.placement.placement import Booked, BookingRequest, place
from worker.scheduling.asker import Asker
from worker.scheduling.engine import find_slots
from worker.scheduling.following import load_schedule
from worker.scheduling.repository import Schedule
from worker.scheduling.rules import SlotQuery
from worker.scheduling.wallclock import day_of
from worker.visits.repository import Visit

DAYS_AHEAD: Final = 14
"""So many days behind that of the visit are looked at."""
ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Deadline:
    """Until when customers can answer, as seen at a moment."""

    now: datetime
    answer_by: datetime


async def keep_alternatives(
    session: AsyncSession,
    waiting: Sequence[Visit],
    served: Sequence[Visit],
    deadline: Deadline,
    zone: ZoneInfo,
) -> dict[int, int]:
    """Keep times for the customers of `served`, who are the first of all that are `waiting`.

    What is worked out is worked out for everybody, so that whoever comes later finds their share. Returns
    how many times are kept for each.
    """
    needs, notices = await _needs(session, waiting, deadline, zone)
    given, kept = assign(needs), dict.fromkeys((visit.id for visit in served), 0)
    for visit in served:
        holds = []
        for candidate in given[visit.id]:
            hold = await _keep(session, visit, candidate, notices[visit.service_id], deadline)
            holds += [] if hold is None else [hold]
        await keep_for(session, visit.id, holds)
        kept[visit.id] = len(holds)
    return kept


async def _keep(
    session: AsyncSession, visit: Visit, candidate: FreeTime, notice: timedelta, deadline: Deadline
) -> int | None:
    """Keep one time; None where somebody was faster, and nobody misses it: the others are kept."""
    start = datetime.fromtimestamp(candidate.start, UTC)
    until = kept_until(deadline.answer_by, start, notice, deadline.now)
    if until is None:
        return None
    request = BookingRequest(
        visit.service_id,
        candidate.specialist_id,
        start,
        location_id=visit.location_id,
        anyway=True,
        places=visit.places,
    )
    new = NewVisit(NOBODY, visit.currency, Status.HELD, until, KeptFor.OFFER)
    outcome = await place(session, request, deadline.now, new, limited=False)
    return outcome.visit.id if isinstance(outcome, Booked) else None


async def _needs(
    session: AsyncSession, waiting: Sequence[Visit], deadline: Deadline, zone: ZoneInfo
) -> tuple[list[Need], dict[int, timedelta]]:
    """Work out what would do for each visit, and which notice each service asks for."""
    elsewhere = await load_elsewhere(session, waiting, deadline.now)
    needs: dict[int, Need] = {}
    notices: dict[int, timedelta] = {}
    for (service_id, location_id), visits in _by_service(waiting).items():
        days = sorted(_day(visit, zone) for visit in visits)
        schedule = await load_schedule(
            session,
            (service_id,),
            days[0],
            days[-1] + DAYS_AHEAD * ONE_DAY,
            Asker(deadline.now),
            location_id=location_id,
        )
        notices[service_id] = timedelta(seconds=schedule.policy.min_notice if schedule else 0)
        free = None if schedule is None else _FreeTimes(schedule, deadline)
        for visit in visits:
            found = [] if free is None else _candidates(free, visit, zone)
            busy = elsewhere[visit.customer_id]
            fitting = [each for each in found if not _is_elsewhere(each, busy)]
            needs[visit.id] = Need(visit.id, visit.customer_id, fitting, visit.places)
    return [needs[visit.id] for visit in waiting], notices


def _by_service(visits: Sequence[Visit]) -> Mapping[tuple[int, int | None], list[Visit]]:
    found: defaultdict[tuple[int, int | None], list[Visit]] = defaultdict(list)
    for visit in visits:
        found[visit.service_id, visit.location_id].append(visit)
    return found


class _FreeTimes:
    """The free times of a service, looked up once for all visits of it."""

    def __init__(self, schedule: Schedule, deadline: Deadline) -> None:
        self.queries = schedule.queries(deadline.now)
        self._notice = timedelta(seconds=schedule.policy.min_notice)
        self._deadline = deadline
        self._found: dict[tuple[int, date], list[int]] = {}

    def of_day(self, query: SlotQuery, day: date, wanted: int) -> list[FreeTime]:
        """Return a specialist's free times of a day that lie one behind the other, and the one wanted."""
        key = query.calendar.specialist, day
        if key not in self._found:
            self._found[key] = [start for start in find_slots(query, day, day).slots if self._is_kept(start)]
        policy = query.service
        before, after = policy.buffer_before, policy.duration + policy.buffer_after
        chosen = packed(self._found[key], (before, after), wanted)
        return [_candidate(query, start, start - before, start + after) for start in chosen]

    def _is_kept(self, start: int) -> bool:
        begins = datetime.fromtimestamp(start, UTC)
        until = kept_until(self._deadline.answer_by, begins, self._notice, self._deadline.now)
        return until is not None


def _candidate(query: SlotQuery, start: int, busy_start: int, busy_end: int) -> FreeTime:
    policy, whose = query.service, query.calendar
    if policy.capacity == 1:
        return FreeTime(whose.specialist, start, busy_start, busy_end)
    beside = (each for each in whose.between(start, start + 1) if each.visit_start == start)
    left = policy.capacity - sum(each.seats for each in beside if each.service == policy.id)
    return FreeTime(whose.specialist, start, busy_start, busy_end, policy.id, left)


def _candidates(free: _FreeTimes, visit: Visit, zone: ZoneInfo) -> list[FreeTime]:
    """Return the times that would do for one visit, the best first."""
    day = _day(visit, zone)
    wish = HadTime(visit.specialist_id, int(visit.start.timestamp()), day.toordinal())
    days = [day + step * ONE_DAY for step in range(DAYS_AHEAD + 1)]
    found = {
        candidate: each.toordinal()
        for query in free.queries
        for each in days
        for candidate in free.of_day(query, each, _at_the_hour_of(visit, each, zone))
    }
    clock = {start: _clock(start, zone) for start in {wish.start, *(each.start for each in found)}}
    return in_order(wish, found, clock)


def _is_elsewhere(candidate: FreeTime, visits: Sequence[tuple[datetime, datetime]]) -> bool:
    """Tell whether the customer has another visit then."""
    return any(
        candidate.busy_start < end.timestamp() and start.timestamp() < candidate.busy_end
        for start, end in visits
    )


def _day(visit: Visit, zone: ZoneInfo) -> date:
    return day_of(int(visit.start.timestamp()), zone)


def _at_the_hour_of(visit: Visit, day: date, zone: ZoneInfo) -> int:
    """Return when it is the hour of a visit on another day."""
    local = visit.start.astimezone(zone)
    return int(datetime.combine(day, local.timetz()).timestamp())


def _clock(start: int, zone: ZoneInfo) -> int:
    local = datetime.fromtimestamp(start, zone)
    return local.hour * 3600 + local.minute * 60
