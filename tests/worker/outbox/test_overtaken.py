"""An older view never stays over a newer one."""

import re
from datetime import timedelta

from shared.contracts.booking import Book
from shared.contracts.cancelling import Cancel
from shared.i18n.translator import Html
from tests.kit.business import BUSINESS_ID
from tests.worker.outbox.overtaking import overtaken
from tests.worker.outbox.sending import Sending, sending
from tests.worker.shop import ANNA, Shop
from worker.db.models.delivery import Outbox, State
from worker.ui.view import View
from worker.visits import promises


async def test_a_card_that_was_overtaken_while_it_was_sent_is_brought_up_to_date(
    shop: Shop, valkey_url: str
) -> None:
    async def cancel() -> None:
        (booking,) = await shop.live()
        await replica.do(Cancel(booking_id=booking.id, version=booking.version), tap=False)

    async with sending(shop, valkey_url, messages=overtaken(promises.CARD, cancel)) as replica:
        await brought_up_to_date(replica)


async def brought_up_to_date(replica: Sending) -> None:
    await replica.do(
        Book(
            service_id=replica.shop.services["Cut"],
            specialist_id=replica.shop.specialists["Alice"],
            start=(replica.shop.clock.now()).replace(day=25, hour=9),
        ),
        tap=False,
    )
    stale = [each for each in await replica.chat() if "Booked" in each.get("text", "")]
    assert len(stale) == 1
    await replica.poller.run_once()
    cards = [each for each in await replica.chat() if "text" in each and "№" in each["text"]]
    assert len(cards) == 2
    assert all("Cancelled" in card["text"] for card in cards)
    booking = await replica.shop.booking(1)
    assert booking.card_message_id in {card["message_id"] for card in cards}
    await replica.poller.run_once()
    refreshes = await replica.rows(promises.REFRESH)
    assert [row.state for row in refreshes] == [State.SENT] * len(refreshes)


async def test_a_card_that_may_have_been_sent_late_is_not_left_behind(replica: Sending) -> None:
    booking_id = await replica.booked()
    (card,) = await replica.rows(promises.CARD)
    booking = await replica.shop.booking(booking_id)
    async with replica.shop.sessions.begin() as session:
        row = await session.get_one(Outbox, (BUSINESS_ID, card.id))
        row.state, row.attempts, row.due_at = State.PENDING, 1, replica.shop.clock.now()
        row.payload = {"message_id": booking.card_message_id, "version": 1}
    await replica.do(Cancel(booking_id=booking_id, version=1), tap=False)
    # The first worker's late call arrives only now.
    await replica.telegram.call(
        "editMessageText",
        chat_id=booking.customer_id,
        message_id=booking.card_message_id,
        text="an older view",
    )
    await replica.poller.run_once()
    shown = next(each for each in await replica.chat() if each["message_id"] == booking.card_message_id)
    assert "Cancelled" in shown["text"]


async def test_a_late_card_does_not_cover_another_visit_s_card(replica: Sending) -> None:
    message_id = await replica.messenger.send(ANNA, View(Html("Book this visit?")))
    await replica.fault(kind="error", method="editMessageText", status=502, count=1)
    first = await replica.booked(message_id=message_id)
    second = await replica.booked("11:00", message_id=message_id)
    assert [await number(replica, message_id)] == [second]
    await replica.until_due(replica.shop.clock.now() + timedelta(seconds=60))
    for booking_id in (first, second):
        shown = (await replica.shop.booking(booking_id)).card_message_id
        assert shown is not None
        assert await number(replica, shown) == booking_id
    assert await number(replica, message_id) == second


async def number(replica: Sending, message_id: int) -> int | None:
    """Return the number of the visit that a message shows."""
    (text,) = [each["text"] for each in await replica.chat() if each["message_id"] == message_id]
    found = re.search(r"№ (\d+)", text)
    return int(found[1]) if found else None


async def test_a_late_refresh_does_not_cover_another_visit_s_card(replica: Sending) -> None:
    first = await replica.booked()
    message_id = (await replica.shop.booking(first)).card_message_id
    assert message_id is not None
    await replica.fault(kind="error", method="editMessageText", status=502, count=1)
    await replica.do(Cancel(booking_id=first, version=1), tap=False)
    second = await replica.booked("11:00", message_id=message_id)
    await replica.until_due(replica.shop.clock.now() + timedelta(seconds=60))
    assert await number(replica, message_id) == second
    assert {row.state for row in await replica.rows(promises.REFRESH)} == {State.VOID}
