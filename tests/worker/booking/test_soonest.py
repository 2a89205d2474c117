"""Choosing a time in the chat: the soonest first, then days and times, wherever they are."""

from datetime import datetime

import pytest
from sqlalchemy import insert
from sqlalchemy.dialects.postgresql import Range

from shared.buttons import unpack
from shared.contracts.booking import Moving, ShowDay, ShowMonth, ShowSoonest, StartMove
from shared.contracts.cancelling import Cancel
from shared.contracts.menu import ShowHome
from shared.contracts.own_visits import ShowBooking
from tests.worker.shop import ANNA, at
from tests.worker.stage import Stage
from worker.db.models.booking import Booking
from worker.scheduling.parts import DayPart

NOTHING = "There is no free time until Thu, Jan 21, 2027"
ALL_DAYS = 100


def soonest(stage: Stage, who: str | None = "Alice") -> ShowSoonest:
    wish = stage.shop.wish("Cut", who, "10:00")
    return ShowSoonest(service_id=wish.service_id, specialist_id=wish.specialist_id)


def days(stage: Stage) -> ShowMonth:
    asked = soonest(stage)
    return ShowMonth(service_id=asked.service_id, specialist_id=asked.specialist_id)


def wednesday(stage: Stage) -> ShowDay:
    asked = soonest(stage)
    day = at("10:00").date()
    return ShowDay(service_id=asked.service_id, specialist_id=asked.specialist_id, day=day)


async def tap(stage: Stage, message: int, label: str) -> dict[str, str | None]:
    """Tap a button in its message; return the buttons that are there then."""
    await stage.tap(unpack(str(stage.buttons(message)[label])), message=message)
    return stage.buttons(message)


async def take(stage: Stage, begin: datetime, end: datetime) -> None:
    """Take Alice's time."""
    values = {
        **stage.shop.about(),
        "service_id": stage.shop.services["Cut"],
        "specialist_id": stage.shop.specialists["Alice"],
        "during": Range(begin, end),
        "busy": Range(begin, end),
    }
    async with stage.shop.sessions.begin() as session:
        await session.execute(insert(Booking).values(values))


async def test_the_soonest_times_come_first_and_the_summary_leads_back_to_them(stage: Stage) -> None:
    answer = await stage.tap(soonest(stage, None))
    offered = ["Sun 22, 09:00", "Sun 22, 12:00", "Mon 23, 09:00"]
    assert list(stage.buttons(answer.message)) == [*offered, "Other days", "Add a service", "« Back", "Menu"]
    assert "Confirm" in await tap(stage, answer.message, offered[1])
    assert offered[1] in await tap(stage, answer.message, "« Back")


async def test_what_is_far_away_is_found_at_once_and_named_with_its_month(stage: Stage) -> None:
    await take(stage, at("00:00", 0), at("00:00", 40))
    answer = await stage.tap(soonest(stage))
    assert "Fri, Jan 1, 2027, 09:00" in stage.buttons(answer.message)
    shown = await tap(stage, answer.message, "Other days")
    assert "Dec – Jan 2027" in shown
    turned = await stage.tap(unpack(str(shown["‹"])), message=answer.message)
    assert turned.toast == "No earlier day has a free time"
    assert stage.buttons(answer.message) == shown


async def test_there_is_no_turning_to_weeks_without_a_free_day(stage: Stage) -> None:
    await take(stage, at("00:00", 28), at("00:00", ALL_DAYS))
    answer = await stage.tap(days(stage))
    shown = stage.buttons(answer.message)
    turned = await stage.tap(unpack(str(shown["›"])), message=answer.message)
    assert turned.toast == "No later day has a free time"
    assert stage.buttons(answer.message) == shown


async def test_where_nothing_is_free_it_says_so_once_and_until_when(stage: Stage) -> None:
    await take(stage, at("00:00", 0), at("00:00", ALL_DAYS))
    for asked in (soonest(stage), days(stage), days(stage).model_copy(update={"month": at("10:00").date()})):
        answer = await stage.tap(asked)
        assert NOTHING in answer.text
        assert set(stage.buttons(answer.message)) == {"Tell me if a place frees up", "« Back", "Menu"}


