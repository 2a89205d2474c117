"""A refusal says why, in words of its own, and shows other times."""

from collections.abc import AsyncIterator, Callable, Collection
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
from sqlalchemy import insert, text
from sqlalchemy.dialects.postgresql import Range

from shared.buttons import unpack
from shared.contracts.booking import Book, Move, Moving, ShowDay, ShowMonth, ShowSoonest, ShowSummary
from shared.i18n.translator import Translator, load_translators
from tests.worker.shop import BEN, NOW, at
from tests.worker.stage import Stage
from worker.business.when import parse_validity
from worker.db.models.booking import Booking
from worker.scheduling import refusals
from worker.scheduling.bounds import Bounds
from worker.scheduling.calendars import Calendar
from worker.scheduling.engine import nearest
from worker.scheduling.hours import Period, WeeklyHours
from worker.scheduling.parts import DayPart
from worker.scheduling.periods import bounds_of
from worker.scheduling.repository import Schedule
from worker.scheduling.rules import Reason, ServicePolicy, SpecialistPolicy

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
            text(
                "INSERT INTO schedule_exception (business_id, specialist_id, day, minutes)"
                " VALUES (1, :who, :day, '{}')"
            ),
            {"who": alice, "day": WEDNESDAY},
        )
    yield stage
    async with stage.shop.sessions.begin() as session:
        await session.execute(text("DELETE FROM schedule_exception"))


async def test_a_day_off_is_told_from_a_taken_time_and_other_days_are_shown(away: Stage) -> None:
    answer = await away.tap(away.booking("10:00"))
    assert answer.toast == "Alice is away on that day. Please choose another one."
    buttons = away.buttons(answer.message)
    assert ("·25·" in buttons, "26" in buttons) == (True, True)
    anyone = await away.tap(away.booking("10:00", specialist=None))
    assert anyone.toast == "Booked!"  # Bob is there


async def test_the_last_time_of_a_day_leads_to_other_days(away: Stage) -> None:
    """What is refused for a day without any time shows the days around it."""
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


def inquiry(
    day: date,
    specialist: int | None = 1,
    *,
    off: Collection[date] = (),
    notice: int = 2 * HOUR,
    closed: str = "",
) -> refusals.Inquiry:
    """Ask at NOW, a Sunday, for a day with Alice, who works on weekdays, but for when she does not."""
    policy = ServicePolicy(
        id=1,
        duration=HOUR,
        buffer_before=0,
        buffer_after=0,
        step=HOUR,
        min_notice=notice,
        horizon=60 * 24 * HOUR,
    )
    periods = (Period(parse_validity(closed), {5: ((540, 720),)}),) if closed else ()
    hours = WeeklyHours(OPEN, dict.fromkeys(off, ()), periods)
    schedule = Schedule(
        "Cut",
        policy,
        ZoneInfo("Europe/Berlin"),
        [Calendar(1, hours, [])],
        {1: "Alice"},
        {1: SpecialistPolicy()},
        {1: policy},
    )
    return refusals.Inquiry(schedule, specialist, day, NOW)


SATURDAY = date(2026, 11, 28)
WINTER, THIS_WEEK = "11-01 to 03-31", "every 2 weeks from 2026-11-23"


@pytest.mark.parametrize(
    ("asked", "start", "reason", "words"),
    [
        (inquiry(NOW.date()), NOW + timedelta(hours=1), Reason.NOTICE, "at least 2 h ahead"),
        (inquiry(NOW.date()), NOW, Reason.NOTICE, "has passed"),
        (inquiry(SATURDAY), at("10:00", 6), Reason.CLOSED, "Alice does not work on that day"),
        (inquiry(SATURDAY, None), at("10:00", 6), Reason.CLOSED, "We are closed on that day"),
        (inquiry(WEDNESDAY, off=[WEDNESDAY]), at("10:00"), Reason.CLOSED, "Alice is away on that day"),
        (inquiry(WEDNESDAY), at("20:00"), Reason.CLOSED, "outside the working hours"),
        (inquiry(WEDNESDAY), at("10:10"), Reason.GRID, "do not begin at that time"),
        (inquiry(date(2027, 3, 1)), at("10:00", 99), Reason.HORIZON, "until Thu, Jan 21"),
        (inquiry(WEDNESDAY), at("10:00"), Reason.BOOKED, "just been taken"),
        (inquiry(WEDNESDAY), at("10:00"), Reason.FULL, "just been taken"),
        (inquiry(WEDNESDAY), at("10:00"), Reason.BUFFER, "just been taken"),
    ],
)
def test_the_words_fit_the_case_in_every_language(
    asked: refusals.Inquiry, start: datetime, reason: Reason, words: str
) -> None:
    fits(words, lambda texts: refusals.explain(texts, asked, start, reason))


