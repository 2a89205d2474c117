import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.worker.business.documents import cursor, reread, weeks
from worker.business.document import SpecialistEntry
from worker.business.opening import Week, parse_weekdays, parse_window
from worker.business.values import TIME_ZONE, format_duration, parse_duration

WEEK = SpecialistEntry.specs["hours"].type


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("45m", 45), ("2h", 120), ("60d", 86_400), ("1h30m", 90), ("1w", 10_080), ("0m", 0), ("1d 2h", 1560)],
)
def test_durations_are_read(text: str, minutes: int) -> None:
    assert parse_duration(text) == minutes


@pytest.mark.parametrize(
    "text", ["", "45", "45 minutes", "-5m", "1.5h", "30m1h", "٣m", "9" * 30 + "m", "0:45"]
)
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a duration"):
        parse_duration(text)


@given(st.integers(0, 1_000_000))
def test_a_written_duration_is_read_back(minutes: int) -> None:
    assert parse_duration(format_duration(minutes)) == minutes


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("mon-fri", [0, 1, 2, 3, 4]),
        ("sat", [5]),
        ("mon,wed", [0, 2]),
        ("sun-thu", [6, 0, 1, 2, 3]),
        ("Monday, fri - sun", [0, 4, 5, 6]),
        ("Mo-Fr", [0, 1, 2, 3, 4]),
        ("SATURDAY", [5]),
        ("Tues., Thurs.", [1, 3]),
        ("we\u2011fr", [2, 3, 4]),
        ("Fr–Mo", [4, 5, 6, 0]),
    ],
)
def test_weekdays_are_read(text: str, days: list[int]) -> None:
    assert parse_weekdays(text) == days


@pytest.mark.parametrize(
    "text", ["", "m", "Di", "PH", "mondays", "mon-", "-fri", "mon-fri-sun", "mon,mon", "mon-wed,tue", "1"]
)
def test_what_is_no_weekday_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a weekday|names a day twice"):
        parse_weekdays(text)


@pytest.mark.parametrize(
    ("text", "window"),
    [
        ("09:00-13:00", (540, 780)),
        ("9:00 - 24:00", (540, 1440)),
        ("00:00–00:01", (0, 1)),
        ("9-18", (540, 1080)),
        ("9.30—18", (570, 1080)),
        ("09:00-00:00", (540, 1440)),
        ("22:00-02:00", (1320, 1560)),
    ],
)
def test_windows_are_read(text: str, window: tuple[int, int]) -> None:
    assert parse_window(text) == window


@pytest.mark.parametrize(
    "text",
    [
        "",
        "9",
        "9-",
        "9am-5pm",
        "09:00",
        "09:60-10:00",
        "09:00-09:00",
        "00:00-00:00",
        "24:00-24:00",
        "09:00-24:01",
    ],
)
def test_what_is_no_window_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_window(text)


@pytest.mark.parametrize(
    ("text", "meant"),
    [("Berlin", "Europe/Berlin"), ("new york", "America/New_York"), ("Europe/Pariss", "Europe/Paris")],
)
def test_the_zone_of_a_city_is_suggested(text: str, meant: str) -> None:
    with pytest.raises(ValueError, match=f"'{text}' is not a time zone; did you mean {meant}?"):
        TIME_ZONE.read(cursor(text))


def test_windows_that_touch_become_one_and_days_without_any_go() -> None:
    assert WEEK.read(cursor("{mon: [10:00-12:00, 09:00-10:00], tue: []}")) == {0: ((540, 720),)}


@given(weeks)
def test_a_folded_week_is_read_back(week: Week) -> None:
    assert reread(WEEK, week) == week
