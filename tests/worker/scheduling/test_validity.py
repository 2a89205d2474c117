"""On which dates other hours hold: against a slow calendar, and by example."""

from collections.abc import Iterator
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.worker.business.documents import validities
from worker.business.when import format_validity, parse_validity
from worker.scheduling.hours import Period, WeeklyHours, open_intervals
from worker.scheduling.periods import minutes_of_week, week_of_minutes
from worker.scheduling.validity import LAST, Rhythm, Validity, YearDay
from worker.scheduling.wallclock import local

A_DAY = timedelta(days=1)
BERLIN = ZoneInfo("Europe/Berlin")
MORNING, EVENING, NIGHT = ((540, 720),), ((1020, 1260),), ((0, 300),)


def dates(first: date, count: int) -> Iterator[date]:
    return (first + number * A_DAY for number in range(count))


def of_month(day: date) -> list[date]:
    """List the days of a date's month that share its weekday."""
    return [
        each
        for each in dates(day.replace(day=1), 31)
        if (each.month, each.weekday()) == (day.month, day.weekday())
    ]


def slowly(validity: Validity, day: date) -> bool:
    """Tell the obvious way whether a date is named: by walking, day by day and week by week."""
    if (validity.first and day < validity.first) or (validity.last and day > validity.last):
        return False
    if validity.season and (day.month, day.day) not in year_days(*validity.season):
        return False
    if validity.rhythm and day - day.weekday() * A_DAY not in weeks_around(validity.rhythm, day):
        return False
    same = of_month(day)
    places = {same.index(day) + 1} | ({LAST} if same[-1] == day else set())
    monthly = [each.weekday == day.weekday() and each.nth in places for each in validity.monthly]
    return not monthly or any(monthly)


def year_days(begins: YearDay, ends: YearDay) -> set[YearDay]:
    """List the days of a season, one after the other, from December on with January."""
    year = [YearDay(day.month, day.day) for day in dates(date(2000, 1, 1), 366)]
    walked = (year * 2)[year.index(begins) :]
    return set(walked[: walked.index(ends) + 1])


def weeks_around(rhythm: Rhythm, day: date) -> set[date]:
    """List the Mondays of the weeks in a rhythm, one after the other, as far as a date."""
    step = (1 if day >= rhythm.monday else -1) * rhythm.every * 7 * A_DAY
    walked, found = rhythm.monday, {rhythm.monday}
    while abs(day - walked) > rhythm.every * 7 * A_DAY:
        walked += step
        found.add(walked)
    return found | {walked + step}


@given(validities(), st.dates(date(2024, 1, 1), date(2032, 12, 31)))
def test_a_validity_names_the_dates_that_a_slow_calendar_names(validity: Validity, day: date) -> None:
    for each in dates(day, 15):
        assert validity.names(each) == slowly(validity, each)


@given(validities())
def test_what_is_written_and_kept_of_dates_is_read_again(validity: Validity) -> None:
    assert parse_validity(format_validity(validity)) == validity
    assert Validity.from_json(validity.as_json()) == validity


def named(when: str, first: date, count: int) -> list[str]:
    return [f"{day:%m-%d}" for day in dates(first, count) if parse_validity(when).names(day)]


def test_a_season_crosses_new_year() -> None:
    found = named("11-01 to 03-31", date(2026, 10, 30), 160)
    assert (found[0], found[-1], len(found)) == ("11-01", "03-31", 151)
    assert named("Nov to Mar", date(2026, 10, 30), 160) == found


def test_a_season_that_ends_on_the_last_of_february_does_so_in_every_year() -> None:
    assert named("Feb to Feb", date(2027, 2, 27), 3) == ["02-27", "02-28"]
    assert named("Feb to Feb", date(2028, 2, 27), 4) == ["02-27", "02-28", "02-29"]


@pytest.mark.parametrize("when", ["every 2 weeks from 2026-12-21", "every other week from 2026-12-24"])
def test_every_other_week_goes_on_over_a_year_of_53_weeks(when: str) -> None:
    mondays = [day for day in dates(date(2026, 12, 21), 36) if day.weekday() == 0]
    assert [day.isocalendar().week for day in mondays] == [52, 53, 1, 2, 3, 4]
    assert [parse_validity(when).names(day) for day in mondays] == [True, False] * 3
    assert parse_validity(when).names(date(2026, 12, 7))


