from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.throttle import NOTICE_PAUSE, Throttle, Verdict
from tests.bot.kit import NOON
from tests.doubles import ManualClock

PER_SECOND = 3.0
waits = st.lists(st.floats(0, 2, allow_nan=False), min_size=1, max_size=60)


def verdicts(waited: list[float], burst: int) -> list[Verdict]:
    clock = ManualClock(NOON)
    throttle = Throttle(clock, burst=burst, per_second=PER_SECOND)
    heard = []
    for update_id, seconds in enumerate(waited):
        clock.advance(timedelta(seconds=seconds))
        heard.append(throttle.decide(7, update_id))
    return heard


@given(waited=waits, burst=st.integers(1, 12))
def test_nobody_gets_more_than_the_burst_and_the_rate(waited: list[float], burst: int) -> None:
    heard = verdicts(waited, burst)
    for first in range(len(waited)):
        passed = 0
        for last in range(first, len(waited)):
            passed += heard[last] is Verdict.PASS
            assert passed <= burst + sum(waited[first + 1 : last + 1]) * PER_SECOND + 1e-3


@given(
    waited=st.lists(st.floats(1 / PER_SECOND + 0.001, 5), min_size=1, max_size=60), burst=st.integers(1, 12)
)
def test_whoever_keeps_to_the_rate_always_passes(waited: list[float], burst: int) -> None:
    assert set(verdicts(waited, burst)) == {Verdict.PASS}


@given(waited=waits, burst=st.integers(1, 12))
def test_notices_are_a_pause_apart_and_come_first(waited: list[float], burst: int) -> None:
    heard = verdicts(waited, burst)
    at, told = timedelta(), None
    for seconds, verdict in zip(waited, heard, strict=True):
        at += timedelta(seconds=seconds)
        if verdict is Verdict.NOTICE:
            assert told is None or at - told >= NOTICE_PAUSE - timedelta(milliseconds=1)
            told = at
        if verdict is Verdict.SILENT:
            assert told is not None


def test_twenty_at_once_pass_ten_and_tell_one() -> None:
    heard = verdicts([0.0] * 20, burst=10)
    assert heard.count(Verdict.PASS) == 10
    assert heard.count(Verdict.NOTICE) == 1


def test_a_flood_gets_nothing_through_until_it_ends() -> None:
    burst, calm = 10, 1 / PER_SECOND + 0.01
    heard = verdicts([0.001] * 5000 + [calm] * 3, burst)
    assert heard[:burst] == [Verdict.PASS] * burst
    assert Verdict.PASS not in heard[burst:5000]
    assert heard[5000:] == [Verdict.PASS] * 3


def test_somebody_a_little_too_fast_gets_nearly_their_rate() -> None:
    heard = verdicts([1 / (2 * PER_SECOND)] * 600, burst=10)
    assert heard.count(Verdict.PASS) >= 0.8 * 600 / 2


def test_people_do_not_share() -> None:
    throttle = Throttle(ManualClock(NOON), burst=1, per_second=1)
    assert throttle.decide(1, 1) is Verdict.PASS
    assert throttle.decide(1, 2) is Verdict.NOTICE
    assert throttle.decide(2, 3) is Verdict.PASS


def test_a_repeat_gets_the_same_verdict_and_costs_nothing() -> None:
    throttle = Throttle(ManualClock(NOON), burst=2, per_second=1)
    assert [throttle.decide(1, 5) for _ in range(50)] == [Verdict.PASS] * 50
    assert throttle.decide(1, 6) is Verdict.PASS
    assert throttle.decide(1, 7) is Verdict.NOTICE
    assert throttle.decide(1, 7) is Verdict.SILENT


def test_memory_is_bounded_and_the_longest_gone_is_forgotten() -> None:
    throttle = Throttle(ManualClock(NOON), burst=1, per_second=1, people=3, updates=4)
    for person in (1, 2, 3, 1, 4):
        throttle.decide(person, person * 100 + len(throttle._verdicts))
    assert list(throttle._buckets) == [3, 1, 4]
    for update_id in range(1000):
        throttle.decide(update_id, update_id)
    assert (len(throttle._buckets), len(throttle._verdicts)) == (3, 4)


def test_a_clock_that_is_set_back_takes_nothing_away() -> None:
    clock = ManualClock(NOON)
    throttle = Throttle(clock, burst=2, per_second=1)
    throttle.decide(1, 1)
    clock.advance(timedelta(hours=-1))
    assert throttle.decide(1, 2) is Verdict.PASS
