"""Visits that move together move by as much on the clock of the wall."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from worker.shifting.rules import shift_between, shifted

BERLIN = ZoneInfo("Europe/Berlin")
FIRST = datetime(2026, 1, 1, 6, tzinfo=UTC)
MOMENTS = st.builds(
    lambda days, minutes: FIRST + timedelta(days=days, minutes=minutes),
    st.integers(0, 700),
    st.integers(0, 700),
)


@given(MOMENTS, MOMENTS, st.integers(0, 12))
def test_the_clock_shows_as_much_more(before: datetime, after: datetime, weeks: int) -> None:
    by = shift_between(before, after, BERLIN)
    assert shifted(before, by, BERLIN) == after
    later = shifted(before, timedelta(weeks=weeks), BERLIN)
    assert f"{later.astimezone(BERLIN):%H:%M}" == f"{before.astimezone(BERLIN):%H:%M}"
    moved = shifted(later, by, BERLIN)
    assert f"{moved.astimezone(BERLIN):%H:%M}" == f"{after.astimezone(BERLIN):%H:%M}"
    assert (moved.astimezone(BERLIN).date() - after.astimezone(BERLIN).date()).days == 7 * weeks
