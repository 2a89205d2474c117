"""getUpdates: offsets, limits, long polls, conflicts, expiry."""

import asyncio
from dataclasses import replace

from tests.sandbox.emulator.driving import ANN, Telegram, config, running, until

OTHER_POLL = (
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
)
WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)


async def say(telegram: Telegram, *texts: str) -> list[int]:
    sent = [await telegram.post(f"/chats/{ANN}/messages", text=text) for text in texts]
    return [one["update_id"] for one in sent]


async def polling(telegram: Telegram) -> None:
    """Wait until a getUpdates is waiting."""
    queue = telegram.emulator.queues[telegram.emulator.bot(None).id]
    await until(lambda: queue.poll is not None)


async def texts(telegram: Telegram, **parameters: object) -> list[str]:
    updates = (await telegram.call("getUpdates", **parameters)).result
    return [update["message"]["text"] for update in updates]


async def test_updates_stay_until_an_offset_confirms_them(telegram: Telegram) -> None:
    await telegram.user()
    first, second, third = await say(telegram, "1", "2", "3")
    assert (second, third) == (first + 1, first + 2)
    assert await texts(telegram) == ["1", "2", "3"]
    assert await texts(telegram, limit=2) == ["1", "2"]
    assert await texts(telegram, offset=second) == ["2", "3"]
    assert await texts(telegram, offset=-1) == ["3"]
    assert await texts(telegram) == ["3"]
    [_, confirmed, pending] = await telegram.get("/updates", after=first - 1)
    assert confirmed["confirmed_at"] >= confirmed["delivered_at"] >= confirmed["created_at"]
    assert (pending["confirmed_at"], pending["attempts"]) == (None, 4)


async def test_a_long_poll_ends_with_the_first_update(telegram: Telegram) -> None:
    await telegram.user()
    poll = asyncio.ensure_future(texts(telegram, timeout=50))
    await polling(telegram)
    await say(telegram, "now")
    assert await poll == ["now"]


async def test_a_second_poll_ends_the_first(telegram: Telegram) -> None:
    await telegram.user()
    first = asyncio.ensure_future(telegram.call("getUpdates", timeout=50))
    await polling(telegram)
    second = asyncio.ensure_future(texts(telegram, timeout=50))
    assert (await first).refusal == (409, OTHER_POLL)
    await polling(telegram)
    await say(telegram, "mine")
    assert await second == ["mine"]


async def test_a_dead_poll_takes_nothing(telegram: Telegram) -> None:
    await telegram.user()
    poll = asyncio.ensure_future(telegram.call("getUpdates", timeout=50))
    await polling(telegram)
    poll.cancel()
    queue = telegram.emulator.queues[telegram.emulator.bot(None).id]
    await until(lambda: queue.poll is None)
    await say(telegram, "unseen")
    [update] = await telegram.get("/updates")
    assert (update["attempts"], update["delivered_at"]) == (0, None)


async def test_a_webhook_excludes_polling(telegram: Telegram) -> None:
    poll = asyncio.ensure_future(telegram.call("getUpdates", timeout=50))
    await polling(telegram)
    await telegram.call("setWebhook", url="http://127.0.0.1:9/hook")
    assert (await poll).refusal == (409, "Conflict: terminated by setWebhook request")
    assert (await telegram.call("getUpdates")).refusal == (409, WEBHOOK_ACTIVE)
    await telegram.call("deleteWebhook")
    assert (await telegram.call("getUpdates")).result == []


async def test_only_what_a_bot_asked_for(telegram: Telegram) -> None:
    await telegram.started()
    await telegram.call("getUpdates", allowed_updates=["my_chat_member"])
    assert await say(telegram, "unwanted") == [None]
    await telegram.post(f"/chats/{ANN}/block")
    [update] = (await telegram.call("getUpdates")).result
    assert update["my_chat_member"]["new_chat_member"]["status"] == "kicked"
    await telegram.call("getUpdates", offset=update["update_id"] + 1, allowed_updates=[])
    await telegram.post(f"/chats/{ANN}/unblock")
    await say(telegram, "wanted again")
    assert len((await telegram.call("getUpdates")).result) == 2


async def test_updates_expire() -> None:
    async with running(replace(config(), message_update_seconds=-1)) as telegram:
        await telegram.user()
        await say(telegram, "late")
        assert (await telegram.call("getUpdates")).result == []
        [update] = await telegram.get("/updates")
        assert update["expired"] is True


async def test_a_repeated_update_comes_again(telegram: Telegram) -> None:
    await telegram.user()
    [first] = await say(telegram, "1")
    [update] = (await telegram.call("getUpdates")).result
    assert await texts(telegram, offset=first + 1) == []
    assert await telegram.post("/updates", **update) == {"update_id": first}
    assert (await telegram.call("getUpdates", offset=first + 1)).result == [update]
    assert (await telegram.call("getUpdates", offset=first + 1)).result == []


async def test_a_forged_update_is_not_checked(telegram: Telegram) -> None:
    posted = await telegram.post("/updates", callback_query={"id": "x", "from": {"id": 5}, "data": "forged"})
    [update] = (await telegram.call("getUpdates")).result
    query = {"id": "x", "from": {"id": 5}, "data": "forged"}
    assert update == {"update_id": posted["update_id"], "callback_query": query}


async def test_a_forged_update_may_come_many_times(telegram: Telegram) -> None:
    await telegram.post("/updates?times=3", callback_query={"id": "x", "from": {"id": 5}, "data": "forged"})
    updates = (await telegram.call("getUpdates")).result
    assert len({update["update_id"] for update in updates}) == 3
    assert {update["callback_query"]["data"] for update in updates} == {"forged"}
