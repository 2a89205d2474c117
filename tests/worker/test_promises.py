"""The assertion about promises fails where it should."""

from datetime import timedelta

import pytest

from shared.contracts.own_visits import CompleteVisit
from tests.kit.business import BUSINESS_ID
from tests.kit.promises import Message, Promise, TimerSet, a_visit, promised, promising
from tests.worker.shop import ANNA, BEN, NOW, Shop
from worker.outbox import writer
from worker.outbox.message import Chat, OutboxMessage, TimerSetting

HOUR = timedelta(hours=1)
COMPLETE = CompleteVisit(booking_id=7)
FIRST = Message(kind="booking.card", to=Chat(ANNA), about=a_visit(7), due=NOW + HOUR, key="first")
TIMER = TimerSet(kind=COMPLETE.kind, due=NOW + HOUR, fields={"booking_id": 7}, key="timer")


async def write(shop: Shop, key: str, person: int = ANNA, later: timedelta = HOUR) -> None:
    message = OutboxMessage(
        kind="booking.card", destination=Chat(person), key=key, subject=a_visit(7), due_at=NOW + HOUR
    )
    async with shop.sessions.begin() as session:
        await writer.write(session, [message], NOW, timers={"timer": TimerSetting(COMPLETE, NOW + later)})


async def test_what_is_expected_is_found(shop: Shop) -> None:
    assert shop.business_id == BUSINESS_ID
    await promised(shop.sessions)
    await write(shop, "first")
    await promised(shop.sessions, FIRST, TIMER)
    await promised(shop.sessions, Message(kind="booking.card"), of="booking.")
    await promised(shop.sessions, of="staff.")


@pytest.mark.parametrize(
    "expected",
    [
        [],
        [FIRST, FIRST],
        [TIMER, FIRST],
        [Message(kind="booking.card", to=Chat(BEN))],
        [Message(kind="booking.card", about=None)],
        [Message(kind="booking.card", due=NOW)],
        [Message(kind="booking.refresh")],
        [FIRST, TimerSet(kind=COMPLETE.kind, due=NOW)],
    ],
)
async def test_anything_else_is_not(shop: Shop, expected: list[Promise]) -> None:
    await write(shop, "first")
    with pytest.raises(AssertionError):
        await promised(shop.sessions, *expected)


async def test_what_was_there_before_is_not_promised_again(shop: Shop) -> None:
    await write(shop, "first")
    async with promising(shop.sessions):
        await write(shop, "first")
    async with promising(shop.sessions, Message(kind="booking.card", to=Chat(BEN))):
        await write(shop, "second", BEN)


async def test_a_timer_that_is_moved_is_promised_anew(shop: Shop) -> None:
    await write(shop, "first")
    moved = TimerSet(kind=COMPLETE.kind, due=NOW + 2 * HOUR)
    async with promising(shop.sessions, moved):
        await write(shop, "first", later=2 * HOUR)
    with pytest.raises(AssertionError):
        async with promising(shop.sessions):
            await write(shop, "first", later=3 * HOUR)
