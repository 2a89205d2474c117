"""Looks for times that would do in place of visits, and has them kept for their customers."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from shared.envelope import NOBODY
from worker.alternatives.repository import keep_for, load_elsewhere
from worker.alternatives.rules import FreeTime, Need, assign, in_order, kept_until, packed
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
    # A large shop has many times to look at. Whoever else has asked something is answered meanwhile.
    given = await asyncio.to_thread(assign, needs)
    kept = dict.fromkeys((visit.id for visit in served), 0)
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
        free = None if schedule is None else _FreeTimes(schedule, deadline, zone)
        for visit in visits:
            found = () if free is None else _Looked(free.for_visit(visit, elsewhere[visit.customer_id]))
            needs[visit.id] = Need(visit.id, visit.customer_id, found, visit.places)
    return [needs[visit.id] for visit in waiting], notices


def _by_service(visits: Sequence[Visit]) -> Mapping[tuple[int, int | None], list[Visit]]:
    found: defaultdict[tuple[int, int | None], list[Visit]] = defaultdict(list)
    for visit in visits:
        found[visit.service_id, visit.location_id].append(visit)
    return found


class _Looked(Iterable[FreeTime]):
    """Times that are looked up once, no further than anybody asks, and gone through again and again."""

    def __init__(self, times: Iterator[FreeTime]) -> None:
        self._times = times
        self._known: list[FreeTime] = []

    def __iter__(self) -> Iterator[FreeTime]:
        """Go through them from the first on."""
        yield from self._known
        for each in self._times:
            self._known.append(each)
            yield each


class _FreeTimes:
    """The free times of a service, looked up once for all visits of it."""

    def __init__(self, schedule: Schedule, deadline: Deadline, zone: ZoneInfo) -> None:
        self._queries = schedule.queries(deadline.now)
        self._notice = timedelta(seconds=schedule.policy.min_notice)
        self._deadline = deadline
        self._zone = zone
        self._found: dict[tuple[int, date], dict[int, FreeTime]] = {}
        self._packed: dict[tuple[int, date], list[FreeTime]] = {}
        self._clocks: dict[int, int] = {}

    def for_visit(self, visit: Visit, busy: Sequence[tuple[datetime, datetime]]) -> Iterator[FreeTime]:
        """Yield the times that would do for a visit whose customer has others then, the best first."""
        day = _day(visit, self._zone)
        later = [day + step * ONE_DAY for step in range(1, DAYS_AHEAD + 1)]
        own = [each for each in self._queries if each.calendar.specialist == visit.specialist_id]
        others = [each for each in self._queries if each.calendar.specialist != visit.specialist_id]
        found = in_order(
            int(visit.start.timestamp()),
            self._of_day(self._queries, visit, day),
            (self._of_day(own, visit, each) for each in later),
            (self._of_day(others, visit, each) for each in later),
            self._clock,
        )
        return (each for each in found if not _is_elsewhere(each, busy))

    def _of_day(self, queries: Iterable[SlotQuery], visit: Visit, day: date) -> Iterator[FreeTime]:
        """Yield free times of a day that lie one behind the other, and those at the hour of a visit."""
        hour = _at_the_hour_of(visit, day, self._zone)
        for query in queries:
            free, chosen = self._free(query, day)
            yield from chosen
            if hour in free and free[hour] not in chosen:
                yield free[hour]

    def _free(self, query: SlotQuery, day: date) -> tuple[Mapping[int, FreeTime], Sequence[FreeTime]]:
        """Return a specialist's free times of a day by their starts, and those one behind the other."""
        key = query.calendar.specialist, day
        if key not in self._found:
            before, after = query.service.buffer_before, query.service.duration + query.service.buffer_after
            starts = [start for start in find_slots(query, day, day).slots if self._is_kept(start)]
            free = {start: _candidate(query, start, start - before, start + after) for start in starts}
            self._found[key] = free
            self._packed[key] = [free[start] for start in packed(starts, (before, after))]
        return self._found[key], self._packed[key]

    def _clock(self, start: int) -> int:
        if start not in self._clocks:
            local = datetime.fromtimestamp(start, self._zone)
            self._clocks[start] = local.hour * 3600 + local.minute * 60
        return self._clocks[start]

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
