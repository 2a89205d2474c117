"""What Telegram answers other than yes: sent again, put off, or sent elsewhere."""

from datetime import timedelta

import pytest

from shared.contracts.menu import ShowHome
from shared.telegram.errors import RefusedError
from tests.kit.business import BUSINESS_ID
from tests.worker.outbox.sending import BOT, Sending, sending
from tests.worker.shop import ANNA, Shop
from worker.db.models.delivery import Outbox, State
from worker.db.outages import asked_pause
from worker.outbox.priority import Limits
from worker.runtime.put_off import ShowLaterError
from worker.visits import promises


async def test_an_ambiguous_send_is_sent_again_and_counted(replica: Sending) -> None:
    await replica.fault(kind="drop", method="sendMessage", count=1)
    await replica.booked()
    (card,) = await replica.rows(promises.CARD)
    assert card.state == State.PENDING
    assert replica.counted("deliveries_ambiguous_total", kind=promises.CARD) == 1
    await replica.until_due(card.due_at)
    assert (await replica.rows(promises.CARD))[0].state == State.SENT
    assert len([each for each in await replica.chat() if "№" in each.get("text", "")]) == 2


async def test_a_flood_wait_postpones_the_row_just_so_long_and_pauses_the_chat(replica: Sending) -> None:
    await replica.fault(kind="flood", method="sendMessage", retry_after=17, count=1)
    await replica.booked()
    (card,) = await replica.rows(promises.CARD)
    assert card.due_at == replica.shop.clock.now() + timedelta(seconds=17)
    left = await replica.redis.pttl(f"bellhop:send:{BOT}:pause:{ANNA}")
    assert 15_000 < left <= 17_000
    assert replica.counted("flood_waits_total", scope="chat") == 1


async def test_an_answer_that_has_to_wait_goes_back_to_the_queue_with_its_time(
    shop: Shop, valkey_url: str
) -> None:
    async with sending(shop, valkey_url, Limits(0, 0.1, 1, 0)) as replica:
        await replica.do(ShowHome(), tap=False)
        with pytest.raises(ShowLaterError) as raised:
            await replica.do(ShowHome(), tap=False)
        assert 5 < asked_pause(raised.value) <= 10
        decided = raised.value.envelope.decided
        assert decided is not None
        assert "Hello" in decided.view["text"]


async def test_a_chat_that_migrated_is_followed(replica: Sending) -> None:
    booking_id = await replica.booked()
    (card,) = await replica.rows(promises.CARD)
    async with replica.shop.sessions.begin() as session:
        row = await session.get_one(Outbox, (BUSINESS_ID, card.id))
        row.state, row.chat_id, row.payload = State.PENDING, -500, {"message_id": 5, "version": 1}
        row.due_at = replica.shop.clock.now()
    gone = RefusedError(400, "Bad Request: group chat was upgraded to a supergroup chat", ANNA)
    ordinary = replica.messenger._telegram.call

    async def call(method: str, parameters: dict[str, object], **more: object) -> object:
        if parameters["chat_id"] == -500:
            raise gone
        return await ordinary(method, parameters, **more)  # type: ignore[arg-type]

    replica.messenger._telegram.call = call  # type: ignore[assignment, method-assign]
    before = len(await replica.chat())
    await replica.poller.run_once()
    await replica.poller.run_once()
    (card,) = await replica.rows(promises.CARD)
    assert (card.state, card.chat_id) == (State.SENT, ANNA)
    assert len(await replica.chat()) == before + 1  # message 5 is not there: it is sent anew
    assert (await replica.shop.booking(booking_id)).card_message_id == card.message_id
