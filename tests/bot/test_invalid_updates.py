"""Updates that nobody can make sense of: counted, and in nobody's way."""

import json

import pytest

from bot.ingest import Outcome
from bot.payload import NotJsonError
from tests.bot import updates
from tests.bot.kit import Kit
from tests.bot.updates import changed


@pytest.mark.parametrize(
    "update",
    [
        None,
        [],
        "text",
        17,
        {},
        {"update_id": 1},
        {"message": {}},
        changed("update_id", "1"),
        changed("update_id", value=True),
        changed("update_id", -1),
        changed("update_id", 2**60),
        changed("message", None),
        changed("message", []),
        changed("message.text", 5),
        changed("message.date", "yesterday"),
        changed("message.from", "me"),
        changed("message.from.id", 2**60),
        changed("message.from.id", None),
        changed("message.from.first_name", None),
        changed("message.chat", None),
        changed("callback_query.message", 5, updates.tap("h")),
        changed("callback_query.id", None, updates.tap("h")),
        changed("callback_query.data", {"a": 1}, updates.tap("h")),
        changed("my_chat_member.new_chat_member", {"status": "wizard"}, updates.member("member")),
    ],
)
async def test_what_cannot_be_understood_is_invalid(update: object) -> None:
    kit = Kit()
    assert await kit.ingest.accept(update) is Outcome.INVALID
    assert kit.memory.envelopes == []


@pytest.mark.parametrize("body", [b"", b"{", b"nonsense", b"\xff\xfe", b'{"update_id": 1,}'])
async def test_what_is_no_json_is_not_telegrams(body: bytes) -> None:
    with pytest.raises(NotJsonError):
        await Kit().ingest.accept(body)


@pytest.mark.parametrize("depth", [300, 5_000, 200_000])
async def test_json_that_is_too_deep_is_invalid(depth: int) -> None:
    kit = Kit()
    deep = b"[" * depth + b"]" * depth
    assert await kit.ingest.accept(b'{"update_id": 1, "message": ' + deep + b"}") is Outcome.INVALID
    assert kit.counted("unknown", "invalid") == 1


async def test_half_a_character_is_invalid() -> None:
    body = json.dumps(updates.message("\ud83d")).encode()
    assert await Kit().ingest.accept(body) is Outcome.INVALID


async def test_what_is_not_read_may_be_as_deep_as_it_likes() -> None:
    kit = Kit()
    deep: list[object] = []
    for _ in range(150):
        deep = [deep]
    assert await kit.ingest.accept(updates.message("/start", rich_text=deep)) is Outcome.QUEUED
