"""What the client makes of answers, of odd ones and of none."""

import json
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from shared.telegram.client import TelegramClient
from shared.telegram.errors import (
    AmbiguousError,
    FloodError,
    RefusedError,
    TelegramError,
    UnavailableError,
    UnreadableError,
)
from tests.bot.fake_telegram import fake_telegram, text
from tests.bot.updates import TOKEN


async def raised_for(body: str) -> TelegramError:
    async with fake_telegram() as telegram, TelegramClient(TOKEN, telegram.url) as client:
        telegram.script("getMe", text(body))
        with pytest.raises(TelegramError) as raised:
            await client.call("getMe")
    return raised.value


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ({"error_code": 400, "description": "Bad Request"}, RefusedError),
        ({"error_code": 429, "parameters": {"retry_after": 3}}, FloodError),
        ({"error_code": 500}, UnavailableError),
        ({"error_code": 503}, UnavailableError),
        ({"error_code": 502}, AmbiguousError),
        ({"error_code": 504}, AmbiguousError),
        ({"error_code": "four hundred"}, UnreadableError),
        ({"error_code": None}, UnreadableError),
        ({"error_code": 400, "parameters": [1]}, UnreadableError),
        ({"error_code": 429, "parameters": {"retry_after": "soon"}}, UnreadableError),
        ({"error_code": 429, "parameters": {"retry_after": None}}, UnreadableError),
        ({"error_code": 400, "parameters": {"migrate_to_chat_id": {}}}, UnreadableError),
        ({"error_code": 400, "parameters": {"migrate_to_chat_id": 2**70}}, UnreadableError),
        ({"error_code": 429, "parameters": {"retry_after": -1}}, UnreadableError),
        ({"error_code": 429, "parameters": {"retry_after": float("inf")}}, UnreadableError),
        ({"error_code": 429, "parameters": {"retry_after": 2**80}}, UnreadableError),
    ],
    ids=str,
)
async def test_each_answer_raises_what_it_means(answer: dict[str, Any], kind: type[TelegramError]) -> None:
    assert type(await raised_for(json.dumps({"ok": False, **answer}))) is kind


async def test_a_group_that_moved_says_where() -> None:
    body = {"ok": False, "error_code": 400, "parameters": {"migrate_to_chat_id": -1001}}
    error = await raised_for(json.dumps(body))
    assert isinstance(error, RefusedError)
    assert error.migrated_to == -1001


async def test_a_connection_that_takes_too_long_was_never_one(monkeypatch: pytest.MonkeyPatch) -> None:
    async def too_long(*_: object) -> None:
        raise TimeoutError

    monkeypatch.setattr(aiohttp.TCPConnector, "_create_connection", too_long)
    async with TelegramClient(TOKEN, "http://127.0.0.1:1") as client:
        with pytest.raises(UnavailableError) as raised:
            await client.call("getMe")
    assert type(raised.value) is UnavailableError


async def test_nobody_who_listens_was_never_a_connection() -> None:
    async with TelegramClient(TOKEN, "http://127.0.0.1:1") as client:
        with pytest.raises(UnavailableError) as raised:
            await client.call("getMe")
    assert type(raised.value) is UnavailableError


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_nobody_is_led_elsewhere_with_the_token(status: int) -> None:
    async with fake_telegram() as telegram, TelegramClient(TOKEN, telegram.url) as client:
        elsewhere = f"{telegram.url}/bot{TOKEN}/getUpdates"
        telegram.script("getMe", lambda: web.Response(status=status, headers={"Location": elsewhere}))
        with pytest.raises(UnavailableError):
            await client.call("getMe")
        assert [method for method, _ in telegram.calls] == ["getMe"]


async def test_what_telegram_says_is_cleaned_and_bounded() -> None:
    error = await raised_for(json.dumps({"ok": False, "error_code": 400, "description": "\0\ud83d" * 10**5}))
    assert isinstance(error, RefusedError)
    assert error.description == ""
    error = await raised_for(json.dumps({"ok": False, "error_code": 400, "description": "no" * 10**5}))
    assert len(str(error)) < 600
