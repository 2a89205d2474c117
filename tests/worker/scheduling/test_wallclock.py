from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.worker.scheduling.reference import ticks
from tests.worker.scheduling.zones import ZONES, days, transition_days, zones
from worker.scheduling.wallclock import day_of, instant, local

BERLIN = ZoneInfo("Europe/Berlin")
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)


@pytest.mark.parametrize(
    ("day", "minute", "expected"),
    [
        (date(2026, 3, 28), 150, "2026-03-28T02:30:00+01:00"),
        (SPRING, 119, "2026-03-29T01:59:00+01:00"),
        (SPRING, 120, "2026-03-29T03:00:00+02:00"),  # 02:00 to 03:00 is left out that night
        (SPRING, 150, "2026-03-29T03:00:00+02:00"),
        (SPRING, 180, "2026-03-29T03:00:00+02:00"),
        (SPRING, 780, "2026-03-29T13:00:00+02:00"),
        (SPRING, 1440, "2026-03-30T00:00:00+02:00"),
        (AUTUMN, 119, "2026-10-25T01:59:00+02:00"),
        (AUTUMN, 150, "2026-10-25T02:30:00+02:00"),  # read twice; the first counts
        (AUTUMN, 180, "2026-10-25T03:00:00+01:00"),
        (AUTUMN, 780, "2026-10-25T13:00:00+01:00"),
    ],
)
def test_a_wall_clock_time_becomes_an_instant(day: date, minute: int, expected: str) -> None:
    assert local(instant(day, minute, BERLIN), BERLIN).isoformat() == expected


def test_half_an_hour_is_skipped_on_lord_howe() -> None:
    zone = ZoneInfo("Australia/Lord_Howe")
    starts = [local(instant(date(2026, 10, 4), minute, zone), zone) for minute in (119, 120, 149, 150)]
    assert [f"{start:%H:%M}" for start in starts] == ["01:59", "02:30", "02:30", "02:30"]


def test_a_date_that_was_left_out_has_no_length() -> None:
    zone = ZoneInfo("Pacific/Apia")
    skipped = date(2011, 12, 30)
    assert instant(skipped, 0, zone) == instant(skipped, 780, zone) == instant(skipped, 1440, zone)
    assert local(instant(skipped, 0, zone), zone).date() == date(2011, 12, 31)


def test_a_date_that_has_begun_goes_on_when_the_clock_is_set_back_over_midnight() -> None:
    zone = ZoneInfo("America/St_Johns")  # read 00:01 on 7 November 2010, then 23:01 on the 6th again
    again = instant(date(2010, 11, 7), 0, zone) + 1800
    assert f"{local(again, zone):%d %H:%M}" == "06 23:30"
    assert day_of(again, zone) == date(2010, 11, 7)


@given(st.data())
def test_it_is_the_first_minute_whose_reading_got_that_far(data: st.DataObject) -> None:
    zone = data.draw(zones)
    day = data.draw(days(zone))
    minute = data.draw(st.integers(0, 1440))
    wanted = datetime.combine(day, datetime.min.time()) + timedelta(minutes=minute)
    walked = ticks(day, day + timedelta(days=2), zone)
    assert instant(day, minute, zone) == next(tick.at for tick in walked if tick.reading >= wanted)


@given(st.data())
def test_a_time_that_exists_is_read_back(data: st.DataObject) -> None:
    zone = data.draw(zones)
    day = data.draw(days(zone))
    minute = data.draw(st.integers(0, 1439))
    wanted = datetime.combine(day, datetime.min.time(), zone) + timedelta(minutes=minute)
    exists = wanted.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == wanted.replace(tzinfo=None)
    reads = local(instant(day, minute, zone), zone)
    assert (reads.replace(tzinfo=None, fold=0) == wanted.replace(tzinfo=None)) == exists


@pytest.mark.parametrize("zone", ZONES, ids=str)
def test_the_times_of_neighbouring_days_never_go_back(zone: ZoneInfo) -> None:
    for change in transition_days(zone):
        around = [change + timedelta(days=number) for number in range(-2, 3)]
        found = [instant(day, minute, zone) for day in around for minute in range(0, 1441, 5)]
        assert found == sorted(found)


@given(st.data())
def test_the_dates_share_out_all_time(data: st.DataObject) -> None:
    zone = data.draw(zones)
    day = data.draw(days(zone))
    begin, end = instant(day, 0, zone), instant(day + timedelta(days=2), 1440, zone)
    moment = data.draw(st.integers(begin, end - 1))
    owner = day_of(moment, zone)
    assert instant(owner, 0, zone) <= moment < instant(owner, 1440, zone)
