"""The way in: what is taken, dropped, repeated or throttled, and what is said of it."""

import json

import pytest
import structlog

from bot.ingest import Outcome
from bot.notices import WAITING, Notice, RefusedUpdate
from bot.payload import Incoming
from shared.buttons import pack
from shared.clock import SystemClock
from shared.contracts.base import Command
from shared.contracts.booking import ShowSpecialists
from shared.queue import keys
from shared.queue.arq_queue import ArqCommandQueue
from shared.queue.connection import connect
from shared.queue.port import QueueUnavailableError
from tests.bot import updates
from tests.bot.kit import Kit
from tests.bot.updates import ANN, BOT_ID, Json, changed


async def test_blocking_is_never_throttled() -> None:
    kit = Kit(burst=1)
    outcomes = [await kit.ingest.accept(updates.member("kicked", update_id)) for update_id in range(50)]
    assert set(outcomes) == {Outcome.QUEUED}


def in_group(update: Json, kind: str) -> Json:
    event = update.get("message") or update["callback_query"]["message"]
    event["chat"] = updates.chat(-100, kind)
    return update


@pytest.mark.parametrize(
    ("kind", "update"),
    [
        ("message", in_group(updates.message("/start"), "group")),
        ("message", in_group(updates.message("/start"), "supergroup")),
        ("callback_query", in_group(updates.tap("h"), "supergroup")),
        ("my_chat_member", updates.member("kicked", kind="group")),
        ("my_chat_member", updates.member("left")),
        ("message", updates.message("/start", sender=updates.person(is_bot=True))),
        ("message", updates.message(None, pinned_message={"message_id": 1})),
        ("edited_message", {"update_id": 1, "edited_message": {"text": "/start"}}),
        ("channel_post", {"update_id": 1, "channel_post": {}}),
        ("inline_query", {"update_id": 1, "inline_query": {"id": "1", "query": "x"}}),
        ("unknown", {"update_id": 1, "hologram": {"a": 1}}),
    ],
)
async def test_what_leads_nowhere_is_dropped_and_counted(kind: str, update: Json) -> None:
    kit = Kit()
    assert await kit.ingest.accept(update) is Outcome.DROPPED
    assert kit.memory.envelopes == []
    assert kit.counted(kind, "dropped") == 1


async def test_a_dropped_tap_does_not_spin() -> None:
    kit = Kit()
    await kit.ingest.accept(in_group(updates.tap("h"), "group"))
    assert kit.notices() == [Notice("answerCallbackQuery", {"callback_query_id": "tap1"})]


async def test_people_in_groups_do_not_use_up_their_share() -> None:
    kit = Kit(burst=1)
    for update_id in range(5):
        await kit.ingest.accept(in_group(updates.message("hi", update_id), "group"))
    assert await kit.ingest.accept(updates.message("/start", 9)) is Outcome.QUEUED


async def test_a_repeat_is_taken_once() -> None:
    kit = Kit()
    outcomes = [await kit.ingest.accept(updates.tap("h")) for _ in range(50)]
    assert outcomes == [Outcome.QUEUED] + [Outcome.DUPLICATE] * 49
    assert len(kit.memory.envelopes) == 1
    assert kit.notices() == []


async def test_twenty_taps_in_a_second_get_one_notice() -> None:
    kit = Kit()
    outcomes = [await kit.ingest.accept(updates.tap("h", update_id)) for update_id in range(20)]
    assert outcomes == [Outcome.QUEUED] * 10 + [Outcome.THROTTLED] * 10
    sent = kit.notices()
    assert [notice.method for notice in sent] == ["answerCallbackQuery"] * 10
    assert [notice.parameters["callback_query_id"] for notice in sent] == [f"tap{i}" for i in range(10, 20)]
    assert ["text" in notice.parameters for notice in sent] == [True] + [False] * 9
    assert kit.counted("callback_query", "throttled") == 10


async def test_a_flood_is_one_line_in_the_log_and_is_counted() -> None:
    kit = Kit()
    with structlog.testing.capture_logs() as lines:
        for update_id in range(500):
            await kit.ingest.accept(updates.tap("h", update_id))
    assert [line["update_id"] for line in lines if line["result"] == "throttled"] == [10]
    assert len(lines) == 11
    assert kit.counted("callback_query", "throttled") == 490


