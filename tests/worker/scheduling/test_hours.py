from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.worker.scheduling.cases import opening
from tests.worker.scheduling.reference import Windows, is_open, ticks
from tests.worker.scheduling.zones import days, zones
from worker.scheduling.hours import WeeklyHours, open_intervals, openings
from worker.scheduling.wallclock import local

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = date(2026, 6, 1)
TUESDAY = date(2026, 6, 2)


def read(hours: WeeklyHours, first: date, last: date, zone: ZoneInfo = BERLIN) -> list[str]:
    return [
        f"{local(opens, zone):%a %H:%M}-{local(closes, zone):%a %H:%M}"
        for opens, closes in open_intervals(hours, first, last, zone)
    ]


def test_windows_that_touch_or_overlap_become_one() -> None:
    hours = WeeklyHours({0: ((780, 1080), (540, 780)), 1: ((600, 720), (660, 900), (960, 1020))})
    assert hours.windows(MONDAY) == ((540, 1080),)
    assert hours.windows(TUESDAY) == ((600, 900), (960, 1020))


def test_an_exception_replaces_the_hours_of_its_date() -> None:
    hours = WeeklyHours({0: ((540, 1080),), 1: ((540, 1080),)}, {MONDAY: (), TUESDAY: ((600, 720),)})
    assert read(hours, MONDAY, MONDAY + timedelta(days=7)) == ["Tue 10:00-Tue 12:00", "Mon 09:00-Mon 18:00"]


def test_an_evening_and_the_night_after_it_are_one_opening() -> None:
    hours = WeeklyHours({0: ((1320, 1440),), 1: ((0, 120),)})
    assert read(hours, MONDAY, TUESDAY) == ["Mon 22:00-Tue 02:00"]
    (evening,) = openings(hours, MONDAY, BERLIN, 7200)
    (night,) = openings(hours, TUESDAY, BERLIN, 7200)
    assert evening.until == night.until
    assert evening.anchor == night.anchor == evening.begin


def test_a_day_open_round_the_clock_counts_from_its_own_midnight() -> None:
    hours = WeeklyHours(dict.fromkeys(range(7), ((0, 1440),)))
    (shift,) = openings(hours, TUESDAY, BERLIN, 7200)
    assert f"{local(shift.anchor, BERLIN):%a %H:%M}" == "Tue 00:00"
    assert shift.until >= shift.closes + 7200


def test_a_window_within_the_skipped_hour_is_no_opening() -> None:
    hours = WeeklyHours({6: ((125, 175), (240, 300))})
    assert read(hours, date(2026, 3, 29), date(2026, 3, 29)) == ["Sun 04:00-Sun 05:00"]
    assert len(openings(hours, date(2026, 3, 29), BERLIN, 60)) == 1


def test_windows_on_both_sides_of_the_skipped_hour_touch() -> None:
    hours = WeeklyHours({6: ((60, 120), (180, 240))})
    assert read(hours, date(2026, 3, 29), date(2026, 3, 29)) == ["Sun 01:00-Sun 04:00"]
    before, after = openings(hours, date(2026, 3, 29), BERLIN, 60)
    assert before.until == after.until
    assert after.anchor == after.begin  # the later window still begins where its rule says


@pytest.mark.parametrize("window", [(600, 600), (700, 600), (-10, 60), (1400, 1441)])
def test_a_window_that_makes_no_sense_is_refused(window: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="outside its day or backwards"):
        WeeklyHours({0: (window,)})


@given(st.data())
def test_it_is_open_exactly_while_a_clock_that_never_goes_back_reads_an_open_minute(
    data: st.DataObject,
) -> None:
    zone = data.draw(zones)
    first = data.draw(days(zone))
    last = first + timedelta(days=data.draw(st.integers(0, 3)))
    hours = data.draw(opening(first))
    intervals = open_intervals(hours, first, last, zone)
    windows = Windows(hours)
    minutes = [minute for opens, closes in intervals for minute in range(opens, closes, 60)]
    assert minutes == [tick.at for tick in ticks(first, last, zone) if is_open(windows, tick.reading)]
    ends = [end for interval in intervals for end in interval]
    assert len(set(ends)) == len(ends)
    assert ends == sorted(ends)
