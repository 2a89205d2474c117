"""What is offered to choose from: the soonest times, the parts of a day, the pages of weeks."""

from datetime import UTC, date, datetime, timedelta
from itertools import count, islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.scheduling.parts import MANY, DayPart, fold, part_of
from worker.scheduling.soonest import spread
from worker.scheduling.weeks import DAYS_A_PAGE, Weeks

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = st.sampled_from([BERLIN, ZoneInfo("Asia/Kathmandu"), ZoneInfo("America/Los_Angeles")])
MONDAY = datetime(2026, 11, 30, tzinfo=BERLIN)


def instants(most: int) -> st.SearchStrategy[list[datetime]]:
    minutes = st.integers(0, 14 * 24 * 12).map(
        lambda step: MONDAY.astimezone(UTC) + timedelta(minutes=5 * step)
    )
    return st.lists(minutes, unique=True, max_size=most).map(sorted)


def clock(start: datetime) -> str:
    return f"{start.astimezone(BERLIN):%a %H:%M}"


def open_days(*hours: int) -> list[datetime]:
    """Return two weeks of starts at these hours."""
    return [MONDAY + timedelta(days=day, hours=hour) for day in range(14) for hour in hours]


@pytest.mark.parametrize(
    ("starts", "chosen"),
    [
        (open_days(9, 10, 13, 14, 18), ["Mon 09:00", "Mon 13:00", "Tue 09:00"]),
        (open_days(9, 10, 11), ["Mon 09:00", "Tue 09:00", "Wed 09:00"]),
        (open_days(18, 19), ["Mon 18:00", "Tue 18:00", "Wed 18:00"]),
        (open_days(9, 10)[:2], ["Mon 09:00", "Mon 10:00"]),
        (open_days(9, 10, 11, 13)[:4], ["Mon 09:00", "Mon 10:00", "Mon 13:00"]),
        ([], []),
    ],
)
def test_three_are_offered_that_are_not_next_to_each_other(starts: list[datetime], chosen: list[str]) -> None:
    assert [clock(start) for start in spread(starts, BERLIN)] == chosen


@given(instants(40), ZONES)
def test_the_soonest_is_offered_and_then_other_halves_of_days(starts: list[datetime], zone: ZoneInfo) -> None:
    offered = spread(starts, zone)
    assert len(offered) == min(3, len(starts))
    assert offered == sorted(set(offered))
    assert offered[:1] == starts[:1]
    days = [start.astimezone(zone).date() for start in offered]
    halves = {(start.astimezone(zone).date(), part_of(start, zone)) for start in offered}
    if len({start.astimezone(zone).date() for start in starts}) >= 3:
        assert len(halves) == 3
        assert max(days.count(day) for day in days) <= 2


def test_no_more_is_searched_than_it_takes() -> None:
    endless = (MONDAY + timedelta(hours=9 + 24 * day) for day in count())
    assert len(spread(endless, BERLIN)) == 3
    assert clock(next(endless)) == "Thu 09:00"


def test_many_times_are_folded_by_the_wall_clock() -> None:
    starts = [MONDAY + timedelta(minutes=30 * step) for step in range(18, 40)]
    held = fold(starts, BERLIN)
    assert [(part, clock(found[0]), clock(found[-1])) for part, found in held.items()] == [
        (DayPart.MORNING, "Mon 09:00", "Mon 11:30"),
        (DayPart.AFTERNOON, "Mon 12:00", "Mon 16:30"),
        (DayPart.EVENING, "Mon 17:00", "Mon 19:30"),
    ]


@given(instants(60), ZONES)
def test_a_fold_keeps_every_time_once_and_is_made_only_where_it_helps(
    starts: list[datetime], zone: ZoneInfo
) -> None:
    held = fold(starts, zone)
    if held:
        assert sorted(start for found in held.values() for start in found) == starts
        assert min(map(len, held.values())) >= 1
        assert len(held) > 1
    else:
        assert len(starts) <= MANY or len({part_of(start, zone) for start in starts}) == 1


@given(st.dates(date(2026, 1, 1), date(2030, 1, 1)), st.integers(-40, 400))
def test_every_day_is_on_one_page_of_whole_weeks_and_the_first_begins_with_this_week(
    today: date, ahead: int
) -> None:
    day = today + timedelta(days=ahead)
    page = Weeks.of(day, today)
    assert page.first <= day <= page.last
    assert page.first.weekday() == 0
    assert (page.first - Weeks.of(today, today).first).days % DAYS_A_PAGE == 0
    assert Weeks.of(today, today).first <= today < Weeks.of(today, today).first + timedelta(days=7)
    assert page.following == page.last + timedelta(days=1)
    assert Weeks.of(page.last, today) == page


@given(st.integers(-3, 50))
def test_the_rows_end_with_the_last_week_that_can_be_booked(ahead: int) -> None:
    today = MONDAY.date()
    rows = Weeks.of(today, today).rows(today + timedelta(days=ahead))
    days = [day for row in rows for day in row]
    assert days == list(islice((today + timedelta(days=number) for number in count()), 7 * len(rows)))
    assert len(rows) == min(5, max(0, ahead) // 7 + 1)
