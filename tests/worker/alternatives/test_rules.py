"""Who is offered what: nothing collides, and everybody gets one before anybody gets three."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import combinations, count, islice

from hypothesis import given
from hypothesis import strategies as st

from worker.alternatives.rules import (
    HALF_AN_HOUR,
    LONGEST,
    MOST_ALTERNATIVES,
    SHORTEST,
    FreeTime,
    Need,
    answer_by,
    assign,
    in_order,
    kept_until,
    packed,
)

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
HOUR = 3600


def candidate(specialist: int, start: int, length: int, group: int | None) -> FreeTime:
    """A time by the half hour; a session of a group has two seats, whoever asks, and its own length."""
    length = 2 if group is not None else length
    begin = start * HOUR // 2
    return FreeTime(specialist, begin, begin, begin + length * HOUR // 2, group, 1 if group is None else 2)


candidates = st.builds(
    candidate, st.integers(1, 3), st.integers(0, 8), st.integers(1, 3), st.sampled_from([None, None, 7])
)
needs = st.lists(st.tuples(st.integers(1, 4), st.lists(candidates, max_size=8, unique=True)), max_size=7).map(
    lambda drawn: [Need(number, customer, found) for number, (customer, found) in enumerate(drawn)]
)


@given(needs)
def test_nothing_that_is_given_collides(asked: list[Need]) -> None:
    given_ = assign(asked)
    assert given_.keys() == {need.booking_id for need in asked}
    everything = [each for found in given_.values() for each in found]
    assert not [pair for pair in combinations(everything, 2) if pair[0].overlaps(pair[1])]
    seats = Counter(each for each in everything if each.group is not None)
    assert all(count <= each.seats for each, count in seats.items())
    for need in asked:
        found = given_[need.booking_id]
        assert set(found) <= set(need.candidates)
        assert len(found) <= MOST_ALTERNATIVES
    for customer in {need.customer_id for need in asked}:
        starts = [
            each.start for need in asked if need.customer_id == customer for each in given_[need.booking_id]
        ]
        assert len(starts) == len(set(starts))


@given(needs)
def test_whoever_gets_less_finds_nothing_free_even_if_others_got_no_more_than_they_and_one(
    asked: list[Need],
) -> None:
    """Of what others have beyond one more than somebody has, nothing is what stands in somebody's way."""
    for most in range(1, MOST_ALTERNATIVES + 1):
        given_ = assign(asked, most)
        everything = [each for found in given_.values() for each in found]
        for need in asked:
            own = {
                each.start
                for other in asked
                if other.customer_id == need.customer_id
                for each in given_[other.booking_id]
            }
            if len(given_[need.booking_id]) < most:
                for each in need.candidates:
                    taken = sum(each.shares(other) for other in everything) >= each.seats
                    blocked = any(each.overlaps(other) for other in everything)
                    assert taken or blocked or each.start in own


def test_everybody_gets_one_before_anybody_gets_two() -> None:
    scarce = [candidate(1, start, 2, None) for start in (0, 2, 4)]
    asked = [Need(1, 1, scarce), Need(2, 2, scarce), Need(3, 3, scarce[:1])]
    assert {number: len(found) for number, found in assign(asked).items()} == {1: 1, 2: 1, 3: 1}
    assert assign(asked)[3] == scarce[:1], "who has least to choose from chooses first"


class Endless:
    """Times that never come to an end, from a start on: whoever wanted them all would wait for ever."""

    def __init__(self, first: int) -> None:
        self.first = first

    def __iter__(self) -> Iterator[FreeTime]:
        return (candidate(1, start, 1, None) for start in count(self.first))


def test_no_more_is_looked_at_than_is_given_out() -> None:
    """A shop of many has more times than anybody could look at while others wait."""
    asked = [Need(number, number, Endless(0)) for number in range(4)]
    few = Need(9, 9, [candidate(1, 0, 1, None)])
    given_ = assign([*asked, few])
    assert given_[9] == list(few.candidates), "who has least to choose from chooses first"
    assert [len(given_[number]) for number in range(4)] == [MOST_ALTERNATIVES] * 4


def test_the_nearest_of_the_day_and_the_same_specialist_later_come_by_turns() -> None:
    day, hour = 24 * HOUR, HOUR
    near, far = (FreeTime(2, 10 * hour + away, 0, 1) for away in (hour, 3 * hour))
    own, own_later = (FreeTime(1, days * day + 10 * hour, 0, 1) for days in (1, 2))
    other_later = FreeTime(2, day + 10 * hour, 0, 1)
    found = in_order(10 * hour, [far, near], [[own], [own_later]], [[other_later]], lambda start: start % day)
    assert list(found) == [near, own, far, own_later, other_later]


def test_the_same_hour_and_the_half_hours_of_all_days_come_before_what_is_odd() -> None:
    day, had = 24 * HOUR, 10 * HOUR + 600
    same, half, odd = had + day, 10 * HOUR + day, 10 * HOUR + 300 + day
    days = [[FreeTime(1, start + days * day, 0, 1) for start in (odd, half, same)] for days in range(2)]
    found = in_order(had, [], days, [], lambda start: start % day)
    assert [each.start for each in found] == [same, half, same + day, half + day, odd, odd + day]


def test_a_day_is_looked_at_when_somebody_asks_for_it() -> None:
    day = 24 * HOUR
    later = ([FreeTime(1, number * day, 0, 1)] for number in count(1))
    found = in_order(0, [], later, [], lambda start: start % day)
    assert [each.start for each in islice(found, 3)] == [day, 2 * day, 3 * day]


@given(st.sets(st.integers(0, 60)), st.integers(0, 2), st.integers(1, 5))
def test_packed_times_are_free_and_leave_no_room_between_them(
    free: set[int], before: int, after: int
) -> None:
    """By the ten minutes; every free time is one of them, or too near to one."""
    step = HALF_AN_HOUR // 3
    starts, busy = [each * step for each in sorted(free)], (before * step, after * step)
    chosen = packed(starts, busy)
    assert chosen == sorted(set(chosen))
    assert set(chosen) <= set(starts)
    for start in starts:
        assert any(abs(start - each) < sum(busy) for each in chosen)


@given(st.integers(-48, 24 * 40))
def test_customers_have_at_least_an_hour_and_at_most_half_a_day(hours: int) -> None:
    deadline = answer_by(NOW, NOW + timedelta(hours=hours))
    assert NOW + SHORTEST <= deadline <= NOW + LONGEST


def test_a_time_is_kept_to_its_notice_and_not_for_a_moment() -> None:
    deadline, notice = NOW + timedelta(hours=6), timedelta(hours=2)
    assert kept_until(deadline, NOW + timedelta(hours=5), notice, NOW) == NOW + timedelta(hours=3)
    assert kept_until(deadline, NOW + timedelta(days=5), notice, NOW) == deadline
    assert kept_until(deadline, NOW + timedelta(hours=2, minutes=10), notice, NOW) is None