@pytest.mark.parametrize(
    ("asked", "reason", "words"),
    [
        (inquiry(NOW.date() - timedelta(days=1)), Reason.CLOSED, "That day has passed"),
        (inquiry(NOW.date(), None), Reason.CLOSED, "Closed on Sundays"),
        (inquiry(WEDNESDAY, None, off=[WEDNESDAY]), Reason.CLOSED, "Closed on that day"),
        (inquiry(SATURDAY), Reason.CLOSED, "Alice does not work on that day"),
        (inquiry(WEDNESDAY, None, closed=WINTER), Reason.CLOSED, "Closed: Nov 1 – Mar 31 every year"),
        (inquiry(WEDNESDAY, closed=WINTER), Reason.CLOSED, "Alice does not work then: Nov 1 – Mar 31 every"),
        (inquiry(WEDNESDAY, closed=WINTER, off=[WEDNESDAY]), Reason.CLOSED, "Alice does not work then: Nov"),
        (inquiry(WEDNESDAY, None, closed=THIS_WEEK), Reason.CLOSED, "Closed on that day in that week"),
        (inquiry(WEDNESDAY, closed=THIS_WEEK), Reason.CLOSED, "Alice does not work on that day in that week"),
        (inquiry(WEDNESDAY, None, closed="fourth wed"), Reason.CLOSED, "Closed on that day"),
        (inquiry(WEDNESDAY, closed="fourth wed"), Reason.CLOSED, "Alice does not work on that day"),
        (inquiry(SATURDAY, None, closed="first sat"), Reason.CLOSED, "Closed on that day"),
        (inquiry(WEDNESDAY, off=[WEDNESDAY]), Reason.CLOSED, "Alice is away on that day"),
        (inquiry(WEDNESDAY), Reason.CLOSED, "Too little of that day is open for this visit"),
        (inquiry(WEDNESDAY), Reason.GRID, "Too little of that day is open for this visit"),
        (inquiry(WEDNESDAY), Reason.NOTICE, "Can be booked from 2 h ahead"),
        (inquiry(WEDNESDAY, notice=0), Reason.NOTICE, "The times of that day have passed"),
        (inquiry(WEDNESDAY), Reason.HORIZON, "Can be booked until Thu, Jan 21"),
        (inquiry(WEDNESDAY), Reason.BOOKED, "Fully booked"),
        (inquiry(WEDNESDAY), Reason.FULL, "Fully booked"),
        (inquiry(WEDNESDAY), Reason.BUFFER, "Fully booked"),
    ],
)
def test_a_day_says_in_every_language_why_it_has_no_time(
    asked: refusals.Inquiry, reason: Reason, words: str
) -> None:
    fits(words, lambda texts: refusals.explain_day(texts, asked, reason))


@pytest.mark.parametrize(
    ("asked", "bounds", "reason", "words"),
    [
        (
            inquiry(WEDNESDAY, closed=WINTER),
            "",
            Reason.CLOSED,
            "by the hours of a period: Nov 1 – Mar 31 every",
        ),
        (
            inquiry(SATURDAY, closed="last sat"),
            "",
            Reason.CLOSED,
            "works 09:00–12:00 then (last Saturday of the",
        ),
        (inquiry(WEDNESDAY, closed=WINTER, off=[WEDNESDAY]), "", Reason.CLOSED, "by an exception"),
        (
            inquiry(WEDNESDAY),
            "until 2026-11-30",
            Reason.OFFERED,
            "not offered on this date: until Nov 30, 2026",
        ),
        (inquiry(SATURDAY), "from 2026-11-02", Reason.OFFERED, "offered 09:00–12:00 on this date: from Nov"),
        (
            inquiry(WEDNESDAY),
            "every 2 weeks from 2026-11-23",
            Reason.OFFERED,
            "every other week, counted from Nov",
        ),
        (
            inquiry(WEDNESDAY),
            "every 3 weeks from 2026-11-23",
            Reason.OFFERED,
            "every 3 weeks, counted from Nov",
        ),
    ],
)
def test_staff_read_in_every_language_which_period_refuses_a_time(
    asked: refusals.Inquiry, bounds: str, reason: Reason, words: str
) -> None:
    [query] = asked.queries
    if bounds:
        hours = bounds_of({}, [Period(parse_validity(bounds), {5: ((540, 720),)})])
        query = replace(query, offered=Bounds(hours))
    start = int(datetime.combine(asked.day, time(10), query.zone).timestamp())
    every = load_translators().all()
    said = {texts.language: refusals.explain_rule(texts, query, start, reason) for texts in every}
    assert words in said["en"]
    assert len(set(said.values())) == len(said)


