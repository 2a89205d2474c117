"""The dates of a series over changes of the clock, what is nearest, and what a table books."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from shared.contracts.series import ShowSeries
from tests.worker.scheduling.zones import days, zones
from worker.scheduling.wallclock import day_of, local
from worker.series.rules import (
    DateState,
    Found,
    RepeatDate,
    chosen,
    mark_of,
    nearest_to,
    repeat_dates,
    said_bits,
    series_table,
    switched,
)

BERLIN = ZoneInfo("Europe/Berlin")
DATES = [RepeatDate(date(2026, 12, 1) + timedelta(weeks=each), 1000 * each) for each in range(1, 5)]
FOUND = st.builds(
    Found, st.sampled_from([each for each in DateState if each is not DateState.LIMIT]), st.none()
) | st.builds(Found, st.sampled_from([DateState.TAKEN, DateState.OWN]), st.integers(10_000, 20_000))
BITS = st.integers(0, 15)


@given(st.data(), st.integers(1, 8), st.integers(1, 12))
def test_the_clock_shows_the_same_on_every_date(data: st.DataObject, weeks: int, count: int) -> None:
    zone = data.draw(zones)
    first = datetime.combine(data.draw(days(zone)), datetime.min.time(), UTC)
    at = int(first.timestamp()) + 60 * data.draw(st.integers(0, 1439))
    clock, day = local(at, zone), day_of(at, zone)
    found = repeat_dates(at, weeks, count, zone)
    assert [each.day for each in found] == [
        day + timedelta(weeks=weeks * step + weeks) for step in range(count)
    ]
    assert [each.start for each in found] == sorted({each.start for each in found})
    for each in found:
        shown = local(each.start, zone)
        assert (f"{shown:%H:%M}" == f"{clock:%H:%M}") or not each.is_on_clock


def test_three_stays_three_and_a_time_that_the_clock_leaves_out_is_no_time() -> None:
    at = int(datetime(2027, 3, 24, 14, tzinfo=UTC).timestamp())
    shown = [local(each.start, BERLIN).isoformat() for each in repeat_dates(at, 1, 2, BERLIN)]
    assert shown == ["2027-03-31T15:00:00+02:00", "2027-04-07T15:00:00+02:00"]
    night = int(datetime(2027, 3, 21, 1, 30, tzinfo=UTC).timestamp())
    assert [each.is_on_clock for each in repeat_dates(night, 1, 2, BERLIN)] == [False, True]


@given(st.integers(0, 100), st.lists(st.integers(0, 100)))
def test_the_nearest_is_as_near_as_any_and_the_earlier_of_two(wanted: int, starts: list[int]) -> None:
    found = nearest_to(wanted, starts)
    if found is None:
        assert not starts
        return
    assert found in starts
    assert all((abs(found - wanted), found) <= (abs(each - wanted), each) for each in starts)


@given(st.lists(FOUND, min_size=4, max_size=4), BITS, BITS, st.none() | st.integers(0, 5))
def test_a_table_books_what_is_free_or_wanted_and_no_more_than_there_is_room_for(
    found: list[Found], off: int, instead: int, room: int | None
) -> None:
    asked = ShowSeries(booking_id=1, weeks=1, count=4, off=off, instead=instead)
    by_day = dict(zip(DATES, found, strict=True))
    table = series_table(DATES, by_day.__getitem__, asked, room)
    booked = list(chosen(table))
    assert room is None or len(booked) <= room
    assert said_bits(table).bit_count() == len(booked)
    for place, (line, each) in enumerate(zip(table, found, strict=True)):
        free = each.state is DateState.FREE
        wanted = not off >> place & 1 if free else instead >> place & 1
        assert line.chosen in {None, line.date.start if free else each.nearest}
        assert line.chosen is None or wanted
        assert line.state in {each.state, DateState.LIMIT}
        tapped = switched(asked, place, line)
        if tapped is not None:
            again = series_table(DATES, by_day.__getitem__, tapped, None)
            was = series_table(DATES, by_day.__getitem__, asked, None)
            assert (again[place].chosen is None) != (was[place].chosen is None)
            assert mark_of(again) != mark_of(was)