async def test_what_is_throttled_is_not_even_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    kit = Kit()
    for update_id in range(10):
        await kit.ingest.accept(updates.tap("h", update_id))
    monkeypatch.setattr(Incoming, "trimmed", lambda _: pytest.fail("it was validated"))
    assert await kit.ingest.accept(updates.tap("h", 10)) is Outcome.THROTTLED
    assert len(kit.memory.envelopes) == 10


async def test_hasty_texts_get_one_message() -> None:
    kit = Kit()
    for update_id in range(20):
        await kit.ingest.accept(updates.message("/start", update_id))
    (notice,) = kit.notices()
    assert (notice.method, notice.parameters["chat_id"]) == ("sendMessage", ANN)
    assert notice.parameters["text"]


async def test_courtesies_are_bounded() -> None:
    kit = Kit()
    for number in range(WAITING + 5):
        kit.notifier.refuse(RefusedUpdate(number, number, "tap", "en"), notice=False)
    assert len(kit.notices()) == WAITING
    assert kit.value("bellhop_notices_skipped_total") == 5


async def test_an_outage_is_raised_and_uses_up_no_share() -> None:
    kit = Kit(burst=1)
    kit.memory.down = True
    for _ in range(5):
        with pytest.raises(QueueUnavailableError):
            await kit.ingest.accept(updates.tap("h"))
    kit.memory.down = False
    assert await kit.ingest.accept(updates.tap("h")) is Outcome.QUEUED
    assert kit.counted("callback_query", "unavailable") == 5


async def test_a_handlers_defect_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    kit = Kit()

    def broken(data: str) -> Command:
        raise RuntimeError(f"Ann tapped {data}")

    monkeypatch.setattr("bot.routes.unpack", broken)
    with structlog.testing.capture_logs() as lines:
        assert await kit.ingest.accept(updates.tap("h")) is Outcome.INVALID
    assert "Ann" not in str(lines)
    assert {"RuntimeError"} == {line["error"] for line in lines if "error" in line}


async def test_one_line_an_update_without_anything_personal() -> None:
    kit = Kit()
    sender = updates.person(first_name="Annabel", last_name="Lee", username="secretive")
    with structlog.testing.capture_logs([structlog.contextvars.merge_contextvars]) as lines:
        await kit.ingest.accept(updates.message("my knee hurts", update_id=77, sender=sender))
        await kit.ingest.accept(changed("message.date", "knee", updates.message("hurts")))
    first, second = lines
    assert {name: first[name] for name in ("event", "update_id", "type", "kind", "result", "job")} == {
        "event": "update",
        "update_id": 77,
        "type": "message",
        "kind": "chat.say",
        "result": "queued",
        "job": f"u:{BOT_ID}:77",
    }
    assert first["ms"] >= 0
    assert (second["result"], second["log_level"]) == ("invalid", "warning")
    assert second["reason"].startswith("message.date")
    for word in ("Annabel", "Lee", "secretive", "knee", "hurts"):
        assert word not in str(lines)
    assert structlog.contextvars.get_contextvars() == {}


async def test_a_command_reaches_valkey_once(valkey_url: str) -> None:
    async with connect(valkey_url) as redis:
        kit = Kit(ArqCommandQueue(redis, SystemClock()))
        update = updates.tap(pack(ShowSpecialists(service_id=3)), update_id=5)
        body = json.dumps(update).encode()
        assert await kit.ingest.accept(body) is Outcome.QUEUED
        assert await kit.ingest.accept(update) is Outcome.DUPLICATE
        job = f"u:{BOT_ID}:5"
        ready = keys.INTERACTIVE + keys.READY
        assert await redis.lrange(ready, 0, -1) == [job.encode()]  # type: ignore[misc]
        assert b'"kind":"booking.specialists"' in await redis.get(keys.JOB + job)


async def test_a_defect_ends_with_its_update_and_quotes_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> object:
        raise KeyError("Ann wrote this")

    kit = Kit()
    with monkeypatch.context() as patch, structlog.testing.capture_logs() as lines:
        patch.setattr("bot.ingest.reply_to", broken)
        assert await kit.ingest.accept(updates.message("/start")) is Outcome.INVALID
    [told] = [line for line in lines if line["log_level"] == "error"]
    assert told["error"] == "KeyError"
    assert "test_ingest.py:" in told["where"]
    assert "Ann" not in str(lines)
    assert await kit.ingest.accept(updates.message("/start")) is Outcome.QUEUED
