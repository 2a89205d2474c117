"""What follows a visit: the engine against all combinations, written out, and examples of what it is for."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.worker.scheduling.cases import Case, cases
from tests.worker.scheduling.test_examples import BERLIN
from worker.scheduling.calendars import Busy, Calendar
from worker.scheduling.chains import MOST_WAITING, Chain, busy_from, waiting
from worker.scheduling.engine import check, days_with_slots, find_slots, why_closed
from worker.scheduling.hours import WeeklyHours
from worker.scheduling.query import ChainPart, ServicePolicy, SlotQuery, SpecialistPolicy
from worker.scheduling.resources import NeededResource
from worker.scheduling.rules import Reason
from worker.scheduling.wallclock import day_of, instant

MONDAY = date(2026, 11, 23)


def soonest(query: SlotQuery, done: Sequence[ChainPart]) -> int | None:
    """Walk through the minutes of waiting until the specialist can begin."""
    end = done[-1].end
    for start in range(end, end + MOST_WAITING + 1, 60):
        if is_free(query, start, done):
            return start
    return None


def is_free(query: SlotQuery, start: int, done: Sequence[ChainPart]) -> bool:
    before, mine = query.service.buffer_before, query.calendar.specialist
    if query.place_at(start) != done[0].query.place_at(done[0].start):
        return False
    taken = list(query.calendar.busy)
    for part in done:
        after = part.query.service.buffer_after
        if part.query.calendar.specialist == mine:
            if start - part.end < max(after, before):
                return False
            taken.append(Busy(part.start, min(part.end + after, start - before), part.start, part.end))
        elif {each.id for each in part.query.needs} & {
            each.id for each in query.needs
        } and start - part.end < after + before:
            return False
    fuller = replace(query, calendar=replace(query.calendar, busy=taken))
    return check(fuller, start) is None


def every(done: Sequence[ChainPart], parts: Sequence[Sequence[SlotQuery]]) -> Iterator[Sequence[ChainPart]]:
    """Yield what there is for each choice of specialists."""
    for chosen in product(*parts):
        plan = list(done)
        for query in chosen:
            start = soonest(query, plan)
            if start is None:
                break
            plan.append(ChainPart(query, start))
        else:
            yield plan


@st.composite
def chains(draw: st.DrawFn) -> tuple[Case, Chain]:
    """Draw up to three specialists with calendars of their own, and up to two services that follow."""
    case = draw(cases())
    short = replace(case.query.service, duration=60 * draw(st.integers(5, 60)), capacity=1)
    other = draw(cases())
    calendars = [case.query.calendar, replace(other.query.calendar, specialist=7)]
    first = replace(case.query, service=short)

    def part(number: int) -> list[SlotQuery]:
        service = replace(
            short,
            id=number,
            duration=60 * draw(st.integers(5, 60)),
            step=60 * draw(st.sampled_from((5, 15))),
            buffer_before=60 * draw(st.integers(0, 20)),
            buffer_after=60 * draw(st.integers(0, 20)),
        )
        who = draw(st.sampled_from((calendars, calendars[:1], calendars[1:], calendars[::-1])))
        return [replace(first, service=service, calendar=each) for each in who]

    return replace(case, query=first), Chain([part(50 + n) for n in range(draw(st.integers(1, 2)))])


@settings(max_examples=40)
@given(chains())
def test_of_all_that_is_possible_the_one_with_the_least_waiting_is_had(drawn: tuple[Case, Chain]) -> None:
    case, chain = drawn
    query = replace(case.query, then=chain)
    listed = set(find_slots(query, case.first, case.last).slots)
    for start in find_slots(case.query, case.first, case.last).slots[::5]:
        possible = list(every([ChainPart(query, start)], chain.parts))
        plan = chain.plan(query, start)
        assert (start in listed) is bool(possible)
        assert check(query, start) is (None if possible else Reason.BOOKED)
        if plan is not None:
            assert waiting(plan) == min(map(waiting, possible))
            starts = [[part.start for part in each] for each in possible if waiting(each) == waiting(plan)]
            assert [part.start for part in plan] == min(starts)
            assert plan == chain.plan(query, start)


def asked(
    number: int,
    minutes: int,
    who: int,
    *,
    before: int = 0,
    after: int = 0,
    busy: Sequence[Busy] = (),
    **more: object,
) -> SlotQuery:
    service = ServicePolicy(
        id=number,
        duration=minutes * 60,
        buffer_before=before * 60,
        buffer_after=after * 60,
        step=300,
        min_notice=0,
        horizon=10**10,
    )
    hours = WeeklyHours(dict.fromkeys(range(7), ((540, 720),)))
    found = SlotQuery(service=service, calendar=Calendar(who, hours, busy), zone=BERLIN, now=0)
    return replace(found, **more)  # type: ignore[arg-type]


def clock(plan: Sequence[ChainPart] | None) -> list[tuple[int, str]]:
    midnight = instant(MONDAY, 0, BERLIN)
    return [
        (each.specialist, f"{(each.start - midnight) // 3600}:{(each.start - midnight) // 60 % 60:02}")
        for each in plan or ()
    ]


def at(clock_time: str) -> int:
    hour, minute = map(int, clock_time.split(":"))
    return instant(MONDAY, hour * 60 + minute, BERLIN)


def visit(begins: str, ends: str) -> Busy:
    return Busy(at(begins), at(ends), at(begins), at(ends))


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([[asked(2, 30, 1, before=15)]], [(1, "9:00"), (1, "10:00")]),
        ([[asked(2, 30, 1, before=5)]], [(1, "9:00"), (1, "9:55")]),
        ([[asked(2, 30, 1), asked(2, 30, 2)]], [(1, "9:00"), (2, "9:45")]),
        ([[asked(2, 30, 2, busy=[visit("9:40", "10:15")])]], [(1, "9:00"), (2, "10:15")]),
        ([[asked(2, 30, 2, busy=[visit("9:40", "10:16")])]], []),
        ([[asked(2, 30, 2)], [asked(3, 30, 1)]], [(1, "9:00"), (2, "9:45"), (1, "10:15")]),
        ([[asked(2, 5, 2)], [asked(3, 30, 1, before=15)]], [(1, "9:00"), (2, "9:45"), (1, "10:00")]),
        ([[asked(2, 30, 1, specialist=SpecialistPolicy(max_per_day=1))]], []),
        ([[asked(2, 30, 2, before=5, needs=[NeededResource(9, "Chair", 1)])]], [(1, "9:00"), (2, "10:00")]),
    ],
)
def test_who_follows_when(parts: Sequence[Sequence[SlotQuery]], expected: Sequence[tuple[int, str]]) -> None:
    """A cut of 45 minutes with 10 behind it, at nine with specialist 1."""
    chain = Chain(parts)
    first = replace(asked(1, 45, 1, after=10, needs=[NeededResource(9, "Chair", 1)]), then=chain)
    plan = chain.plan(first, at("9:00"))
    assert clock(plan) == expected
    for number, part in enumerate(plan or ()):
        own = [each.busy_end for each in (plan or ())[:number] if each.specialist == part.specialist]
        assert max(own, default=0) <= busy_from(part, (plan or ())[:number]) <= part.start


def test_a_day_from_which_nothing_can_follow_has_no_start() -> None:
    nobody = asked(2, 30, 2, busy=[visit("0:00", "23:59")])
    query = replace(asked(1, 45, 1), then=Chain([[nobody]]))
    assert days_with_slots([query], MONDAY, MONDAY) == set()
    assert why_closed([query], MONDAY) is Reason.BOOKED
    tuesday = MONDAY + timedelta(days=1)
    assert days_with_slots([query], MONDAY, tuesday) == {tuesday}
    assert day_of(find_slots(query, MONDAY, tuesday).slots[0], BERLIN) == tuesday
