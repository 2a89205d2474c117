from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.throttle import NOTICE_PAUSE, Admission, Throttle
from tests.bot.kit import NOON
from tests.doubles import ManualClock

PER_SECOND = 3.0
waits = st.lists(st.floats(0, 2, allow_nan=False), min_size=1, max_size=60)


def admissions(waited: list[float], burst: int) -> list[Admission]:
    clock = ManualClock(NOON)
    throttle = Throttle(clock, burst=burst, per_second=PER_SECOND)
    heard = []
    for update_id, seconds in enumerate(waited):
        clock.advance(timedelta(seconds=seconds))
        heard.append(throttle.decide(7, update_id))
    return heard


@given(waited=waits, burst=st.integers(1, 12))
def test_nobody_gets_more_than_the_burst_and_the_rate(waited: list[float], burst: int) -> None:
    heard = admissions(waited, burst)
    for first in range(len(waited)):
        passed = 0
        for last in range(first, len(waited)):
            passed += heard[last] is Admission.PASS
            assert passed <= burst + sum(waited[first + 1 : last + 1]) * PER_SECOND + 1e-3


@given(
    waited=st.lists(st.floats(1 / PER_SECOND + 0.001, 5), min_size=1, max_size=60), burst=st.integers(1, 12)
)
def test_whoever_keeps_to_the_rate_always_passes(waited: list[float], burst: int) -> None:
    assert set(admissions(waited, burst)) == {Admission.PASS}


@given(waited=waits, burst=st.integers(1, 12))
def test_notices_are_a_pause_apart_and_come_first(waited: list[float], burst: int) -> None:
    heard = admissions(waited, burst)
    at, told = timedelta(), None
    for seconds, admission in zip(waited, heard, strict=True):
        at += timedelta(seconds=seconds)
        if admission is Admission.NOTICE:
            assert told is None or at - told >= NOTICE_PAUSE - timedelta(milliseconds=1)
            told = at
        if admission is Admission.SILENT:
            assert told is not None


def test_twenty_at_once_pass_ten_and_tell_one() -> None:
    heard = admissions([0.0] * 20, burst=10)
    assert heard.count(Admission.PASS) == 10
    assert heard.count(Admission.NOTICE) == 1


def test_a_flood_gets_nothing_through_until_it_ends() -> None:
    burst, calm = 10, 1 / PER_SECOND + 0.01
    heard = admissions([0.001] * 5000 + [calm] * 3, burst)
    assert heard[:burst] == [Admission.PASS] * burst
    assert Admission.PASS not in heard[burst:5000]
    assert heard[5000:] == [Admission.PASS] * 3


def test_somebody_a_little_too_fast_gets_nearly_their_rate() -> None:
    heard = admissions([1 / (2 * PER_SECOND)] * 600, burst=10)
    assert heard.count(Admission.PASS) >= 0.8 * 600 / 2


def test_people_do_not_share() -> None:
    throttle = Throttle(ManualClock(NOON), burst=1, per_second=1)
    assert throttle.decide(1, 1) is Admission.PASS
    assert throttle.decide(1, 2) is Admission.NOTICE
    assert throttle.decide(2, 3) is Admission.PASS


def test_a_repeat_gets_the_same_verdict_and_costs_nothing() -> None:
    throttle = Throttle(ManualClock(NOON), burst=2, per_second=1)
    assert [throttle.decide(1, 5) for _ in range(50)] == [Admission.PASS] * 50
    assert throttle.decide(1, 6) is Admission.PASS
    assert throttle.decide(1, 7) is Admission.NOTICE
    assert throttle.decide(1, 7) is Admission.SILENT


def test_memory_is_bounded_and_the_longest_gone_is_forgotten() -> None:
    throttle = Throttle(ManualClock(NOON), burst=1, per_second=1, people=3, updates=4)
    for person in (1, 2, 3, 1, 4):
        throttle.decide(person, person * 100 + len(throttle._admissions))
    assert list(throttle._buckets) == [3, 1, 4]
    for update_id in range(1000):
        throttle.decide(update_id, update_id)
    assert (len(throttle._buckets), len(throttle._admissions)) == (3, 4)


def test_a_clock_that_is_set_back_takes_nothing_away() -> None:
    clock = ManualClock(NOON)
    throttle = Throttle(clock, burst=2, per_second=1)
    throttle.decide(1, 1)
    clock.advance(timedelta(hours=-1))
    assert throttle.decide(1, 2) is Admission.PASS