def test_weekdays_are_counted_within_their_month() -> None:
    assert named("first mon", date(2026, 11, 30), 62) == ["12-07", "01-04"]
    assert named("last fri, 3rd Tuesday of the month", date(2026, 12, 1), 31) == ["12-15", "12-25"]
    assert named("fifth sun", date(2026, 11, 1), 90) == ["11-29"]


def test_all_that_is_said_has_to_name_a_date() -> None:
    assert named("every 2 weeks from 2026-12-28; 12-20 to 01-06", date(2026, 12, 14), 28) == [
        *("12-20", "12-28", "12-29", "12-30", "12-31", "01-01", "01-02", "01-03")
    ]


weekly = st.dictionaries(st.integers(0, 6), st.sampled_from([MORNING, EVENING, NIGHT]))
days = st.dates(date(2026, 1, 1), date(2028, 12, 31))


@given(
    weekly,
    st.lists(st.tuples(validities(), weekly), max_size=3),
    st.dictionaries(days, st.sampled_from([(), MORNING]), max_size=3),
    days,
)
def test_an_exception_goes_before_periods_the_first_of_them_before_others_and_all_before_the_week(
    week: dict[int, tuple[tuple[int, int], ...]],
    several: list[tuple[Validity, dict[int, tuple[tuple[int, int], ...]]]],
    exceptions: dict[date, tuple[tuple[int, int], ...]],
    first: date,
) -> None:
    hours = WeeklyHours(week, exceptions, tuple(Period(*each) for each in several))
    for day in (*dates(first, 10), *exceptions):
        wanted = week.get(day.weekday(), ())
        for validity, others in reversed(several):
            if slowly(validity, day):
                wanted = others.get(day.weekday(), ())
        assert hours.usual(day) == wanted
        assert hours.windows(day) == exceptions.get(day, wanted)


@given(
    st.dictionaries(
        st.integers(0, 6), st.sampled_from([MORNING, NIGHT, ((0, 1440),), ((60, 120), (1380, 1440))])
    )
)
def test_a_week_is_the_same_as_minutes_of_it(week: dict[int, tuple[tuple[int, int], ...]]) -> None:
    assert week_of_minutes(minutes_of_week(week)) == week


def test_hours_of_a_period_are_by_the_wall_clock_when_it_is_set() -> None:
    last_sundays = Period(parse_validity("last sun"), {6: ((60, 240),)})
    hours = WeeklyHours({}, {}, (last_sundays,))
    for day, length in ((date(2026, 3, 29), 2), (date(2026, 10, 25), 4), (date(2026, 11, 29), 3)):
        [(opens, closes)] = open_intervals(hours, day - 3 * A_DAY, day + 3 * A_DAY, BERLIN)
        assert (closes - opens) // 3600 == length
        assert f"{local(opens, BERLIN):%a %H:%M}" == "Sun 01:00"


def test_new_years_night_is_one_opening_where_the_next_year_begins_with_other_hours() -> None:
    week = {3: ((1200, 1440),), 4: ((0, 60),)}
    hours = WeeklyHours(week, {}, (Period(parse_validity("from 2027-01-01"), {4: ((0, 180),)}),))
    [(opens, closes)] = open_intervals(hours, date(2026, 12, 31), date(2027, 1, 1), BERLIN)
    assert (closes - opens) // 3600 == 4 + 3


@pytest.mark.parametrize(
    "when",
    [
        *(
            "",
            "winter",
            "13-01 to 02-01",
            "02-30 to 03-01",
            "2026-02-30 to 2026-03-01",
            "11-01",
            "2026-11-01",
        ),
        *("2027-01-01 to 2026-01-01", "until 2026-01-01; from 2026-02-01", "every 1 weeks from 2026-11-30"),
        *("every 53 weeks from 2026-11-30", "every 2 weeks", "sixth mon", "first month", "mon", "Ma to Jun"),
        *("11-01 to 03-31; 06-01 to 08-31", "first mon;", "every day from 2026-01-01"),
    ],
)
def test_what_names_no_dates_is_refused(when: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_validity(when)
