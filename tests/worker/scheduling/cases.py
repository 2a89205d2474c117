from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from tests.worker.scheduling.reference import REFERENCES, minutes
from tests.worker.scheduling.zones import days, zones
from worker.scheduling.bounds import Bounds
from worker.scheduling.calendars import Busy, Calendar
from worker.scheduling.engine import find_slots
from worker.scheduling.hours import Period, WeeklyHours, Window
from worker.scheduling.resources import NeededResource, Use, units_of
from worker.scheduling.rules import ServicePolicy, SlotQuery, SpecialistPolicy
from worker.scheduling.validity import MonthlyDay, Rhythm, Validity, YearDay
from worker.scheduling.wallclock import instant
from worker.scheduling.workplaces import Workplaces

SERVICE = 1
HERE, ELSEWHERE = 1, 2


@dataclass(frozen=True)
class Case:
    query: SlotQuery
    first: date
    last: date


def with_busy(query: SlotQuery, *more: Busy) -> SlotQuery:
    """Take more of the specialist's time."""
    return replace(query, calendar=replace(query.calendar, busy=[*query.calendar.busy, *more]))


def window(opens: int, length: int) -> Window:
    return opens, min(opens + length, 1440)


def week(some: Sequence[tuple[Window, ...]], closed: Sequence[int]) -> dict[int, tuple[Window, ...]]:
    """Share the windows out to the weekdays but those that are closed."""
    return {day: some[day % len(some)] for day in range(7) if day not in closed}


# Strategies are made once: made anew for each case they cost more than all that is drawn.
windows = st.lists(
    st.builds(
        window,
        st.sampled_from((0, 60, 90, 120, 135, 150, 180, 540, 780, 1320)) | st.integers(0, 1439),
        st.integers(1, 900) | st.just(1440),
    ),
    min_size=1,
    max_size=3,
).map(tuple)
weeks = st.builds(
    week, st.lists(windows, min_size=1, max_size=3), st.lists(st.integers(0, 6), unique=True, max_size=3)
)
VALIDITIES = (
    Validity(rhythm=Rhythm.of(2, date(2026, 1, 1))),
    Validity(rhythm=Rhythm.of(2, date(2026, 1, 8))),
    Validity(season=(YearDay(4, 1), YearDay(9, 30))),
    Validity(season=(YearDay(10, 1), YearDay(3, 29))),
    Validity(monthly=tuple(MonthlyDay(nth, weekday) for nth in (0, 2, 4) for weekday in range(7))),
)
"""Each names about half of all dates."""
periods = st.lists(
    st.builds(Period, st.sampled_from(VALIDITIES), weeks),
    max_size=2,
).map(tuple)
bounds = st.none() | st.builds(
    lambda weekly, others: Bounds(WeeklyHours(weekly, {}, others)),
    weeks,
    periods,
)
exceptions = st.dictionaries(st.integers(-1, 3), windows | st.just(()), max_size=1)


@st.composite
def opening(draw: st.DrawFn, first: date) -> WeeklyHours:
    dated = {first + timedelta(days=day): hours for day, hours in draw(exceptions).items()}
    return WeeklyHours(draw(weeks), dated, draw(periods))


known = REFERENCES.values()
services = st.fixed_dictionaries({name: each for rule in known for name, each in rule.service.items()})
specialists = st.fixed_dictionaries({name: each for rule in known for name, each in rule.specialist.items()})
places = st.sampled_from((1, 1, 1, 2, 3))


@st.composite
def queries(draw: st.DrawFn, hours: WeeklyHours, zone: ZoneInfo, now: int) -> SlotQuery:
    """Draw what the rules ask for, each with its own strategies."""
    return SlotQuery(
        service=ServicePolicy(id=SERVICE, **draw(services)),
        specialist=SpecialistPolicy(**draw(specialists)),
        calendar=Calendar(0, hours, (), Workplaces(default=HERE)),
        zone=zone,
        now=now,
        offered=draw(bounds),
        places=draw(places),
    )


def seconds(count: int) -> tuple[int, int]:
    return 0, count


counts = st.integers(1, 3)
where = st.sampled_from((None, None, HERE, HERE, ELSEWHERE))


@st.composite
def resources(draw: st.DrawFn, number: int, case: Case) -> NeededResource:
    """Draw a resource whose units others have now and then, most often at a time worth a booking."""
    count = draw(counts)
    service, units, near = case.query.service, units_of(number, count + 1), around(case)
    others = draw(st.lists(st.tuples(st.sampled_from(units), taken(service, near)), max_size=6))
    return NeededResource(
        number,
        "Chair",
        count,
        draw(where),
        draw(bounds),
        [Use(unit, each.busy_start, each.busy_end, 7, each.visit_start) for unit, each in others],
    )


shifts = st.sampled_from((*[(0, 0)] * 6, (1, 0), (-1, 0))) | st.integers(-9000, 9000).map(seconds)
lengths = st.sampled_from(((0, 900), (0, 3600), (1, 0))) | st.integers(1, 20_000).map(seconds)
"""Each is so many times the service's duration, and so many seconds."""
buffers_before, buffers_after = st.sampled_from((0, 600, 3601)), st.sampled_from((0, 900, 3601))
served = st.sampled_from((SERVICE, SERVICE, SERVICE, 2, None))


@st.composite
def taken(draw: st.DrawFn, service: ServicePolicy, starts: Sequence[int]) -> Busy:
    """Draw a visit, often at one of the starts, so that full sessions and touching ends do happen."""
    (apart, shift), (times, rest) = draw(shifts), draw(lengths)
    start = draw(st.sampled_from(starts)) + apart * service.duration + shift
    length = times * service.duration + rest
    before, after = draw(buffers_before), draw(buffers_after)
    return Busy(
        busy_start=start - before,
        busy_end=start + length + after,
        visit_start=start,
        visit_end=start + length,
        service=draw(served),
        seats=draw(counts),
    )


@st.composite
def cases(draw: st.DrawFn) -> Case:
    zone = draw(zones)
    first = draw(days(zone))
    last = first + timedelta(days=draw(st.integers(0, 2)))
    now = instant(first, 0, zone) + draw(minutes(-3000, 600) | st.integers(-100_000, 50_000))
    case = Case(draw(queries(draw(opening(first)), zone, now)), first, last)
    near = around(case)
    busy = draw(st.lists(taken(case.query.service, near), max_size=6))
    over = draw(st.lists(st.sampled_from(near), max_size=3))
    needs = [draw(resources(number, case)) for number in range(1, draw(st.sampled_from((1, 1, 2, 3))))]
    query = with_busy(case.query, *busy)
    return replace(case, query=replace(query, calendar=replace(query.calendar, over=over), needs=needs))


def around(case: Case) -> Sequence[int]:
    """Return starts worth a booking: the case's free ones, or any quarter of an hour of its dates."""
    begin, end = instant(case.first, 0, case.query.zone), instant(case.last, 1440, case.query.zone)
    return find_slots(case.query, case.first, case.last).slots or range(begin, end + 1, 900)
