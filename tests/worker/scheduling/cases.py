from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from tests.worker.scheduling.zones import days, zones
from worker.scheduling.agenda import Busy, Calendar
from worker.scheduling.engine import find_slots
from worker.scheduling.hours import WeeklyHours, Window
from worker.scheduling.rule import ServiceRule
from worker.scheduling.wallclock import instant

SERVICE = 1


@dataclass(frozen=True)
class Case:
    rule: ServiceRule
    calendar: Calendar
    first: date
    last: date
    zone: ZoneInfo
    now: int


def minutes(low: int, high: int) -> st.SearchStrategy[int]:
    """Draw seconds that are whole minutes."""
    return st.integers(low, high).map(lambda minute: minute * 60)


@st.composite
def window(draw: st.DrawFn) -> Window:
    opens = draw(st.sampled_from((0, 60, 90, 120, 135, 150, 180, 540, 780, 1320)) | st.integers(0, 1439))
    length = draw(st.integers(1, 900) | st.just(1440))
    return opens, min(opens + length, 1440)


windows = st.lists(window(), min_size=1, max_size=3).map(tuple)


@st.composite
def opening(draw: st.DrawFn, first: date) -> WeeklyHours:
    exception = first + timedelta(days=draw(st.integers(-1, 3)))
    return WeeklyHours(
        draw(st.dictionaries(st.integers(0, 6), windows, min_size=4)),
        draw(st.dictionaries(st.just(exception), windows | st.just(()))),
    )


@st.composite
def rules(draw: st.DrawFn) -> ServiceRule:
    return ServiceRule(
        service=SERVICE,
        duration=draw(minutes(1, 90) | minutes(1, 240) | minutes(1, 2000)),
        buffer_before=draw(minutes(0, 30)),
        buffer_after=draw(minutes(0, 30)),
        step=draw(st.sampled_from((900, 1800, 3600)) | minutes(5, 200)),
        min_notice=draw(minutes(0, 600)),
        horizon=draw(minutes(3000, 9000)),
        capacity=draw(st.sampled_from((1, 2, 3))),
    )


@st.composite
def taken(draw: st.DrawFn, rule: ServiceRule, starts: Sequence[int]) -> Busy:
    """Draw a visit, often at one of the starts, so that full sessions and touching ends do happen."""
    near = draw(st.sampled_from(starts))
    start = near + draw(st.sampled_from((0, 0, 0, rule.duration, -rule.duration)) | st.integers(-9000, 9000))
    length = draw(st.sampled_from((900, 3600, rule.duration)) | st.integers(1, 20_000))
    before, after = draw(st.sampled_from((0, 600, 3601))), draw(st.sampled_from((0, 900, 3601)))
    service = draw(st.sampled_from((SERVICE, SERVICE, 2, None)))
    return Busy(
        start - before, start + length + after, start, start + length, service, draw(st.integers(1, 3))
    )


@st.composite
def cases(draw: st.DrawFn) -> Case:
    zone = draw(zones)
    first = draw(days(zone))
    last = first + timedelta(days=draw(st.integers(0, 2)))
    now = instant(first, 0, zone) + draw(minutes(-3000, 600) | st.integers(-100_000, 50_000))
    case = Case(draw(rules()), Calendar(0, draw(opening(first)), ()), first, last, zone, now)
    busy = draw(st.lists(taken(case.rule, around(case)), max_size=6))
    return replace(case, calendar=replace(case.calendar, busy=busy))


def around(case: Case) -> Sequence[int]:
    """Return starts worth a booking: the case's free ones, or any quarter of an hour of its dates."""
    free = find_slots(case.rule, case.calendar, case.first, case.last, case.zone, case.now).slots
    return free or range(instant(case.first, 0, case.zone), instant(case.last, 1440, case.zone) + 1, 900)
