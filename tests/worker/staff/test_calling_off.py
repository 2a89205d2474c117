"""What staff do about one visit: look, cancel for the business, block whoever books too much."""

import pytest

from shared.buttons import unpack
from shared.contracts.booking import Move, Moving
from shared.contracts.cancelling import Cancel
from shared.contracts.chat import Say
from shared.contracts.customers import BlockCustomer, ShowCustomer
from shared.contracts.menu import ShowHome
from shared.contracts.staff import (
    AskCallOffWord,
    CallOff,
    ShowAgenda,
    ShowStaffCard,
)
from shared.envelope import NOBODY, Actor
from tests.worker.shop import ALICE, ANNA, OWNER, at
from tests.worker.stage import Answer, Stage
from worker.db.models.delivery import State
from worker.people.repository import forget_people, save_person

DAY = ShowAgenda(first=at("10:00").date())


async def press(stage: Stage, answer: Answer, label: str, person: int = ALICE) -> Answer:
    """Tap the button with this label under what was answered."""
    data = stage.buttons(answer.message, person)[label]
    return await stage.tap(unpack(str(data)), person, answer.message)


@pytest.fixture
async def opened(stage: Stage) -> Answer:
    """Alice opens Anna's visit from the day."""
    await stage.meet(ALICE, OWNER)
    await stage.type(ShowHome(), ALICE)
    await stage.book("10:00")
    return await press(stage, await stage.tap(DAY, ALICE), "🌱 10:00 · Cut · Anna")


async def test_a_visit_is_opened_from_the_day(stage: Stage, opened: Answer) -> None:
    for piece in ("Visit № 1", "Cut, Alice", "Anna", "10:00–10:45", "€35"):
        assert piece in opened.text
    assert list(stage.buttons(opened.message, ALICE)) == [
        "Move", "Cancel", "Repeat", "Note", "Customer", "History", "The day", "Menu",
    ]  # fmt: skip


async def test_the_business_cancels_and_its_customer_is_told_once(stage: Stage, opened: Answer) -> None:
    asked = await press(stage, opened, "Cancel")
    assert "The customer will be told." in asked.text
    assert len(await stage.shop.live()) == 1
    done = await press(stage, asked, "Yes, cancel")
    assert (done.toast, "Cancelled" in done.text) == ("Cancelled.", True)
    assert list(stage.buttons(done.message, ALICE)) == ["Note", "Customer", "History", "The day", "Menu"]
    words = [text for text in stage.texts() if "Barber & Co has cancelled your visit" in text]
    assert len(words) == 1
    assert "10:00–10:45" in words[0]
    card = (await stage.newest()).card_message_id
    assert "Cancelled" in stage.text(ANNA, int(card or 0))
    assert {state for _, state in await stage.states("booking.reminder")} == {State.VOID}
    again = await stage.tap(CallOff(booking_id=1, version=1), ALICE)
    assert (again.toast, again.alert) == ("This visit is cancelled already.", True)
    assert await stage.events() == ["booked", "cancelled"]


async def test_a_word_of_the_staff_comes_with_the_cancellation(stage: Stage, opened: Answer) -> None:
    asked = await press(stage, opened, "Cancel")
    assert list(stage.buttons(asked.message, ALICE)) == ["Yes, cancel", "Cancel with a word", "No, keep it"]
    await press(stage, asked, "Cancel with a word")
    assert list(stage.buttons(stage.messages(ALICE)[-1]["message_id"], ALICE)) == ["No, keep it"]
    assert "What do you want to tell Anna?" in stage.texts(ALICE)[-1]
    assert len(await stage.shop.live()) == 1
    assert "300 characters at most" in await stage.type(Say(text="x" * 301), ALICE)
    assert "Cancelled" in await stage.type(Say(text="I am <ill>. Sorry & see you!"), ALICE)
    assert await stage.shop.live() == []
    assert stage.text(ALICE, asked.message).startswith("❌ Cancelled"), "where it was asked, too"
    assert "Yes, cancel" not in stage.buttons(asked.message, ALICE)
    [told] = [text for text in stage.texts() if "💬 I am <ill>. Sorry & see you!" in text]
    assert "has cancelled your visit" not in told
    await stage.type(Say(text="once more"), ALICE)
    assert not any("once more" in text for text in stage.texts())
    assert await stage.events() == ["booked", "cancelled"]


async def test_a_word_for_a_visit_that_its_customer_cancelled_meanwhile_is_not_sent(
    stage: Stage, opened: Answer
) -> None:
    await press(stage, await press(stage, opened, "Cancel"), "Cancel with a word")
    await stage.tap(Cancel(booking_id=1, version=1))
    assert "This visit is cancelled already." in await stage.type(Say(text="too late"), ALICE)
    assert not any("too late" in text for text in stage.texts())
    stale = await stage.tap(AskCallOffWord(booking_id=1, version=1), ALICE)
    assert (stale.toast, stale.alert) == ("This visit is cancelled already.", True)


