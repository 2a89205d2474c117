import json
from typing import Any

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from bot.ingest import Outcome
from bot.payload import Incoming, NotJsonError
from bot.refusals import WAITING, Courtesy
from shared import commands
from shared.callbacks import pack
from shared.clock import SystemClock
from shared.commands import AnyCommand, Command, Moving
from shared.queue import keys
from shared.queue.arq_queue import ArqCommandQueue
from shared.queue.connection import connect
from shared.queue.port import QueueUnavailableError
from tests.bot import updates
from tests.bot.kit import NOON, Kit
from tests.bot.updates import ANN, BOT_ID, Json

NASTY_NAMES = ["\u202eAnn\u202c", "\u200b\u200d\ufeff", "عبد الله", "A" * 64, "👩‍👩‍👧‍👦" * 8, "<b>&{0}%s"]


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("/start", commands.ShowHome()),
        ("/start svc_12-a", commands.ShowHome(payload="svc_12-a")),
        ("/start  \n svc", commands.ShowHome(payload="svc")),
        (f"/start {'a' * 64}", commands.ShowHome(payload="a" * 64)),
        (f"/start {'a' * 65}", commands.ShowHome()),
        ("/start two words", commands.ShowHome()),
        ("/start ../etc", commands.ShowHome()),
        ("/START", commands.ShowHome()),
        ("/start@Bellhop_Bot x", commands.ShowHome(payload="x")),
        ("/book", commands.ShowServices()),
        ("/bookings", commands.ShowBookings()),
        ("/help", commands.ShowHelp()),
        ("/language", commands.ShowLanguages()),
        ("/settings", commands.ShowSettings()),
        ("/today", commands.ShowAgenda()),
        ("/week", commands.ShowAgenda(days=7)),
        ("/admin", commands.ShowAdmin()),
        ("/books", commands.ExplainText(unknown_command=True)),
        ("/", commands.ExplainText(unknown_command=True)),
        ("/ start", commands.ExplainText(unknown_command=True)),
        ("//start", commands.ExplainText(unknown_command=True)),
        ("start", commands.ExplainText()),
        ("see /start", commands.ExplainText()),
        ("😀" * 4096, commands.ExplainText()),
        (None, commands.ExplainText()),
    ],
)
async def test_a_message_is_a_command(text: str | None, command: Command) -> None:
    kit = Kit()
    assert await kit.ingest.accept(updates.message(text)) is Outcome.QUEUED
    assert kit.command == command
    assert kit.counted("message", "queued") == 1


@pytest.mark.parametrize("name", ["photo", "voice", "sticker", "document", "contact", "a_type_of_tomorrow"])
async def test_whatever_is_not_text_is_explained_without_being_read(name: str) -> None:
    kit = Kit()
    update = updates.message(None, caption="/start")
    update["message"][name] = {"what": ["ever"]}
    await kit.ingest.accept(update)
    assert kit.command == commands.ExplainText()


async def test_commands_for_other_bots_are_not_ours() -> None:
    kit = Kit()
    assert await kit.ingest.accept(updates.message("/start@OtherBot")) is Outcome.DROPPED
    assert kit.memory.envelopes == []


async def test_before_the_name_is_known_every_command_is_ours() -> None:
    kit = Kit()
    kit.identity.username = None
    assert await kit.ingest.accept(updates.message("/help@bellhop_bot")) is Outcome.QUEUED


@pytest.mark.parametrize(
    "command",
    [
        commands.ShowHome(),
        commands.ShowSpecialists(service_id=3),
        commands.Book(service_id=1, specialist_id=None, start=NOON),
        commands.Cancel(booking_id=5, version=2),
        commands.Move(moving=Moving(booking_id=5, version=2), specialist_id=9, start=NOON),
    ],
)
async def test_a_tap_is_the_command_its_button_carries(command: AnyCommand) -> None:
    kit = Kit()
    assert await kit.ingest.accept(updates.tap(pack(command), update_id=9)) is Outcome.QUEUED
    assert kit.command == command
    assert kit.envelope.reply_to == commands.ReplyTo(chat_id=ANN, message_id=20, callback_id="tap9")


@pytest.mark.parametrize(
    "data", ["", "x", "ok:1", "c:1:2:3", "ok:-1::zz", "d:1::" + "z" * 12, "h" * 200, "\0", None]
)
async def test_a_forged_button_is_explained(data: str | None) -> None:
    kit = Kit()
    assert await kit.ingest.accept(updates.tap(data)) is Outcome.QUEUED
    assert kit.command == commands.ExplainButton()


@given(data=st.text(max_size=80))
async def test_no_button_breaks_the_way_in(data: str) -> None:
    assert await Kit().ingest.accept(updates.tap(data)) is Outcome.QUEUED


