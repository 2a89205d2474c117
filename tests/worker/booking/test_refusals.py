"""A refusal says why, in words of its own, and shows other times."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
from sqlalchemy import text

from shared.buttons import pack
from shared.contracts.booking import Book, Move, Moving, ShowDay, ShowSummary
from shared.i18n.translator import load_translators
from tests.worker.shop import BEN, NOW, at
from tests.worker.stage import Stage
from worker.booking import refusals
from worker.scheduling.calendars import Calendar
from worker.scheduling.engine import nearest
from worker.scheduling.hours import WeeklyHours
from worker.scheduling.repository import Schedule
from worker.scheduling.rules import Reason, ServicePolicy

HOUR = 3600
WEDNESDAY = date(2026, 11, 25)
OPEN = dict.fromkeys(range(5), ((540, 1080),))
LONGEST_TOAST = 200


@pytest.mark.parametrize(
    ("clock", "days", "words"),
    [
        ("08:00", 3, "outside the working hours"),
        ("10:01", 3, "do not begin at that time"),
        ("10:00", -1, "has passed"),
        ("10:00", 90, "too far ahead: visits can be booked until Thu, Jan 21"),
    ],
)
@pytest.mark.parametrize("confirmed", [True, False])
async def test_each_rule_has_its_words_and_shows_other_times(
    stage: Stage, clock: str, days: int, words: str, *, confirmed: bool
) -> None:
    book = stage.booking(clock, days)
    seen = ShowSummary(service_id=book.service_id, specialist_id=book.specialist_id, start=book.start)
    answer = await stage.tap(book if confirmed else seen)
    assert (words in str(answer.toast), answer.alert) == (True, True), answer.toast
    assert "taken" not in str(answer.toast)
    offered = [data for label, data in stage.buttons(answer.message).items() if data and label[0].isdigit()]
    assert offered
    assert await stage.shop.live() == []


@pytest_asyncio.fixture
async def away(stage: Stage) -> AsyncIterator[Stage]:
    """The shop on a Wednesday on which Alice is away."""
    alice = stage.shop.specialists["Alice"]
    async with stage.shop.sessions.begin() as session:
        await session.execute(
            text("INSERT INTO schedule_exception (specialist_id, day, minutes) VALUES (:who, :day, '{}')"),
            {"who": alice, "day": WEDNESDAY},
        )
    yield stage
    async with stage.shop.sessions.begin() as session:
        await session.execute(text("DELETE FROM schedule_exception"))


async def test_a_day_off_is_told_from_a_taken_time_and_other_days_are_shown(away: Stage) -> None:
    answer = await away.tap(away.booking("10:00"))
    assert answer.toast == "Alice is away on that day. Please choose another one."
    buttons = away.buttons(answer.message)
    assert (buttons.get("·25·"), "26" in buttons) == (None, True)
    anyone = await away.tap(away.booking("10:00", specialist=None))
    assert anyone.toast == "Booked!"  # Bob is there


async def test_the_last_time_of_a_day_leads_to_other_days(away: Stage) -> None:
    """What is refused for a day without any time shows the month."""
    move = await away.book("10:00", days=4)
    moving = Moving(booking_id=move, version=1)
    alice = away.shop.specialists["Alice"]
    answer = await away.tap(Move(moving=moving, specialist_id=alice, start=at("10:00")))
    assert "away on that day" in str(answer.toast)
    assert "26" in away.buttons(answer.message)


async def test_taken_is_said_only_of_what_is_taken(stage: Stage) -> None:
    await stage.book("10:00")
    await stage.meet(BEN)
    for clock in ("10:00", "10:50"):  # taken, and within another visit's buffer
        answer = await stage.tap(stage.booking(clock), BEN)
        assert "just been taken" in str(answer.toast)


def refusal(
    start: datetime, specialist: int | None = 1, exceptions: dict[date, tuple[()]] | None = None
) -> refusals.Refusal:
    policy = ServicePolicy(
        id=1,
        duration=HOUR,
        buffer_before=0,
        buffer_after=0,
        step=HOUR,
        min_notice=2 * HOUR,
        horizon=60 * 24 * HOUR,
    )
    hours = WeeklyHours(OPEN, exceptions or {})
    zone = ZoneInfo("Europe/Berlin")
    schedule = Schedule("Cut", policy, zone, [Calendar(1, hours, [])], {1: "Alice"})
    return refusals.Refusal(schedule, specialist, start, start.astimezone(zone).date(), NOW)


SATURDAY = datetime(2026, 11, 28, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("asked", "reason", "words"),
    [
        (refusal(NOW + timedelta(hours=1)), Reason.NOTICE, "at least 2 h ahead"),
        (refusal(SATURDAY), Reason.CLOSED, "Alice does not work on that day"),
        (refusal(SATURDAY, None), Reason.CLOSED, "We are closed on that day"),
        (refusal(at("10:00"), 1, {WEDNESDAY: ()}), Reason.CLOSED, "Alice is away on that day"),
        (refusal(at("20:00")), Reason.CLOSED, "outside the working hours"),
        (refusal(at("10:00")), Reason.FULL, "just been taken"),
    ],
)
def test_the_words_fit_the_case_in_every_language(
    asked: refusals.Refusal, reason: Reason, words: str
) -> None:
    translators = load_translators()
    said = {texts.language: refusals.explain(texts, asked, reason) for texts in translators.all()}
    assert words in said["en"]
    assert len(set(said.values())) == len(said)
    assert max(map(len, said.values())) <= LONGEST_TOAST


def test_of_several_specialists_the_one_who_came_nearest_says_why() -> None:
    assert nearest([Reason.BOOKED, Reason.CLOSED]) is Reason.BOOKED
    assert nearest([Reason.NOTICE, Reason.CLOSED]) is Reason.NOTICE
    assert nearest([]) is None


async def test_the_same_time_with_someone_else_is_a_clash_and_not_booked_already(stage: Stage) -> None:
    await stage.book("10:00", specialist="Alice")
    answer = await stage.tap(stage.booking("10:00", specialist="Bob"))
    assert answer.alert
    assert "with Alice. To go to someone else, cancel it first." in str(answer.toast)
    assert "Cut, Alice" in answer.text
    [visit] = await stage.shop.live()
    assert visit.specialist_id == stage.shop.specialists["Alice"]
    assert stage.figure("bellhop_bookings_total", outcome="conflict") == 1


async def test_back_from_a_summary_is_the_page_of_times_it_came_from(stage: Stage) -> None:
    wish = stage.booking("16:30")
    day = ShowDay(service_id=wish.service_id, specialist_id=wish.specialist_id, day=WEDNESDAY, page=1)
    times = stage.buttons((await stage.tap(day)).message)
    assert "16:30" in times
    summary = await stage.tap(
        ShowSummary(service_id=wish.service_id, specialist_id=wish.specialist_id, start=wish.start)
    )
    assert stage.buttons(summary.message)["« Back"] == pack(day)


async def test_what_is_not_offered_leads_to_the_menu_too(stage: Stage) -> None:
    answer = await stage.tap(Book(service_id=999, start=at("10:00")))
    assert set(stage.buttons(answer.message)) == {"Book a visit", "Menu"}
