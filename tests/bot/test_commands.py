"""What people write and tap, as the commands it becomes."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ingest import Outcome
from shared.buttons import pack
from shared.cleaning import clean
from shared.contracts.admin import ShowAdmin
from shared.contracts.base import Command
from shared.contracts.booking import Book, Move, Moving, ShowServices, ShowSoonest, ShowSpecialists
from shared.contracts.cancelling import Cancel
from shared.contracts.chat import ExplainButton, Say, SharedDocument
from shared.contracts.menu import ShowHelp, ShowHome, ShowSettings
from shared.contracts.own_visits import ShowBookings
from shared.contracts.people import SetReachable, ShowLanguages
from shared.contracts.staff import ShowAgenda
from shared.envelope import Actor, AnyCommand, ReplyTo
from tests.bot import updates
from tests.bot.kit import NOON, Kit
from tests.bot.updates import ANN, BOT_ID

NASTY_NAMES = ["\u202eAnn\u202c", "\u200b\u200d\ufeff", "عبد الله", "A" * 64, "👩‍👩‍👧‍👦" * 8, "<b>&{0}%s"]


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("/start", ShowHome()),
        ("/start svc_12-a", ShowHome(payload="svc_12-a")),
        ("/start  \n svc", ShowHome(payload="svc")),
        (f"/start {'a' * 64}", ShowHome(payload="a" * 64)),
        (f"/start {'a' * 65}", ShowHome()),
        ("/start two words", ShowHome()),
        ("/start ../etc", ShowHome()),
        ("/start s12-p3", ShowSoonest(service_id=12, specialist_id=3)),
        ("/start s12-20261332", ShowHome(payload="s12-20261332")),
        ("/help s12", ShowHelp()),
        ("/START", ShowHome()),
        ("/start@Bellhop_Bot x", ShowHome(payload="x")),
        ("/book", ShowServices()),
        ("/bookings", ShowBookings()),
        ("/help", ShowHelp()),
        ("/language", ShowLanguages()),
        ("/settings", ShowSettings()),
        ("/today", ShowAgenda()),
        ("/week", ShowAgenda(days=7)),
        ("/admin", ShowAdmin()),
        ("/books", Say(text="/books", unknown_command=True)),
        ("/", Say(text="/", unknown_command=True)),
        ("/ start", Say(text="/ start", unknown_command=True)),
        ("//start", Say(text="//start", unknown_command=True)),
        ("start", Say(text="start")),
        ("see /start", Say(text="see /start")),
        ("😀" * 4096, Say(text="😀" * 4096)),
    ],
)
async def test_a_message_is_a_command(text: str | None, command: Command) -> None:
    kit = Kit()
    assert await kit.ingest.accept(updates.message(text)) is Outcome.QUEUED
    assert kit.command == command
    assert kit.counted("message", "queued") == 1


@pytest.mark.parametrize("name", ["photo", "voice", "sticker", "document", "contact", "rich_message"])
async def test_whatever_is_not_text_is_explained_without_being_read(name: str) -> None:
    kit = Kit()
    update = updates.message(None, caption="/start")
    update["message"][name] = {"what": ["ever"]}
    await kit.ingest.accept(update)
    assert kit.command == Say()


async def test_a_file_is_said_by_where_it_is_and_how_large() -> None:
    kit = Kit()
    sent = {"file_id": "f", "file_unique_id": "u", "file_name": "a\0b" + "c" * 300, "file_size": 7}
    await kit.ingest.accept(updates.message(None, document=sent))
    name = clean(str(sent["file_name"]), 255)
    assert kit.command == Say(document=SharedDocument(file_id="f", name=name, size=7))
    kit = Kit()
    await kit.ingest.accept(updates.message(None, document={**sent, "file_id": "f" * 257}))
    assert kit.command == Say()


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
        ShowHome(),
        ShowSpecialists(service_id=3),
        Book(service_id=1, specialist_id=None, start=NOON),
        Cancel(booking_id=5, version=2),
        Move(moving=Moving(booking_id=5, version=2), specialist_id=9, start=NOON),
    ],
)
async def test_a_tap_is_the_command_its_button_carries(command: AnyCommand) -> None:
    kit = Kit()
    assert await kit.ingest.accept(updates.tap(pack(command), update_id=9)) is Outcome.QUEUED
    assert kit.command == command
    assert kit.envelope.reply_to == ReplyTo(chat_id=ANN, message_id=20, callback_id="tap9")


@pytest.mark.parametrize(
    "data", ["", "zz", "ok:1", "c:1:2:3", "ok:-1::zz", "d:1::" + "z" * 12, "h" * 200, "\0", None]
)
async def test_a_forged_button_is_explained(data: str | None) -> None:
    kit = Kit()
    assert await kit.ingest.accept(updates.tap(data)) is Outcome.QUEUED
    assert kit.command == ExplainButton()


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
    assert kit.envelope.reply_to == ReplyTo(chat_id=ANN, callback_id="tap1")


@pytest.mark.parametrize(("status", "reachable"), [("kicked", False), ("member", True)])
async def test_blocking_and_unblocking(status: str, reachable: bool) -> None:  # noqa: FBT001 - a test's parameter
    kit = Kit()
    assert await kit.ingest.accept(updates.member(status)) is Outcome.QUEUED
    assert kit.command == SetReachable(reachable=reachable)
    assert kit.envelope.reply_to == ReplyTo(chat_id=ANN)


@pytest.mark.parametrize("name", NASTY_NAMES)
async def test_names_arrive_as_they_are(name: str) -> None:
    kit = Kit()
    sender = updates.person(first_name=name, last_name=name, username="ann", language_code="pt-BR")
    await kit.ingest.accept(json.dumps(updates.message("/start", sender=sender)).encode())
    expected = Actor(id=ANN, first_name=name, last_name=name, username="ann", language_code="pt-BR")
    assert kit.envelope.actor == expected
    assert (kit.envelope.bot_id, kit.envelope.update_id, kit.envelope.received_at) == (BOT_ID, 1, NOON)
