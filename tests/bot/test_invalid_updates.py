"""Updates that nobody can make sense of: counted, and in nobody's way."""

import json

import pytest

from bot.ingest import Outcome
from bot.payload import NotJsonError
from shared.contracts.chat import ExplainButton, Say
from shared.envelope import Actor
from tests.bot import updates
from tests.bot.kit import Kit
from tests.bot.updates import ANN, changed


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
        changed("message.message_id", 2**70),
        changed("message.chat.id", 2**70),
        changed("message.chat.id", -(2**70)),
        changed("callback_query.message.message_id", -1, updates.tap("h")),
        changed("my_chat_member.new_chat_member", None, updates.member("member")),
        changed("my_chat_member.old_chat_member.user", [], updates.member("member")),
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


async def test_what_nobody_can_store_or_see_is_taken_out() -> None:
    kit = Kit()
    sender = updates.person(first_name="A\0n\ud83d\x1bn", last_name="\udfff", username="\ud83dann")
    body = json.dumps(updates.message("half \ud83d,\n\0whole \U0001f600", sender=sender)).encode()
    assert await kit.ingest.accept(body) is Outcome.QUEUED
    assert kit.command == Say(text="half ,\nwhole \U0001f600")
    expected = Actor(id=ANN, first_name="Ann", last_name="", username="ann", language_code="en")
    assert kit.envelope.actor == expected


async def test_whatever_is_long_is_cut() -> None:
    kit = Kit()
    endless = "x" * 200_000
    sender = updates.person(first_name=endless, last_name=endless, username=endless, language_code=endless)
    update = updates.message(endless, sender=sender, media_group_id=endless)
    update["message"]["contact"] = {"phone_number": endless, "user_id": 2**70}
    assert await kit.ingest.accept(update) is Outcome.QUEUED
    assert len(kit.envelope.model_dump_json()) < 5500


@pytest.mark.parametrize("data", ["h" + " " * 64, "h\0", "h\ud83d", "h" + "\0" * 70])
async def test_a_button_that_was_never_ours_is_no_button_once_it_is_cut(data: str) -> None:
    kit = Kit()
    assert await kit.ingest.accept(updates.tap(data)) is Outcome.QUEUED
    assert kit.command == ExplainButton()


async def test_what_is_not_read_may_be_as_deep_as_it_likes() -> None:
    kit = Kit()
    deep: list[object] = []
    for _ in range(150):
        deep = [deep]
    assert await kit.ingest.accept(updates.message("/start", rich_text=deep)) is Outcome.QUEUED
