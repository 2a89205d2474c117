"""Booking in the chat: what is written, what is seen, what happens when it is asked twice."""

import asyncio
from decimal import Decimal

import pytest

from shared.contracts.booking import Book
from shared.contracts.menu import ShowHome
from shared.envelope import ReplyTo
from shared.telegram.errors import UnavailableError
from tests.kit.promises import Message, a_visit
from tests.worker.shop import ANNA, BEN, at
from tests.worker.stage import CLAIM_OVER, Stage
from worker.db.models.delivery import State
from worker.outbox.message import Chat
from worker.price import Price
from worker.visits.promises import CALENDAR, CARD


def card_and_calendar(booking: int, state: State) -> list[Message]:
    return [
        Message(kind=kind, to=Chat(ANNA), about=a_visit(booking), state=state) for kind in (CARD, CALENDAR)
    ]


async def test_everything_is_written_at_once_and_the_tapped_message_becomes_the_card(stage: Stage) -> None:
    envelope = await stage.tapped(stage.booking("10:00"))
    await stage.run(envelope)
    booking = await stage.newest()
    assert (booking.customer_id, booking.status, booking.version) == (ANNA, "confirmed", 1)
    assert (booking.during.lower, booking.currency) == (at("10:00"), "EUR")
    assert Price.of(booking.price) == Price.exact(Decimal(35))
    assert await stage.events() == ["booked"]
    assert await stage.processed() == {envelope.update_id}
    await stage.promised(*card_and_calendar(booking.id, State.SENT))
    answer = stage.answer(envelope)
    assert answer.toast == "Booked!"
    assert "Booked. See you then!" in answer.text
    for piece in ("Cut", "Alice", "10:00–10:45", "€35", "1 Main St"):
        assert piece in answer.text
    assert booking.card_message_id == answer.message
    assert set(stage.buttons(answer.message)) >= {"Move", "Cancel"}
    assert len(stage.calendars()) == 1


async def test_a_refusal_writes_nothing_and_offers_other_times(stage: Stage) -> None:
    await stage.book("10:00")
    before = await stage.processed(), await stage.events()
    await stage.meet(BEN)
    async with stage.promising():
        answer = await stage.tap(stage.booking("10:00"), BEN)
    assert answer.alert
    assert "just been taken" in str(answer.toast)
    offered = stage.buttons(answer.message, BEN)
    assert "10:55" in offered
    assert "10:00" not in offered
    assert (await stage.processed(), await stage.events()) == before


async def test_what_is_not_offered_any_more_leads_back(stage: Stage) -> None:
    answer = await stage.tap(Book(service_id=999, start=at("10:00")))
    assert answer.toast == "Not offered any more."
    assert "Book a visit" in stage.buttons(answer.message)
    assert await stage.processed() == set()


@pytest.mark.parametrize("together", [True, False])
async def test_an_update_that_comes_again_does_nothing_again(stage: Stage, *, together: bool) -> None:
    envelope = await stage.tapped(stage.booking("10:00"))
    runs = [stage.run(envelope) for _ in range(8)]
    if together:
        await asyncio.gather(*runs)
    else:
        for run in runs:
            await run
    assert len(await stage.shop.live()) == 1
    assert await stage.events() == ["booked"]
    assert await stage.calls("editMessageText") == 1
    assert await stage.calls("sendDocument") == 1


async def test_a_second_tap_finds_ones_own_booking(stage: Stage) -> None:
    await stage.book("10:00")
    again = await stage.tap(stage.booking("10:00"))
    assert again.toast == "Booked already."
    assert "See you then!" in again.text
    anyone = await stage.tap(stage.booking("10:00", specialist=None))
    assert anyone.toast == "Booked already."
    assert len(await stage.shop.live()) == 1


async def test_what_a_crash_left_unsent_the_sweep_delivers(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def crash(*_: object) -> None:
        raise UnavailableError("the worker was killed here")

    with monkeypatch.context() as patch:
        patch.setattr(stage.parts.deliverer, "deliver_all", crash)
        answer = await stage.tap(stage.booking("10:00"))
    booking = (await stage.newest()).id
    await stage.promised(*card_and_calendar(booking, State.PENDING))
    await stage.advance(CLAIM_OVER)
    await stage.promised(*card_and_calendar(booking, State.SENT))
    assert "See you then!" in stage.text(ANNA, answer.message)
    assert (await stage.newest()).card_message_id == answer.message


async def test_a_crash_before_the_commit_leaves_nothing(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> None:
        raise ZeroDivisionError

    envelope = await stage.tapped(stage.booking("10:00"))
    with monkeypatch.context() as patch:
        patch.setattr("worker.visits.promises.promise_reminders", crash)
        with pytest.raises(ZeroDivisionError):
            await stage.run(envelope)
    await stage.promised()
    assert (await stage.processed(), await stage.shop.live()) == (set(), [])
    await stage.run(envelope)
    assert stage.answer(envelope).toast == "Booked!"


async def test_typed_rather_than_tapped_the_card_is_a_new_message(stage: Stage) -> None:
    await stage.run(stage.envelope(stage.booking("10:00"), to=ReplyTo(chat_id=ANNA)))
    assert "See you then!" in stage.texts()[-2]
    assert (await stage.newest()).card_message_id == stage.messages()[-2]["message_id"]


async def test_names_from_telegram_are_shown_as_they_are(stage: Stage) -> None:
    envelope = stage.envelope(ShowHome())
    strange = envelope.actor.model_copy(update={"first_name": "<b>Ann & Co</i>"})
    await stage.run(envelope.model_copy(update={"actor": strange}))
    assert "<b>Ann & Co</i>" in stage.texts()[-1]


async def test_a_tap_too_old_to_be_answered_still_books(stage: Stage) -> None:
    envelope = await stage.tapped(stage.booking("10:00"))
    stage.telegram.emulator.world.callbacks.clear()
    await stage.run(envelope)
    assert len(await stage.shop.live()) == 1
    await stage.promised(Message(kind=CARD, to=Chat(ANNA), state=State.SENT))
