"""The scheduling rules, each as one value: which starts it leaves, and the reason given for the others.

`RULES` is all there is to a rule: the search for free times, the check of one start and the explanation of
a day go over that tuple. Rules are pure; docs/contributing.md says how to add one.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from worker.scheduling.calendars import Busy
from worker.scheduling.hours import Stretch
from worker.scheduling.query import Seconds, ServicePolicy, SlotQuery, SpecialistPolicy
from worker.scheduling.resources import needed_at
from worker.scheduling.runs import Blocked, Runs, but, outside, within
from worker.scheduling.seats import seated
from worker.scheduling.wallclock import day_of, week_of

__all__ = [
    "RULES",
    "Reason",
    "Rule",
    "Seconds",
    "ServicePolicy",
    "SlotQuery",
    "SpecialistPolicy",
]


class Reason(StrEnum):
    """Why a start is refused."""

    CLOSED = "closed"
    GRID = "grid"
    OFFERED = "offered"
    DAY_FULL = "day_full"
    WEEK_FULL = "week_full"
    NOTICE = "notice"
    HORIZON = "horizon"
    BOOKED = "booked"
    FULL = "full"
    BUFFER = "buffer"
    RESOURCE = "resource"


def _never(_query: SlotQuery) -> bool:
    return False


def _nothing(_query: SlotQuery, _start: int) -> Sequence[Busy]:
    return ()


@dataclass(frozen=True, slots=True)
class Rule:
    """One scheduling rule. Whether a single start may be had is `leaves` asked about that start alone."""

    reason: Reason
    means: str
    """What operators read of it, after 'the start is refused because'."""
    leaves: Callable[[SlotQuery, Stretch, Runs], Runs]
    """Return those of the starts that keep the rule; all of them lie in the stretch."""
    only_explains: bool = False
    """Whether a search can do without: its steps keep the rule, or another refuses all that this one does."""
    needs_lock: Callable[[SlotQuery], bool] = _never
    """Whether two people at the same moment can break the rule, though each of them keeps it: a count.

    Placement then locks the specialist, loads the calendar again and checks again.
    """
    in_the_way: Callable[[SlotQuery, int], Sequence[Busy]] = _nothing
    """Return the visits for which the rule refuses a start: those that have to go before it can be booked."""


def _closed(query: SlotQuery, stretch: Stretch, runs: Runs) -> Runs:
    """Keep visits within opening hours from beginning to end; their buffers may reach beyond them."""
    last = min(stretch.closes - 1, stretch.until - query.service.duration)
    return within(runs, stretch.begin, last)


def _grid(query: SlotQuery, stretch: Stretch, runs: Runs) -> Runs:
    """Have visits begin on a step; a search asks for nothing else, but a button may outlive the grid."""
    return [run for run in runs if not (run.start - stretch.anchor) % query.service.step]


def _offered(query: SlotQuery, stretch: Stretch, runs: Runs) -> Runs:
    """Keep visits within the service's own hours, where it has any."""
    if query.offered is None:
        return runs
    return outside(runs, query.offered.closed(stretch.day, query.zone, query.service.duration))


def _day_full(query: SlotQuery, stretch: Stretch, runs: Runs) -> Runs:
    """Keep a specialist to so many visits a day; a group's session is one of them."""
    return _capped(query, runs, query.specialist.max_per_day, (stretch.day, stretch.day))


def _week_full(query: SlotQuery, stretch: Stretch, runs: Runs) -> Runs:
    """Keep a specialist to so many visits from Monday to Sunday."""
    return _capped(query, runs, query.specialist.max_per_week, week_of(stretch.day))


def _capped(query: SlotQuery, runs: Runs, most: int | None, dates: tuple[date, date]) -> Runs:
    """Leave nothing but the sessions of the service's own group where there are as many visits as may be."""
    begun = () if most is None else query.calendar.begun(*dates, query.zone)
    if most is None or len(begun) < most:
        return runs
    joined = _sessions(query, runs) if len(begun) == most else ()
    return [part for start in joined for part in within(runs, start, start)]


def _notice(query: SlotQuery, stretch: Stretch, runs: Runs) -> Runs:
    """Have visits begin no sooner than the minimum notice allows, so never in the past."""
    earliest = query.now + query.service.min_notice
    return runs if earliest <= stretch.begin else within(runs, earliest, stretch.end)


def _horizon(query: SlotQuery, stretch: Stretch, runs: Runs) -> Runs:
    """Have visits begin no further ahead than bookings are taken."""
    latest = query.now + query.service.horizon
    return runs if stretch.end <= latest else within(runs, stretch.begin, latest)


def _booked(query: SlotQuery, _stretch: Stretch, runs: Runs) -> Runs:
    """Keep a visit from overlapping others; a session of its own group may be joined at its very start."""
    length, near = query.service.duration, _near(query, runs)
    if not near:
        return runs
    return outside(runs, _around(query, near, [(each[2] - length, each[3]) for each in near]))


def _full(query: SlotQuery, _stretch: Stretch, runs: Runs) -> Runs:
    """Keep a group's session to its seats: as many have to be left as are wanted."""
    capacity, wanted = query.service.capacity, query.places
    if not 1 <= wanted <= capacity:
        return []
    if capacity == 1:
        return runs
    seats: Counter[int] = Counter()
    for each in _near(query, runs):
        if each.service == query.service.id:
            seats[each.visit_start] += each.seats
    return outside(
        runs, [(start - 1, start + 1) for start in sorted(seats) if seats[start] + wanted > capacity]
    )


