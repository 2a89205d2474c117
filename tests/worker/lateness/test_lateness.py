"""'Running late': offered near the visit, said three times at most, and told to whoever waits."""

from datetime import timedelta

import pytest

from shared.contracts.booking import Move, Moving
from shared.contracts.cancelling import Cancel
from shared.contracts.menu import ShowHome
from shared.contracts.own_visits import AskLateness, SayLateness, ShowBooking
from shared.contracts.staff import CallOff, MarkArrived, ShowAgenda, ShowStaffCard, ShowVisitHistory
from tests.worker.shop import ALICE, ANNA, BEN, OWNER, at
from tests.worker.stage import BOSS, Stage
from worker.lateness.rules import EARLIEST
from worker.notices.promises import NOTICE

LATE = "Running late"


async def at_work(stage: Stage) -> None:
    """Let the specialist use the bot."""
    await stage.meet(ALICE)
    await stage.type(ShowHome(), ALICE)


async def near(stage: Stage) -> int:
    """Book a visit, and let it be near."""
    await at_work(stage)
    booking = await stage.book("10:00")
    await stage.advance_to(at("09:00"))
    return booking


def say(booking: int, minutes: int, version: int = 1) -> SayLateness:
    return SayLateness(booking_id=booking, version=version, minutes=minutes)


async def test_the_card_offers_it_from_near_the_visit_to_its_end(stage: Stage) -> None:
    booking = await stage.book("10:00")
    shown = ShowBooking(booking_id=booking)
    for moment, offered in (
        (at("10:00") - EARLIEST - timedelta(minutes=1), False),
        (at("10:00") - EARLIEST, True),
        (at("10:30"), True),
        (at("10:45"), False),
    ):
        await stage.advance_to(moment)
        card = (await stage.tap(shown)).message
        assert (LATE in stage.buttons(card)) == offered, moment


async def test_the_last_reminder_offers_it(stage: Stage) -> None:
    await near(stage)
    reminder = stage.messages()[-1]
    assert "coming up" in reminder["text"]
    assert list(stage.buttons(reminder["message_id"])) == ["I'll be there", LATE, "Show the visit"]


async def test_what_is_said_is_on_every_card_in_the_agenda_and_told_to_the_specialist(stage: Stage) -> None:
    booking = await near(stage)
    await stage.meet(BEN)
    next_one = await stage.tap(stage.booking("10:55"), BEN)
    assert next_one.toast == "Booked!"
    card = (await stage.shop.booking(booking)).card_message_id or 0
    asked = await stage.tap(AskLateness(booking_id=booking), message=stage.messages()[-1]["message_id"])
    assert list(stage.buttons(asked.message)) == ["+5", "+10", "+15", "« Back"]
    said = await stage.tap(say(booking, 15), message=asked.message)
    assert said.toast == "Alice will know."
    for message in (card, asked.message):
        assert "🏃 Alice knows that you will be 15 min late." in stage.text(ANNA, message)
        assert LATE not in stage.buttons(message)
    notice = stage.texts(ALICE)[-1]
    assert notice.startswith("🏃 Running late")
    assert "The customer will be 15 min late: here at 10:15." in notice
    assert "Next at 10:55: Cut, " in notice
    assert "🏃 +15 min" in await stage.type(ShowAgenda(), ALICE)
    assert "here at 10:15" in (await stage.tap(ShowStaffCard(booking_id=booking), ALICE)).text
    assert (
        "said that they will be late" in (await stage.tap(ShowVisitHistory(booking_id=booking), ALICE)).text
    )
    assert (await stage.shop.booking(booking)).version == 1


async def test_who_knows_is_the_business_where_the_specialist_has_no_telegram(stage: Stage) -> None:
    booking = await stage.book("10:00")
    await stage.advance_to(at("09:00"))
    said = await stage.tap(say(booking, 5))
    assert said.toast == "Barber & Co will know."
    assert "🏃 Barber & Co knows that you will be 5 min late." in said.text