async def test_a_tap_on_an_old_message_names_it() -> None:
    kit = Kit()
    old = {"message_id": 3, "date": 0, "chat": updates.chat()}
    await kit.ingest.accept(updates.tap("h", message=old))
    assert kit.envelope.reply_to.message_id == 3


async def test_a_tap_on_an_inline_message_is_answered_to_the_person() -> None:
    kit = Kit()
    update = updates.tap("h", inline_message_id="i")
    del update["callback_query"]["message"]
    await kit.ingest.accept(update)
    assert kit.envelope.reply_to == commands.ReplyTo(chat_id=ANN, callback_id="tap1")


@pytest.mark.parametrize(("status", "reachable"), [("kicked", False), ("member", True)])
async def test_blocking_and_unblocking(status: str, reachable: bool) -> None:  # noqa: FBT001 - a test's parameter
    kit = Kit()
    assert await kit.ingest.accept(updates.member(status)) is Outcome.QUEUED
    assert kit.command == commands.SetReachable(reachable=reachable)
    assert kit.envelope.reply_to == commands.ReplyTo(chat_id=ANN)


async def test_blocking_is_never_throttled() -> None:
    kit = Kit(burst=1)
    outcomes = [await kit.ingest.accept(updates.member("kicked", update_id)) for update_id in range(50)]
    assert set(outcomes) == {Outcome.QUEUED}


@pytest.mark.parametrize("name", NASTY_NAMES)
async def test_names_arrive_as_they_are(name: str) -> None:
    kit = Kit()
    sender = updates.person(first_name=name, last_name=name, username="ann", language_code="pt-BR")
    await kit.ingest.accept(json.dumps(updates.message("/start", sender=sender)).encode())
    expected = commands.Actor(id=ANN, first_name=name, last_name=name, username="ann", language_code="pt-BR")
    assert kit.envelope.actor == expected
    assert (kit.envelope.bot_id, kit.envelope.update_id, kit.envelope.received_at) == (BOT_ID, 1, NOON)


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
    assert kit.courtesies() == [Courtesy("answerCallbackQuery", {"callback_query_id": "tap1"})]


async def test_people_in_groups_do_not_use_up_their_share() -> None:
    kit = Kit(burst=1)
    for update_id in range(5):
        await kit.ingest.accept(in_group(updates.message("hi", update_id), "group"))
    assert await kit.ingest.accept(updates.message("/start", 9)) is Outcome.QUEUED


def changed(path: str, value: object, update: Json | None = None) -> Json:
    update = json.loads(json.dumps(update or updates.message("/start")))
    *way, last = path.split(".")
    place: Any = update
    for step in way:
        place = place[step]
    place[last] = value
    return dict(update)


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


async def test_a_repeat_is_taken_once() -> None:
    kit = Kit()
    outcomes = [await kit.ingest.accept(updates.tap("h")) for _ in range(50)]
    assert outcomes == [Outcome.QUEUED] + [Outcome.DUPLICATE] * 49
    assert len(kit.memory.envelopes) == 1
    assert kit.courtesies() == []


async def test_twenty_taps_in_a_second_get_one_notice() -> None:
    kit = Kit()
    outcomes = [await kit.ingest.accept(updates.tap("h", update_id)) for update_id in range(20)]
    assert outcomes == [Outcome.QUEUED] * 10 + [Outcome.THROTTLED] * 10
    sent = kit.courtesies()
    assert [courtesy.method for courtesy in sent] == ["answerCallbackQuery"] * 10
    assert [courtesy.parameters["callback_query_id"] for courtesy in sent] == [
        f"tap{i}" for i in range(10, 20)
    ]
    assert ["text" in courtesy.parameters for courtesy in sent] == [True] + [False] * 9
    assert kit.counted("callback_query", "throttled") == 10


async def test_hasty_texts_get_one_message() -> None:
    kit = Kit()
    for update_id in range(20):
        await kit.ingest.accept(updates.message("/start", update_id))
    (notice,) = kit.courtesies()
    assert (notice.method, notice.parameters["chat_id"]) == ("sendMessage", ANN)
    assert notice.parameters["text"]


async def test_courtesies_are_bounded() -> None:
    kit = Kit()
    for number in range(WAITING + 5):
        kit.refusals.refuse(Incoming(number, "callback_query", number, "en", "tap"), notice=False)
    assert len(kit.courtesies()) == WAITING
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

    monkeypatch.setattr("bot.routers.buttons.unpack", broken)
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
        "kind": "menu.explain",
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
        update = updates.tap(pack(commands.ShowSpecialists(service_id=3)), update_id=5)
        body = json.dumps(update).encode()
        assert await kit.ingest.accept(body) is Outcome.QUEUED
        assert await kit.ingest.accept(update) is Outcome.DUPLICATE
        job = f"u:{BOT_ID}:5"
        assert await redis.zrange(keys.INTERACTIVE, 0, -1) == [job.encode()]
        assert await redis.exists(keys.INTERACTIVE + keys.DOORBELL) == 1
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