def _buffer(query: SlotQuery, _stretch: Stretch, runs: Runs) -> Runs:
    """Keep a visit with its buffers clear of every other with its own."""
    service, near = query.service, _near(query, runs)
    if not near:
        return runs
    lead, tail = service.duration + service.buffer_after, service.buffer_before
    return outside(runs, _around(query, near, [(each[0] - lead, each[1] + tail) for each in near]))


def _resource(query: SlotQuery, stretch: Stretch, runs: Runs) -> Runs:
    """Have a unit of all that the visit needs free as long as it takes; a group's session has its own."""
    if not query.needs:
        return runs
    service, needed = query.service, needed_at(query.needs, query.place_on(stretch.day))
    lead, tail = service.duration + service.buffer_after, service.buffer_before
    for each in needed or ():
        if runs and each.bounds is not None:
            runs = outside(runs, each.bounds.closed(stretch.day, query.zone, service.duration))
        if runs:
            taken = each.taken(lead, tail, runs[0].start, runs[-1].stop)
            runs = outside(runs, but(taken, _sessions(query, runs)) if taken else taken)
    return [] if needed is None else runs


def _sessions(query: SlotQuery, runs: Runs) -> Sequence[int]:
    """Return when sessions of the service's own group begin."""
    service = query.service
    if service.capacity == 1:
        return ()
    return sorted({each.visit_start for each in _near(query, runs) if each.service == service.id})


def _near(query: SlotQuery, runs: Runs) -> Sequence[Busy]:
    """Return what a visit at one of the starts might collide with."""
    service = query.service
    lead, tail = service.duration + service.buffer_after, service.buffer_before
    return query.calendar.between(runs[0].start - tail, runs[-1].stop + lead)


def _around(query: SlotQuery, near: Sequence[Busy], blocked: list[Blocked]) -> list[Blocked]:
    """Leave out of what collisions block the very starts of sessions of the service's own group."""
    if query.service.capacity > 1:
        sessions = [each.visit_start if each.service == query.service.id else None for each in near]
        blocked = [
            part
            for (after, before), start in zip(blocked, sessions, strict=True)
            for part in ([(after, before)] if start is None else [(after, start), (start, before)])
        ]
    return sorted(blocked)


def _overlapping(query: SlotQuery, start: int) -> Sequence[Busy]:
    end = start + query.service.duration
    return [each for each in query.calendar.between(start, end) if each[2] < end and each[3] > start]


def _too_near(query: SlotQuery, start: int) -> Sequence[Busy]:
    service = query.service
    begin, end = start - service.buffer_before, start + service.duration + service.buffer_after
    return [each for each in query.calendar.between(begin, end) if each[0] < end and each[1] > begin]


def _on_that_day(query: SlotQuery, start: int) -> Sequence[Busy]:
    return query.calendar.counted_on(day_of(start, query.zone), query.zone)


def _in_that_week(query: SlotQuery, start: int) -> Sequence[Busy]:
    monday = week_of(day_of(start, query.zone))[0]
    days = (monday + timedelta(days=number) for number in range(7))
    return [visit for day in days for visit in query.calendar.counted_on(day, query.zone)]


def _shared(query: SlotQuery) -> bool:
    return query.service.capacity > 1


RULES: tuple[Rule, ...] = (
    Rule(Reason.CLOSED, "the visit does not lie within opening hours from beginning to end", _closed),
    Rule(
        Reason.GRID,
        "it lies between two steps (the chat's own check meets this; a listing never does)",
        _grid,
        only_explains=True,
    ),
    Rule(Reason.OFFERED, "the visit does not lie within the service's own `hours`", _offered),
    Rule(
        Reason.DAY_FULL,
        "the specialist has as many visits on that day as `max_per_day` allows",
        _day_full,
        needs_lock=lambda query: query.specialist.max_per_day is not None,
        in_the_way=_on_that_day,
    ),
    Rule(
        Reason.WEEK_FULL,
        "the specialist has as many visits from that Monday to Sunday as `max_per_week` allows",
        _week_full,
        needs_lock=lambda query: query.specialist.max_per_week is not None,
        in_the_way=_in_that_week,
    ),
    Rule(Reason.NOTICE, "it is in the past, or sooner than the service's `min_notice`", _notice),
    Rule(Reason.HORIZON, "it is further ahead than the service's `horizon`", _horizon),
    Rule(
        Reason.BOOKED,
        "the visit overlaps another one, or a group's session with a different start",
        _booked,
        only_explains=True,
        in_the_way=_overlapping,
    ),
    Rule(
        Reason.FULL,
        "the group's session at this start has fewer places left than are wanted",
        _full,
        needs_lock=_shared,
        in_the_way=seated,
    ),
    Rule(
        Reason.BUFFER,
        "the visits are clear of each other, but a buffer of one reaches into the other",
        _buffer,
        in_the_way=_too_near,
    ),
    Rule(
        Reason.RESOURCE,
        "of something that the service's `resources` name no unit is free, open or at that place",
        _resource,
    ),
)
"""In the order in which reasons are given: where several rules refuse a start, the first of them says why."""