async def test_only_more_than_before_can_be_said(stage: Stage) -> None:
    booking = await near(stage)
    await stage.tap(say(booking, 10))
    asked = await stage.tap(AskLateness(booking_id=booking))
    assert list(stage.buttons(asked.message)) == ["+15", "« Back"]
    async with stage.promising(of=NOTICE):
        for minutes in (5, 10):
            again = await stage.tap(say(booking, minutes))
            assert (again.toast, again.alert) == ("Alice knows already.", True)
    await stage.tap(say(booking, 15))
    assert (await stage.shop.booking(booking)).late_minutes == 15
    asked = await stage.tap(AskLateness(booking_id=booking))
    assert (asked.toast, "See you then!" in asked.text) == ("Alice knows already.", True)


@pytest.mark.parametrize("minutes", [0, 7, 16, 2**31])
async def test_minutes_that_no_button_offers_tell_nobody(stage: Stage, minutes: int) -> None:
    booking = await near(stage)
    async with stage.promising(of=NOTICE):
        forged = await stage.tap(say(booking, minutes))
    assert forged.toast == "Please contact us."
    assert (await stage.shop.booking(booking)).late_minutes is None


async def test_it_is_refused_where_nobody_waits(stage: Stage) -> None:
    await at_work(stage)
    booking = await stage.book("10:00")
    for command in (AskLateness(booking_id=booking), say(booking, 5)):
        early = await stage.tap(command)
        assert (early.toast, early.alert) == ("It is too early for that.", True)
    await stage.advance_to(at("09:50"))
    stale = await stage.tap(say(booking, 5, version=2))
    assert "has changed since" in (stale.toast or "")
    await stage.tap(MarkArrived(booking_id=booking, version=1), ALICE)
    here = await stage.tap(say(booking, 5))
    assert here.toast == "Alice has noted that you are here."
    assert LATE not in stage.buttons(here.message)
    await stage.advance_to(at("10:45"))
    other = await stage.book("11:30")
    await stage.advance_to(at("12:15"))
    assert (await stage.tap(say(other, 5))).toast == "This visit is over."
    cancelled = await stage.book("12:30", days=5)
    await stage.tap(Cancel(booking_id=cancelled, version=1))
    assert (await stage.tap(say(cancelled, 5, version=2))).toast == "This visit is cancelled already."
    assert (await stage.events()).count("late") == 0


async def test_a_move_takes_it_back(stage: Stage) -> None:
    booking = await near(stage)
    await stage.tap(say(booking, 5))
    await stage.meet(OWNER)
    moved = await stage.tap(Move(moving=Moving(booking_id=booking, version=1), start=at("16:00")), OWNER)
    assert moved.toast == "Moved!"
    assert (await stage.shop.booking(booking)).late_minutes is None
    assert "🏃" not in (await stage.tap(ShowBooking(booking_id=booking))).text


async def test_nobody_waits_for_who_will_not_come_or_is_here(stage: Stage) -> None:
    booking, other = await near(stage), await stage.book("11:00")
    await stage.tap(say(booking, 5))
    await stage.tap(say(other, 5))
    await stage.tap(MarkArrived(booking_id=other, version=1), ALICE)
    await stage.tap(CallOff(booking_id=booking, version=1), ALICE)
    for visit in (booking, other):
        assert "🏃" not in (await stage.tap(ShowBooking(booking_id=visit))).text
        assert "🏃" not in (await stage.tap(ShowStaffCard(booking_id=visit), ALICE)).text


async def test_without_the_specialist_those_who_manage_hear_of_it(stage: Stage) -> None:
    await stage.meet(BOSS)
    await stage.type(ShowHome(), BOSS)
    booking = await stage.book("10:00")
    await stage.advance_to(at("09:30"))
    await stage.tap(say(booking, 5))
    await stage.advance(timedelta(seconds=1))
    assert "Running late" in stage.texts(BOSS)[-1]
    assert "because Alice has not started this bot" in stage.texts(BOSS)[-1]


async def test_it_is_said_in_the_readers_language(stage: Stage) -> None:
    booking = await near(stage)
    stage.languages[ANNA] = "ru"
    asked = await stage.tap(AskLateness(booking_id=booking))
    assert "На сколько минут" in asked.text
    await stage.tap(say(booking, 5), message=asked.message)
    assert "10:05" in stage.texts(ALICE)[-1]
