"""Public holidays are proposed, with what is booked on them, and never applied."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.worker.business.test_apply import CLOCK, apply, book
from tests.worker.business.test_reader import BARBER
from worker.business import __main__ as command
from worker.business.holidays import DATA, UnknownHolidaysError, find_holidays, propose
from worker.business.reader import read_document
from worker.business.stored import ComingVisit
from worker.db.clock import DatabaseClock
from worker.db.engine import Sessions

BERLIN = ZoneInfo("Europe/Berlin")
CODES = [line.partition("\t")[0] for line in DATA.read_text().splitlines()]
NEW_YEAR = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)


def test_a_part_has_its_countrys_holidays_and_its_own() -> None:
    germany, berlin = find_holidays("DE", 2027), find_holidays("de-be", 2027)
    assert germany.items() < berlin.items()
    assert berlin.keys() - germany.keys() == {date(2027, 3, 8)}
    assert date(2027, 10, 3) in germany


def test_a_part_may_lack_a_holiday_of_its_country() -> None:
    assert find_holidays("AU", 2027).keys() - find_holidays("AU-ACT", 2027).keys() == {date(2027, 4, 25)}


@given(st.sampled_from(CODES))
def test_each_place_has_holidays_in_each_year_that_is_known(code: str) -> None:
    for year in range(2026, 2031):
        days = find_holidays(code, year)
        assert days
        assert list(days) == sorted(days)
        assert all(day.year == year and name for day, name in days.items())


@pytest.mark.parametrize(
    ("code", "year", "said"),
    [
        (
            "DE-XX",
            2027,
            "'DE-XX' is no place whose holidays are known; there is DE, DE-Augsburg, DE-BB, DE-BE",
        ),
        ("XDE", 2027, "there is .*DE"),
        ("Deutschland", 2027, "write a code such as DE or DE-BE"),
        ("DE", 2050, "The holidays of DE are known from 2026 to 2030"),
    ],
)
def test_what_is_not_known_is_refused_with_what_is(code: str, year: int, said: str) -> None:
    with pytest.raises(UnknownHolidaysError, match=said):
        find_holidays(code, year)


def test_the_proposal_can_be_pasted_and_names_what_is_booked() -> None:
    visit = ComingVisit(
        number=4, service_number=1, specialist_number=1, service="Haircut", specialist="Alice",
        customer="P", begins=NEW_YEAR, ends=NEW_YEAR + timedelta(hours=1),
    )  # fmt: skip
    lines = list(propose("DE-BE", 2027, NEW_YEAR, BERLIN, [visit]))
    assert lines[2] == "  - {date: 2027-01-01, hours: []} # New Year's Day"
    assert lines[3] == "  # booked: № 4, Haircut with Alice"
    pasted = "".join(f"    {line}\n" for line in lines)
    head = "business: {name: B, timezone: UTC, currency: EUR}\nspecialists:\n  - name: A\n"
    [alice] = read_document((head + pasted).encode(), "b.yaml").specialists
    assert [(each.date, each.hours) for each in alice.exceptions] == [
        (day, ()) for day in find_holidays("DE-BE", 2027)
    ]


def test_days_that_are_over_are_not_proposed() -> None:
    lines = list(propose("DE", 2027, datetime(2027, 12, 26, 12, tzinfo=UTC), BERLIN, []))
    assert lines[2:] == ["  - {date: 2027-12-26, hours: []} # Second Day of Christmas"]


async def test_the_command_writes_a_proposal_and_changes_nothing(
    sessions: Sessions,
    database_url: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await apply(sessions, BARBER)
    await book(sessions)
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setattr(DatabaseClock, "now", lambda _: CLOCK.now())
    assert await asyncio.to_thread(command.main, ["holidays", "JP"]) == 0
    out, _ = capsys.readouterr()
    thanksgiving = "  - {date: 2026-11-23, hours: []} # Labor Thanksgiving Day\n"
    assert f"{thanksgiving}  # booked: № 1, Haircut with Alice\n  # booked: № 2" in out
    assert (await apply(sessions, BARBER)).changes == []
    assert await asyncio.to_thread(command.main, ["holidays", "JP", "--year", "1900"]) == 1
    assert "The holidays of JP are known from 2026 to 2030" in capsys.readouterr().err