async def test_staff_cancel_after_the_customers_deadline_and_stale_buttons_explain_themselves(
    stage: Stage, opened: Answer
) -> None:
    there = Move(moving=Moving(booking_id=1, version=1), start=at("14:00"))
    assert (await stage.tap(there)).toast == "Moved!"
    stale = await press(stage, await stage.tap(ShowStaffCard(booking_id=1), ALICE), "Cancel")
    assert "14:00–14:45" in stale.text
    old = await stage.tap(CallOff(booking_id=1, version=1), ALICE)
    assert (old.alert, "changed since" in str(old.toast)) == (True, True)
    stage.shop.clock.advance(at("13:00") - stage.shop.clock.now())
    assert (await stage.tap(CallOff(booking_id=1, version=2), OWNER)).toast == "Cancelled."
    assert "Visit cancelled" in stage.texts(ALICE)[-1]
    assert opened.message


async def test_what_has_been_cannot_be_called_off(stage: Stage, opened: Answer) -> None:
    stage.shop.clock.advance(at("10:45") - stage.shop.clock.now())
    late = await press(stage, opened, "Cancel")
    assert (late.toast, late.alert) == ("This visit is over.", True)
    assert "Cancel" not in stage.buttons(late.message, ALICE)
    assert (await stage.tap(CallOff(booking_id=1, version=1), ALICE)).toast == "This visit is over."
    assert await stage.events() == ["booked"]


async def test_who_was_forgotten_is_nobody_to_block_or_to_write_to(stage: Stage, opened: Answer) -> None:
    stage.shop.clock.advance(at("10:45") - stage.shop.clock.now())
    async with stage.shop.sessions.begin() as session:
        await forget_people(session, [ANNA])
    seen = await press(stage, opened, "Customer")
    assert list(stage.buttons(seen.message, ALICE)) == ["« Back", "Menu"]
    assert seen.text == "Whoever that was is forgotten: nothing is known of them."
    await stage.tap(BlockCustomer(booking_id=1), ALICE)
    assert (await stage.person(NOBODY)).blocked_at is None


async def test_a_cancellation_by_the_business_is_not_the_customers(stage: Stage) -> None:
    await stage.meet(ALICE)
    for number in range(7):
        visit = await stage.book("10:00", days=3 + number)
        assert (await stage.tap(CallOff(booking_id=visit, version=1), ALICE)).toast == "Cancelled."


async def test_a_customer_is_looked_at_blocked_and_unblocked(stage: Stage, opened: Answer) -> None:
    other = await stage.book("12:00")
    await stage.tap(Cancel(booking_id=other, version=1))
    seen = await press(stage, opened, "Customer")
    for line in ("Anna", "2 visits in all", "Ahead: 1", "Cancelled: 1"):
        assert line in seen.text
    blocked = await press(stage, seen, "Block")
    assert (blocked.toast, "Cannot book here" in blocked.text) == ("Blocked.", True)
    assert ((await stage.tap(stage.booking("14:00"))).toast or "").startswith("Please call us:")
    freed = await press(stage, blocked, "Unblock")
    assert (freed.toast, "Cannot book here" in freed.text) == ("Unblocked.", False)
    assert (await stage.tap(stage.booking("14:00"))).toast == "Booked!"
    back = await press(stage, freed, "« Back")
    assert "Visit № 1" in back.text


async def test_another_specialists_visit_is_not_in_the_calendar(stage: Stage) -> None:
    await stage.meet(ALICE, OWNER)
    visit = await stage.book("10:00", specialist="Bob")
    for command in (ShowCustomer(booking_id=visit), CallOff(booking_id=visit, version=1),
                    BlockCustomer(booking_id=visit)):  # fmt: skip
        assert (await stage.tap(command, ALICE)).toast == "You have no such visit."
    assert "Anna" in (await stage.tap(ShowCustomer(booking_id=visit), OWNER)).text


async def test_a_name_that_shows_as_nothing_is_said_to_be_none_and_the_chat_is_linked(stage: Stage) -> None:
    await stage.meet(ALICE)
    await stage.type(ShowHome(), ALICE)
    await stage.book("10:00")
    async with stage.shop.sessions.begin() as session:
        await save_person(session, Actor(id=ANNA, first_name="\u3164"))
    day = await stage.tap(DAY, ALICE)
    assert "🌱 10:00 · Cut · No name" in stage.buttons(day.message, ALICE)
    async with stage.shop.sessions.begin() as session:
        await save_person(session, Actor(id=ANNA, first_name="\u3164", username="anna_b"))
    card = await press(stage, await stage.tap(DAY, ALICE), "🌱 10:00 · Cut · @anna_b")
    [shown] = [each for each in stage.messages(ALICE) if each["message_id"] == card.message]
    assert "@anna_b" in card.text
    assert str(ANNA) not in card.text
    assert [each["user"]["id"] for each in shown["entities"] if each["type"] == "text_mention"] == [ANNA]


async def test_a_notice_says_which_anna(stage: Stage) -> None:
    await stage.meet(ALICE)
    await stage.type(ShowHome(), ALICE)
    visit = await stage.book("10:00")
    notice = stage.messages(ALICE)[-1]
    assert f"№ {visit}" in notice["text"]
    assert "10:00–10:45" in notice["text"]
    assert str(ANNA) not in notice["text"]
    assert [each["user"]["id"] for each in notice["entities"] if each["type"] == "text_mention"] == [ANNA]
    assert set(stage.buttons(notice["message_id"], ALICE)) == {"Show the visit", "The day"}