def fits(words: str, say: Callable[[Translator], str]) -> None:
    """Hold what is said against the English words, and each language to words of its own."""
    said = {texts.language: say(texts) for texts in load_translators().all()}
    assert words in said["en"]
    assert len(set(said.values())) == len(said)
    assert max(map(len, said.values())) <= LONGEST_TOAST


async def weeks(stage: Stage, day: date = WEDNESDAY) -> int:
    """Have five weeks of Alice's shown; return the message."""
    wish = stage.booking()
    asked = ShowMonth(service_id=wish.service_id, specialist_id=wish.specialist_id, month=day)
    return (await stage.tap(asked)).message


async def said(stage: Stage, message: int, button: str) -> str | None:
    """Tap a button that leaves its message as it is; return what it answers."""
    before = stage.buttons(message)
    answer = await stage.tap(unpack(str(before[button])), message=message)
    assert stage.buttons(message) == before
    assert not answer.alert
    return answer.toast


async def test_a_day_that_cannot_be_had_answers_with_its_reason_and_the_weeks_stay(away: Stage) -> None:
    shown = await weeks(away)
    assert await said(away, shown, "·21·") == "That day has passed"
    assert await said(away, shown, "·25·") == "Alice is away on that day"
    assert (
        await said(away, await weeks(away, date(2027, 1, 1)), "·22·")
        == "Can be booked until Thu, Jan 21, 2027"
    )


async def test_a_day_that_is_taken_says_so_and_lets_one_wait_for_a_place(away: Stage) -> None:
    start = at("09:00", 4)
    values = {
        **away.shop.about(),
        "service_id": away.shop.services["Cut"],
        "specialist_id": away.shop.specialists["Alice"],
        "during": Range(start, start + timedelta(hours=9)),
        "busy": Range(start, start + timedelta(hours=9)),
    }
    async with away.shop.sessions.begin() as session:
        await session.execute(insert(Booking).values(values))
    shown = await weeks(away)
    full = await away.tap(unpack(str(away.buttons(shown)["·26·"])), message=shown)
    assert full.toast == "Fully booked"
    assert list(away.buttons(shown)) == ["Tell me if a place frees up", "« Back", "Menu"]


async def test_there_are_no_weeks_to_turn_to_before_today_and_behind_the_last_day(stage: Stage) -> None:
    assert await said(stage, await weeks(stage), "‹") == "Those days have passed"
    assert await said(stage, await weeks(stage, date(2026, 11, 1)), "‹") == "Those days have passed"
    last = await weeks(stage, date(2027, 1, 1))
    assert await said(stage, last, "›") == "Can be booked until Thu, Jan 21, 2027"
    answer = await stage.tap(unpack(str(stage.buttons(last)["‹"])), message=last)
    assert (answer.toast, "Nov – Dec" in stage.buttons(last)) == (None, True)


async def test_what_only_labels_the_days_says_what_it_is(stage: Stage) -> None:
    shown = await weeks(stage)
    assert "days of the week" in str(await said(stage, shown, "Mo"))
    assert "The days that you see" in str(await said(stage, shown, "Nov – Dec"))


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


async def test_back_from_a_summary_are_the_times_it_came_from(stage: Stage) -> None:
    """Of a day in steps of five minutes those of the afternoon have two pages."""
    wish = stage.booking("16:30")
    who = {"service_id": wish.service_id, "specialist_id": wish.specialist_id}
    day = ShowDay(**who, day=WEDNESDAY, page=1, part=DayPart.AFTERNOON)
    times = stage.buttons((await stage.tap(day)).message)
    assert "16:30" in times
    for asked, shown in (
        (unpack(str(times["16:30"])), times),
        (ShowSummary(**who, start=wish.start, soonest=True), await soonest_of(stage, ShowSoonest(**who))),
    ):
        summary = await stage.tap(asked)
        back = unpack(str(stage.buttons(summary.message)["« Back"]))
        assert stage.buttons((await stage.tap(back, message=summary.message)).message) == shown


async def soonest_of(stage: Stage, asked: ShowSoonest) -> dict[str, str | None]:
    return stage.buttons((await stage.tap(asked)).message)


async def test_what_is_not_offered_leads_to_the_menu_too(stage: Stage) -> None:
    answer = await stage.tap(Book(service_id=999, start=at("10:00")))
    assert set(stage.buttons(answer.message)) == {"Book a visit", "Menu"}
