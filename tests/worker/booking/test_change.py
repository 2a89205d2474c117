"""Moving and cancelling one's own visits, and nobody else's."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import update
from sqlalchemy.dialects.postgresql import Range

from shared.contracts.booking import Move, Moving, ShowDay, ShowMonth, ShowSummary, StartMove
from shared.contracts.cancelling import AskCancel, Cancel
from shared.contracts.menu import ShowHome
from shared.contracts.own_visits import ShowBooking
from shared.envelope import AnyCommand
from tests.kit.promises import Message, a_visit
from tests.worker.shop import ALICE, ANNA, BEN, BOB, at
from tests.worker.stage import Stage
from worker.db.models.booking import Booking, Status
from worker.db.models.delivery import State
from worker.notices.promises import NOTICE
from worker.outbox.message import Chat
from worker.visits.promises import REFRESH


def moved(stage: Stage, booking: int, clock: str, version: int = 1, specialist: str = "Alice") -> Move:
    doer = stage.shop.specialists[specialist]
    return Move(moving=Moving(booking_id=booking, version=version), specialist_id=doer, start=at(clock))


async def test_a_visit_moves_and_the_tapped_message_says_so(stage: Stage) -> None:
    booking = await stage.book("10:00")
    answer = await stage.tap(moved(stage, booking, "14:00"))
    assert answer.toast == "Moved!"
    assert "Moved. See you then!" in answer.text
    assert "14:00–14:45" in answer.text
    found = await stage.shop.booking(booking)
    assert (found.version, found.during.lower, found.card_message_id) == (2, at("14:00"), answer.message)
    assert await stage.events() == ["booked", "moved"]


async def test_the_cards_earlier_message_follows(stage: Stage) -> None:
    booking = await stage.book("10:00")
    first = (await stage.newest()).card_message_id
    assert first is not None
    answer = await stage.tap(moved(stage, booking, "14:00"))
    assert answer.message != first
    assert stage.text(ANNA, first) == answer.text
    await stage.promised(Message(kind=REFRESH, about=a_visit(booking), state=State.SENT))


async def test_changed_from_the_card_itself_nothing_needs_to_follow(stage: Stage) -> None:
    booking = await stage.book("10:00")
    card = (await stage.newest()).card_message_id
    answer = await stage.tap(moved(stage, booking, "14:00"), message=card)
    assert "Moved" in answer.text
    await stage.promised(of=REFRESH)


async def test_a_deleted_card_is_not_missed(stage: Stage) -> None:
    booking = await stage.book("10:00")
    card = (await stage.newest()).card_message_id
    await stage.client.call("deleteMessage", {"chat_id": ANNA, "message_id": card})
    answer = await stage.tap(moved(stage, booking, "14:00"))
    assert answer.toast == "Moved!"
    await stage.promised(Message(kind=REFRESH, about=a_visit(booking), state=State.SENT))
    assert {state for _, state in await stage.states("booking.c")} == {State.SENT}


async def test_a_taken_time_leaves_the_visit_where_it_is(stage: Stage) -> None:
    booking = await stage.book("10:00")
    await stage.meet(BEN)
    await stage.book("14:00", person=BEN)
    answer = await stage.tap(moved(stage, booking, "14:00"))
    assert "just been taken" in str(answer.toast)
    assert "14:55" in stage.buttons(answer.message)
    found = await stage.shop.booking(booking)
    assert (found.version, found.during.lower) == (1, at("10:00"))
    assert await stage.events() == ["booked", "booked"]


async def test_a_visit_may_move_onto_its_own_time(stage: Stage) -> None:
    booking = await stage.book("10:00")
    assert (await stage.tap(moved(stage, booking, "10:20"))).toast == "Moved!"


async def test_a_visit_is_cancelled_and_its_time_is_free_at_once(stage: Stage) -> None:
    booking = await stage.book("10:00")
    asked = await stage.tap(AskCancel(booking_id=booking, version=1))
    assert set(stage.buttons(asked.message)) == {"Yes, cancel", "No, keep it"}
    assert len(await stage.shop.live()) == 1
    answer = await stage.tap(Cancel(booking_id=booking, version=1), message=asked.message)
    assert (answer.toast, "Cancelled" in answer.text) == ("Cancelled.", True)
    assert "Move" not in stage.buttons(answer.message)
    found = await stage.shop.booking(booking)
    assert (found.status, found.version) == ("cancelled", 2)
    assert await stage.events() == ["booked", "cancelled"]
    await stage.meet(BEN)
    await stage.book("10:00", person=BEN)


CHANGES = ["ask", "cancel", "start", "move"]


def change(stage: Stage, name: str, booking: int, version: int) -> AnyCommand:
    changes: dict[str, AnyCommand] = {
        "ask": AskCancel(booking_id=booking, version=version),
        "cancel": Cancel(booking_id=booking, version=version),
        "start": StartMove(moving=Moving(booking_id=booking, version=version)),
        "move": moved(stage, booking, "16:00", version),
    }
    return changes[name]


@pytest.mark.parametrize("name", CHANGES)
async def test_a_stale_button_explains_itself_and_shows_how_things_stand(stage: Stage, name: str) -> None:
    booking = await stage.book("10:00")
    await stage.tap(moved(stage, booking, "14:00"))
    answer = await stage.tap(change(stage, name, booking, 1))
    assert answer.alert
    assert "changed since" in str(answer.toast)
    assert "14:00–14:45" in answer.text
    found = await stage.shop.booking(booking)
    assert (found.version, found.status, found.during.lower) == (2, "confirmed", at("14:00"))


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("name", CHANGES)
async def test_a_cancelled_visit_cannot_be_changed(stage: Stage, name: str, version: int) -> None:
    booking = await stage.book("10:00")
    await stage.tap(Cancel(booking_id=booking, version=1))
    answer = await stage.tap(change(stage, name, booking, version))
    assert (answer.toast, answer.alert) == ("This visit is cancelled already.", True)
    assert (await stage.shop.booking(booking)).version == 2
    assert await stage.events() == ["booked", "cancelled"]


async def test_a_move_to_where_the_visit_is_changes_nothing(stage: Stage) -> None:
    booking = await stage.book("10:00")
    answer = await stage.tap(moved(stage, booking, "10:00"))
    assert answer.toast == "The visit is at that time already."
    assert (await stage.shop.booking(booking)).version == 1
    assert await stage.events() == ["booked"]


async def test_a_second_tap_on_confirm_finds_the_visit_moved(stage: Stage) -> None:
    booking = await stage.book("10:00")
    await stage.tap(moved(stage, booking, "14:00"))
    answer = await stage.tap(moved(stage, booking, "14:00"))
    assert (answer.toast, answer.alert) == ("Moved already.", False)
    assert "14:00–14:45" in answer.text
    assert (await stage.shop.booking(booking)).version == 2
    assert await stage.events() == ["booked", "moved"]


async def test_an_old_move_to_another_specialist_is_no_second_tap(stage: Stage) -> None:
    booking = await stage.book("10:00")
    await stage.tap(moved(stage, booking, "14:00"))
    answer = await stage.tap(moved(stage, booking, "14:00", specialist="Bob"))
    assert (answer.alert, "changed since" in str(answer.toast)) == (True, True)


async def test_a_visit_that_is_done_is_over(stage: Stage) -> None:
    booking = await stage.book("10:00")
    await stage.shop.set_status(booking, Status.DONE)
    answer = await stage.tap(Cancel(booking_id=booking, version=1))
    assert (answer.toast, answer.alert) == ("This visit is over.", True)


@pytest.mark.parametrize("name", CHANGES)
async def test_what_is_too_late_is_refused_with_until_when(stage: Stage, name: str) -> None:
    booking = await stage.book("10:00")
    stage.shop.clock.advance(at("10:00") - timedelta(hours=24) - stage.shop.clock.now())
    answer = await stage.tap(change(stage, name, booking, 1))
    assert answer.alert
    assert "too late" in str(answer.toast)
    assert "10:00" in str(answer.toast)
    assert (await stage.shop.booking(booking)).version == 1


async def test_just_in_time_is_in_time(stage: Stage) -> None:
    booking = await stage.book("10:00")
    stage.shop.clock.advance(at("10:00") - timedelta(hours=24, seconds=1) - stage.shop.clock.now())
    assert (await stage.tap(Cancel(booking_id=booking, version=1))).toast == "Cancelled."


FOREIGN = [*CHANGES, "show", "summary", "month", "day"]


@pytest.mark.parametrize("name", FOREIGN)
async def test_another_persons_visit_is_nobodys_business(stage: Stage, name: str) -> None:
    await stage.meet(BEN)
    booking = await stage.book("10:00", person=BEN)
    service, moving = stage.shop.services["Cut"], Moving(booking_id=booking, version=1)
    forged: dict[str, AnyCommand] = {
        "show": ShowBooking(booking_id=booking),
        "summary": ShowSummary(service_id=service, start=at("15:00"), moving=moving),
        "month": ShowMonth(service_id=service, moving=moving),
        "day": ShowDay(service_id=service, day=at("15:00").date(), moving=moving),
    }
    answer = await stage.tap(forged.get(name) or change(stage, name, booking, 1))
    assert (answer.toast, answer.alert) == ("You have no such visit.", True)
    assert answer.text == "screen"
    assert (await stage.shop.booking(booking)).version == 1
    assert await stage.processed() == {1}


async def test_an_update_that_comes_again_changes_nothing_again(stage: Stage) -> None:
    booking = await stage.book("10:00")
    for command in (moved(stage, booking, "14:00"), Cancel(booking_id=booking, version=2)):
        envelope = await stage.tapped(command)
        await stage.run(envelope)
        await stage.run(envelope)
    assert await stage.events() == ["booked", "moved", "cancelled"]


# Word to the specialists


async def test_specialists_who_use_the_bot_hear_of_it(stage: Stage) -> None:
    await stage.meet(ALICE)
    await stage.type(ShowHome(), ALICE)
    booking = await stage.book("10:00")
    assert "New visit" in stage.texts(ALICE)[-1]
    assert "10:00" in stage.texts(ALICE)[-1]
    await stage.tap(moved(stage, booking, "14:00"))
    assert "Visit moved" in stage.texts(ALICE)[-1]
    assert "14:00" in stage.texts(ALICE)[-1]
    assert "10:00" in stage.texts(ALICE)[-1].partition("Before")[2]
    await stage.tap(Cancel(booking_id=booking, version=2))
    assert "Visit cancelled" in stage.texts(ALICE)[-1]


async def test_specialists_who_do_not_use_the_bot_are_left_alone(stage: Stage) -> None:
    await stage.book("10:00")
    await stage.promised(Message(kind=NOTICE, to=Chat(ALICE), state=State.VOID))
    assert stage.texts(ALICE) == []


async def test_nobody_is_told_of_what_they_did_themselves(stage: Stage) -> None:
    await stage.meet(ALICE)
    await stage.book("10:00", person=ALICE)
    await stage.promised(of=NOTICE)


async def test_a_visit_that_changes_hands_is_off_for_one_and_new_for_the_other(stage: Stage) -> None:
    for specialist in (ALICE, BOB):
        await stage.meet(specialist)
        await stage.type(ShowHome(), specialist)
    booking = await stage.book("10:00")
    await stage.tap(moved(stage, booking, "14:00", specialist="Bob"))
    last_of_alice, last_of_bob = stage.texts(ALICE)[-1], stage.texts(BOB)[-1]
    assert "Visit cancelled" in last_of_alice
    assert "10:00" in last_of_alice
    assert "14:00" not in last_of_alice
    assert "New visit" in last_of_bob
    assert "14:00" in last_of_bob


async def test_a_moved_visit_costs_what_was_agreed_in_summary_and_card(stage: Stage) -> None:
    booking = await stage.book("10:00")
    async with stage.shop.sessions.begin() as session:
        cheaper = update(Booking).where(Booking.business_id == stage.shop.business_id)
        await session.execute(cheaper.values(price=Range(Decimal(20), Decimal(20), bounds="[]")))
    moving = Moving(booking_id=booking, version=1)
    service, alice = stage.shop.services["Cut"], stage.shop.specialists["Alice"]
    asked = ShowSummary(service_id=service, specialist_id=alice, start=at("14:00"), moving=moving)
    shown = await stage.tap(asked)
    card = await stage.tap(moved(stage, booking, "14:00"))
    for text in (shown.text, card.text):
        assert ("€20" in text, "€35" in text) == (True, False)
