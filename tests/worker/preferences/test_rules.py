"""When somebody is told what, over changes of the clock, too."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from worker.preferences.rules import TO_GET_READY, Preferences, next_at, quiet_until, told_at

ZONES = st.sampled_from([ZoneInfo(name) for name in ("Europe/Berlin", "America/New_York", "Asia/Kolkata")])
CHANGES = [datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)]
MOMENTS = st.builds(
    lambda change, minutes: change + timedelta(minutes=minutes),
    st.sampled_from([*CHANGES, datetime(2026, 3, 8, 7, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)]),
    st.integers(-2880, 2880),
)
HOURS = st.integers(0, 23).map(lambda hour: hour * 60)
QUIET = st.none() | st.tuples(HOURS, HOURS)


def minute_of(moment: datetime, zone: ZoneInfo) -> int:
    local = moment.astimezone(zone)
    return local.hour * 60 + local.minute


def is_quiet(moment: datetime, quiet: tuple[int, int], zone: ZoneInfo) -> bool:
    begin, end = quiet
    minute = minute_of(moment, zone)
    return begin <= minute < end if begin < end else begin != end and (minute >= begin or minute < end)


@given(MOMENTS, st.lists(HOURS, min_size=1, max_size=3, unique=True), ZONES)
def test_the_next_hour_is_the_first_that_the_clock_comes_to(
    moment: datetime, hours: list[int], zone: ZoneInfo
) -> None:
    found = next_at(moment, hours, zone)
    assert moment < found <= moment + timedelta(hours=25)
    shown = minute_of(found, zone)
    assert shown in hours or shown - 60 in hours  # the hour that the clock leaves out in spring


@given(MOMENTS, st.tuples(HOURS, HOURS), ZONES)
def test_quiet_hours_end_when_the_clock_says_so(
    moment: datetime, quiet: tuple[int, int], zone: ZoneInfo
) -> None:
    ends = quiet_until(moment, quiet, zone)
    assert moment <= ends <= moment + timedelta(hours=25)
    if ends == moment:
        return
    assert is_quiet(moment, quiet, zone) or minute_of(moment, zone) // 60 in {1, 2}  # read twice, or left out
    assert minute_of(ends, zone) in {quiet[1], quiet[1] + 60}


@given(MOMENTS, st.integers(-60, 4000), QUIET, st.lists(HOURS, max_size=3, unique=True), ZONES)
def test_news_are_told_in_time_and_never_twice_put_off(
    noticed: datetime, ahead: int, quiet: tuple[int, int] | None, digest: list[int], zone: ZoneInfo
) -> None:
    start, chosen = noticed + timedelta(minutes=ahead), Preferences(quiet=quiet, digest=digest)
    told = told_at(noticed, start, chosen, zone)
    assert told >= noticed
    if told > noticed:
        assert told <= start - TO_GET_READY or told.astimezone(zone).date() < start.astimezone(zone).date()
    if start.astimezone(zone).date() <= noticed.astimezone(zone).date() and quiet is None:
        assert told == noticed
    assert told_at(noticed, start, Preferences(), zone) == noticed