async def test_a_visit_is_moved_to_the_soonest_times_but_not_to_its_own(stage: Stage) -> None:
    await take(stage, at("00:00", 0), at("00:00", 1))
    visit = await stage.book("12:00", days=1)
    answer = await stage.tap(StartMove(moving=Moving(booking_id=visit, version=1)))
    times = ["Mon 23, 09:00", "Mon 23, 12:05", "Tue 24, 09:00"]
    assert list(stage.buttons(answer.message)) == [*times, "Other days", "« Back", "Menu"]
    assert "Nov – Dec" in await tap(stage, answer.message, "Other days")
    assert times[1] in await tap(stage, answer.message, "« Back")
    assert "Move" in await tap(stage, answer.message, "« Back")


async def test_many_times_are_folded_and_each_part_leads_back(stage: Stage) -> None:
    answer = await stage.tap(wednesday(stage))
    folded = ["Morning (36)", "Afternoon (60)", "Evening (4)", "« Back", "Menu"]
    assert list(stage.buttons(answer.message)) == folded
    assert "17:15" in await tap(stage, answer.message, "Evening (4)")
    assert list(await tap(stage, answer.message, "« Back")) == folded
    assert "1 / 2" in await tap(stage, answer.message, "Afternoon (60)")
    assert "16:55" in await tap(stage, answer.message, "›")


async def test_a_part_without_any_time_left_shows_the_others(stage: Stage) -> None:
    await take(stage, at("17:00"), at("18:00"))
    for part in (int(DayPart.EVENING), 7):
        answer = await stage.tap(wednesday(stage).model_copy(update={"part": part}))
        assert "Morning (36)" in stage.buttons(answer.message)
        assert "Evening (4)" not in stage.buttons(answer.message)


async def test_a_booking_from_the_menu_takes_five_taps(stage: Stage) -> None:
    await stage.type(ShowHome())
    menu = stage.messages()[-1]["message_id"]
    taps = ["Book a visit", "Cut", "Anyone", "Sun 22, 12:00", "Confirm"]
    for label in taps:
        answer = await stage.tap(unpack(str(stage.buttons(menu)[label])), message=menu)
    assert (answer.toast, len(taps)) == ("Booked!", 5)
    assert "🗓 Sun, Nov 22, 12:00–12:45 (Berlin)" in stage.text(ANNA, menu).splitlines()


async def test_the_year_is_named_where_it_is_another(stage: Stage) -> None:
    await stage.book(days=50)
    assert "🗓 Mon, Jan 11, 2027, 10:00–10:45 (Berlin)" in stage.texts()[0].splitlines()


@pytest.mark.parametrize("cancelled", [True, False])
async def test_a_visit_is_booked_again_in_two_taps_and_confirmed_by_a_third(
    stage: Stage, *, cancelled: bool
) -> None:
    visit = await stage.book("12:00", days=3)
    if cancelled:
        await stage.tap(Cancel(booking_id=visit, version=1))
    else:
        await stage.advance_to(at("13:00", days=3))
    card = await stage.tap(ShowBooking(booking_id=visit))
    times = await tap(stage, card.message, "Book again")
    assert "Cut, Alice" in stage.text(ANNA, card.message)
    await tap(stage, card.message, next(iter(times)))
    booked = await stage.tap(unpack(str(stage.buttons(card.message)["Confirm"])), message=card.message)
    assert booked.toast == "Booked!"


async def test_what_a_specialist_does_no_more_is_offered_with_the_others(stage: Stage) -> None:
    gone = soonest(stage).model_copy(update={"specialist_id": 999})
    answer = await stage.tap(gone)
    assert answer.toast == "Not offered any more."
    assert {"Anyone", "Alice", "Bob"} <= set(stage.buttons(answer.message))
    assert (await stage.type(gone)).startswith("Not offered any more.\n\nCut"), "a link says it, too"
