"""Webhook delivery: retries, Retry-After, order, secret, expiry, a method call in the answer."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from aiohttp import web

from sandbox.emulator.webhook import SECRET_HEADER
from tests.sandbox.emulator.driving import ANN, Telegram, button, config, keyboard, running, until

BOB = 1002
QUICK = replace(config(), webhook_retry_base_seconds=0.01, webhook_retry_cap_seconds=(0.02, 0.04))


@dataclass
class Hook:
    """A webhook under test: what it got, and how it answers."""

    url: str = ""
    got: asyncio.Queue[dict[str, Any]] = field(default_factory=asyncio.Queue)
    headers: list[dict[str, str]] = field(default_factory=list)
    at: list[float] = field(default_factory=list)
    answer: Callable[[dict[str, Any]], web.Response] = lambda _update: web.Response()
    hold: dict[str, asyncio.Event] = field(default_factory=dict)

    async def receive(self, request: web.Request) -> web.Response:
        update = await request.json()
        self.headers.append(dict(request.headers))
        self.at.append(asyncio.get_running_loop().time())
        await self.got.put(update)
        if (held := self.hold.get(update.get("message", {}).get("text", ""))) is not None:
            await held.wait()
        return self.answer(update)

    async def next(self) -> dict[str, Any]:
        async with asyncio.timeout(10):
            return await self.got.get()


@asynccontextmanager
async def hooked() -> AsyncIterator[Hook]:
    hook = Hook()
    app = web.Application()
    app.router.add_post("/hook", hook.receive)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    hook.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield hook
    await runner.cleanup()


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    async with hooked() as hook:
        yield hook


@pytest.fixture
async def quick() -> AsyncIterator[Telegram]:
    async with running(QUICK) as telegram:
        await telegram.user()
        await telegram.user(BOB)
        yield telegram


async def say(telegram: Telegram, text: str, user_id: int = ANN) -> int:
    sent = await telegram.post(f"/chats/{user_id}/messages", text=text)
    return int(sent["update_id"])


async def fate(telegram: Telegram, update_id: int, name: str) -> dict[str, Any]:
    """Wait until something is known of an update."""
    async with asyncio.timeout(10):
        while True:
            for update in await telegram.get("/updates", after=update_id - 1):
                if update["update_id"] == update_id and update[name]:
                    return dict(update)


async def test_delivers_with_the_secret(quick: Telegram, hook: Hook) -> None:
    await quick.call("setWebhook", url=hook.url, secret_token="s3cret_-", max_connections=7)
    update_id = await say(quick, "hi")
    update = await hook.next()
    assert (update["update_id"], update["message"]["text"]) == (update_id, "hi")
    assert hook.headers[0][SECRET_HEADER] == "s3cret_-"
    assert (await fate(quick, update_id, "confirmed_at"))["attempts"] == 1
    info = (await quick.call("getWebhookInfo")).result
    assert (info["url"], info["max_connections"], info["pending_update_count"]) == (hook.url, 7, 0)


async def test_what_waited_is_delivered_or_dropped(quick: Telegram, hook: Hook) -> None:
    await say(quick, "dropped")
    await quick.call("setWebhook", url=hook.url, drop_pending_updates=True)
    await quick.call("deleteWebhook")
    await say(quick, "kept")
    await quick.call("setWebhook", url=hook.url)
    assert (await hook.next())["message"]["text"] == "kept"


async def test_tries_again_until_it_is_taken(quick: Telegram, hook: Hook) -> None:
    hook.answer = lambda _update: web.Response(status=500 if len(hook.at) < 4 else 200)
    await quick.call("setWebhook", url=hook.url)
    update_id = await say(quick, "hi")
    ids = [(await hook.next())["update_id"] for _ in range(4)]
    assert ids == [update_id] * 4
    assert (await fate(quick, update_id, "confirmed_at"))["attempts"] == 4
    info = (await quick.call("getWebhookInfo")).result
    assert info["last_error_message"] == "Wrong response from the webhook: 500 Internal Server Error"


async def test_the_delays_double_up_to_the_cap(quick: Telegram, hook: Hook) -> None:
    hook.answer = lambda _update: web.Response(status=500)
    await quick.call("setWebhook", url=hook.url)
    await say(quick, "hi")
    for _ in range(5):
        await hook.next()
    gaps = [after - before for before, after in zip(hook.at, hook.at[1:], strict=False)]
    assert gaps[1] >= 0.01
    assert all(gap >= 0.02 for gap in gaps[2:])


async def test_retry_after_is_obeyed_and_does_not_grow(quick: Telegram, hook: Hook) -> None:
    hook.answer = lambda _update: web.Response(
        status=503 if len(hook.at) < 3 else 200, headers={"Retry-After": "1"}
    )
    await quick.call("setWebhook", url=hook.url)
    await say(quick, "hi")
    for _ in range(3):
        await hook.next()
    gaps = [after - before for before, after in zip(hook.at, hook.at[1:], strict=False)]
    assert all(1.0 <= gap < 2.0 for gap in gaps)


async def test_one_at_a_time_in_order_within_a_chat(quick: Telegram, hook: Hook) -> None:
    await quick.call("setWebhook", url=hook.url)
    held = hook.hold["1"] = asyncio.Event()
    first = await say(quick, "1")
    second = await say(quick, "2")
    assert (await hook.next())["update_id"] == first
    other = await say(quick, "of another", BOB)
    assert (await hook.next())["update_id"] == other
    assert hook.got.empty()
    held.set()
    assert (await hook.next())["update_id"] == second


async def test_a_tap_overtakes_a_held_message(quick: Telegram, hook: Hook) -> None:
    await quick.started()
    sent = await quick.send(reply_markup=keyboard([button()]))
    await quick.call("setWebhook", url=hook.url)
    held = hook.hold["held"] = asyncio.Event()
    message = await say(quick, "held")
    assert (await hook.next())["update_id"] == message
    pressed = await quick.press(sent["message_id"], "a")
    assert (await hook.next())["update_id"] == pressed["update_id"]
    held.set()


async def test_connections_are_limited(quick: Telegram, hook: Hook) -> None:
    await quick.call("setWebhook", url=hook.url, max_connections=1)
    held = hook.hold["1"] = asyncio.Event()
    first = await say(quick, "1")
    assert (await hook.next())["update_id"] == first
    second = await say(quick, "2", BOB)
    delivery = next(iter(quick.emulator.webhooks.values()))
    await until(lambda: len(delivery.lanes) == 2)
    assert hook.got.empty()
    held.set()
    assert (await hook.next())["update_id"] == second


async def test_a_tap_expires_and_frees_its_lane(hook: Hook) -> None:
    async with running(replace(QUICK, callback_update_seconds=0.3)) as telegram:
        await telegram.started()
        sent = await telegram.send(reply_markup=keyboard([button()]))
        hook.answer = lambda _update: web.Response(status=500)
        await telegram.call("setWebhook", url=hook.url)
        pressed = await telegram.press(sent["message_id"], "a")
        assert (await fate(telegram, pressed["update_id"], "expired"))["confirmed_at"] is None
        hook.answer = lambda _update: web.Response()
        again = await telegram.press(sent["message_id"], "a")
        await fate(telegram, again["update_id"], "confirmed_at")


async def test_the_answer_may_hold_one_call(quick: Telegram, hook: Hook) -> None:
    call = {"method": "sendMessage", "chat_id": ANN, "text": "from the answer"}
    hook.answer = lambda _update: web.json_response(call)
    await quick.call("setWebhook", url=hook.url)
    await say(quick, "hi")
    await hook.next()
    [logged] = await quick.get("/calls", method="sendMessage", timeout=10)
    assert (logged["status"], logged["params"]["text"]) == (200, "from the answer")
    seen = (await quick.get(f"/chats/{ANN}"))["messages"][-1]
    assert seen["text"] == "from the answer"


async def test_nonsense_in_the_answer_is_passed_over(quick: Telegram, hook: Hook) -> None:
    answers = iter([b"ok", b"{", json.dumps({"method": "nope"}).encode(), b"[]"])
    hook.answer = lambda _update: web.Response(body=next(answers), content_type="application/json")
    await quick.call("setWebhook", url=hook.url)
    for text in ("1", "2", "3", "4"):
        assert (await fate(quick, await say(quick, text), "confirmed_at"))["attempts"] == 1


async def test_nobody_listening(quick: Telegram) -> None:
    await quick.call("setWebhook", url="http://127.0.0.1:9/hook")
    update_id = await say(quick, "hi")
    update = await fate(quick, update_id, "attempts")
    assert update["confirmed_at"] is None
    async with asyncio.timeout(10):
        while "last_error_message" not in (info := (await quick.call("getWebhookInfo")).result):
            pass
    assert info["last_error_message"] == "Connection refused"
    assert info["pending_update_count"] == 1


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        ({"url": "http://example.com/x"}, "bad webhook: An HTTPS URL must be provided for webhook"),
        (
            {"url": "https://example.com:9999/x"},
            "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443",
        ),
        (
            {"url": "http://127.0.0.1/x", "secret_token": "no spaces"},
            "secret token contains unallowed characters",
        ),
        ({"url": "http://127.0.0.1/x", "secret_token": "x" * 257}, "secret token is too long"),
    ],
)
async def test_refused_webhooks(telegram: Telegram, parameters: dict[str, str], reason: str) -> None:
    answer = await telegram.call("setWebhook", **parameters)
    assert answer.refusal == (400, f"Bad Request: {reason}")


async def test_words_about_the_webhook(telegram: Telegram) -> None:
    url = "http://127.0.0.1:9/hook"
    said = [
        (await telegram.call(method, **parameters)).json["description"]
        for method, parameters in (
            ("deleteWebhook", {}),
            ("setWebhook", {"url": url}),
            ("setWebhook", {"url": url}),
            ("setWebhook", {"url": ""}),
        )
    ]
    assert said == [
        "Webhook is already deleted",
        "Webhook was set",
        "Webhook is already set",
        "Webhook was deleted",
    ]
