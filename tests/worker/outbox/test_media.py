"""Views with a file: sent, edited into one another, uploaded once, and no less sure than texts."""

from datetime import timedelta
from typing import Any

import pytest

from shared.contracts.menu import ShowHelp, ShowHome
from shared.envelope import Actor, Envelope, ReplyTo
from shared.i18n.translator import Html
from shared.queue.connection import connect
from shared.telegram.client import TelegramClient, Upload
from shared.telegram.errors import AmbiguousError, UnavailableError
from tests.sandbox.emulator.test_files import ICS, png
from tests.worker.outbox.sending import BOT, Sending, sending
from tests.worker.shop import ANNA, Shop
from worker.db.models.delivery import State
from worker.outbox import writer
from worker.outbox.file_ids import FileIds
from worker.outbox.handler import MessageContext, MessageHandler, MessageType
from worker.outbox.message import Chat, ClaimedMessage, OutboxMessage
from worker.outbox.messenger import Messenger
from worker.outbox.permits import Waiter
from worker.outbox.priority import Priority
from worker.runtime.put_off import put_off
from worker.ui.reply import Reply
from worker.ui.view import LONGEST_CAPTION, Button, Media, MediaType, View

KEYS = [[Button("Help", ShowHelp())]]
PICTURE = Media(MediaType.PHOTO, Upload("a.png", png(30, 20), "image/png"))
ANOTHER = Media(MediaType.PHOTO, Upload("b.png", png(20, 30), "image/png"))
FILE = Media(MediaType.DOCUMENT, Upload("a.ics", ICS, "text/calendar"))
TEXT = View(Html("<b>Haircut</b>"), KEYS)
PHOTO = View(Html("<b>Haircut</b> &amp; shave"), KEYS, shows=PICTURE)
DOCUMENT = View(Html("For your calendar"), KEYS, shows=FILE)


async def shown(replica: Sending, message_id: int) -> dict[str, Any]:
    [found] = [each for each in await replica.chat() if each["message_id"] == message_id]
    return found


async def ids(replica: Sending) -> list[int]:
    """Return the messages that are there."""
    return [each["message_id"] for each in await replica.chat() if not each["deleted"]]


def size(message: dict[str, Any]) -> tuple[int, int]:
    largest = message["photo"][-1]
    return largest["width"], largest["height"]


async def test_a_photo_and_a_document_have_words_and_buttons(replica: Sending) -> None:
    photo = await shown(replica, await replica.messenger.send(ANNA, PHOTO))
    assert (size(photo), photo["caption"]) == ((30, 20), "Haircut & shave")
    assert photo["caption_entities"][0]["type"] == "bold"
    document = await shown(replica, await replica.messenger.send(ANNA, DOCUMENT))
    assert (document["document"]["file_name"], document["caption"]) == ("a.ics", "For your calendar")
    for message in (photo, document):
        assert message["reply_markup"]["inline_keyboard"][0][0]["text"] == "Help"


async def test_a_text_becomes_a_photo_another_and_a_document(replica: Sending) -> None:
    message = await replica.messenger.send(ANNA, TEXT)
    assert await replica.messenger.show(ANNA, message, PHOTO) == message
    assert size(await shown(replica, message)) == (30, 20)
    assert await replica.messenger.show(ANNA, message, View(Html("Next"), KEYS, shows=ANOTHER)) == message
    found = await shown(replica, message)
    assert (size(found), found["caption"]) == ((20, 30), "Next")
    assert await replica.messenger.refresh(ANNA, message, DOCUMENT) == message
    assert "photo" not in await shown(replica, message)
    assert await replica.messenger.show(ANNA, message, DOCUMENT) == message  # 'message is not modified'
    assert await ids(replica) == [message]


@pytest.mark.parametrize("show", ["show", "refresh"])
async def test_a_photo_gives_way_to_a_text(replica: Sending, show: str) -> None:
    photo = await replica.messenger.send(ANNA, PHOTO)
    text = await getattr(replica.messenger, show)(ANNA, photo, TEXT)
    assert (await shown(replica, text))["text"] == "Haircut"
    assert await ids(replica) == [text]


async def test_a_photo_that_is_too_old_to_go_loses_its_buttons(replica: Sending) -> None:
    photo = await replica.messenger.send(ANNA, PHOTO)
    emulator = replica.telegram.emulator
    emulator.world.chat(emulator.bot(None), ANNA).messages[photo].api["date"] -= 3 * 24 * 3600
    text = await replica.messenger.show(ANNA, photo, TEXT)
    assert await ids(replica) == [photo, text]
    assert "reply_markup" not in await shown(replica, photo)


async def test_what_was_sent_stands_though_the_old_one_cannot_be_taken_away(replica: Sending) -> None:
    photo = await replica.messenger.send(ANNA, PHOTO)
    await replica.fault(kind="error", method="deleteMessage", status=500, count=1)
    text = await replica.messenger.show(ANNA, photo, TEXT)
    assert await ids(replica) == [photo, text]


async def test_a_message_that_is_gone(replica: Sending) -> None:
    gone = await replica.messenger.send(ANNA, TEXT)
    assert await replica.messenger.delete(ANNA, gone)
    assert await replica.messenger.refresh(ANNA, gone, PHOTO) is None
    anew = await replica.messenger.show(ANNA, gone, PHOTO)
    assert await ids(replica) == [anew]
    assert await replica.messenger.delete(ANNA, gone)


async def test_an_ambiguous_edit_can_be_repeated(replica: Sending) -> None:
    message = await replica.messenger.send(ANNA, TEXT)
    await replica.fault(kind="drop", method="editMessageMedia", count=1)
    with pytest.raises(AmbiguousError):
        await replica.messenger.show(ANNA, message, PHOTO)
    assert await replica.messenger.show(ANNA, message, PHOTO) == message
    assert await ids(replica) == [message]


async def test_while_nothing_took_its_place_the_old_one_stays(replica: Sending) -> None:
    photo = await replica.messenger.send(ANNA, PHOTO)
    await replica.fault(kind="error", method="sendMessage", status=500, count=1)
    with pytest.raises(UnavailableError):
        await replica.messenger.show(ANNA, photo, TEXT)
    assert await ids(replica) == [photo]
    assert "reply_markup" in await shown(replica, photo)


async def uploads(replica: Sending, method: str = "sendPhoto") -> list[bool]:
    """Tell of each call whether it brought the file."""
    named = [str(call["params"]) for call in await replica.calls(method)]
    return ["attach://" in params for params in named]


async def test_the_same_bytes_are_uploaded_once(replica: Sending) -> None:
    for view in (PHOTO, View(Html("Other words"), shows=PICTURE), View(Html(), shows=ANOTHER)):
        await replica.messenger.send(ANNA, view)
    assert await uploads(replica) == [True, False, True]
    message = await replica.messenger.send(ANNA, TEXT)
    await replica.messenger.show(ANNA, message, PHOTO)
    assert await uploads(replica, "editMessageMedia") == [False]
    assert size(await shown(replica, message)) == (30, 20)


async def test_the_same_bytes_as_a_document_are_another_file(replica: Sending) -> None:
    await replica.messenger.send(ANNA, PHOTO)
    await replica.messenger.send(ANNA, View(Html(), shows=Media(MediaType.DOCUMENT, PICTURE.file)))
    assert await uploads(replica, "sendDocument") == [True]


async def test_an_id_that_telegram_forgot_is_replaced(replica: Sending) -> None:
    files = FileIds(replica.redis, BOT)
    await files.keep(PICTURE, "forgotten")
    for _ in range(2):
        await replica.messenger.send(ANNA, PHOTO)
    assert await uploads(replica) == [False, True, False]
    assert await files.find(PICTURE) not in {None, "forgotten"}


async def test_what_is_not_shown_again_is_not_remembered(replica: Sending) -> None:
    once = Media(MediaType.DOCUMENT, FILE.file, reused=False)
    await replica.messenger.send(ANNA, View(Html(), shows=once))
    assert await FileIds(replica.redis, BOT).find(FILE) is None


async def test_without_redis_files_are_uploaded(replica: Sending) -> None:
    async with (
        connect("redis://127.0.0.1:1") as nowhere,
        TelegramClient(replica.telegram.token, replica.telegram.url) as client,
    ):
        messenger = Messenger(client, files=FileIds(nowhere, BOT))
        for _ in range(2):
            await messenger.send(ANNA, PHOTO)
    assert await uploads(replica) == [True, True]


async def test_words_too_many_for_a_caption_are_a_text(replica: Sending) -> None:
    just = View(Html("<b>" + "🙂" * (LONGEST_CAPTION // 2) + "</b>"), shows=PICTURE)
    message = await replica.messenger.send(ANNA, just)
    assert len((await shown(replica, message))["caption"]) == LONGEST_CAPTION // 2
    longer = View(Html("&amp;" * (LONGEST_CAPTION + 1)), shows=PICTURE)
    text = await replica.messenger.show(ANNA, message, longer)
    assert (await shown(replica, text))["text"] == "&" * (LONGEST_CAPTION + 1)


class PictureMessage(MessageHandler[View]):
    """A message that is a picture."""

    async def prepare(self, context: MessageContext, claimed: ClaimedMessage) -> View | State:
        del context, claimed
        return PHOTO

    async def send(self, messenger: Messenger, claimed: ClaimedMessage, content: View) -> int | None:
        return await messenger.show(claimed.message.chat_id, claimed.message.payload.get("place"), content)


async def test_the_outbox_sends_and_edits_pictures(shop: Shop, valkey_url: str) -> None:
    types = [MessageType("test.picture", Priority.REPLY, PictureMessage())]
    async with sending(shop, valkey_url, messages=types) as replica:
        place = await replica.messenger.send(ANNA, TEXT)
        await replica.fault(kind="drop", method="editMessageMedia", count=1)
        now = shop.clock.now()
        promised = [
            OutboxMessage(kind="test.picture", destination=Chat(ANNA), key=key, payload=payload, due_at=now)
            for key, payload in (("new", {}), ("edit", {"place": place}))
        ]
        async with shop.sessions.begin() as session:
            await writer.enqueue(session, promised, now)
        await replica.until_due(now)
        await replica.until_due(now + timedelta(minutes=5))
        rows = await replica.rows("test.picture")
        assert [(row.state, row.message_id) for row in rows] == [
            (State.SENT, place + 1),
            (State.SENT, place),
        ]
        for message in (place, place + 1):
            assert size(await shown(replica, message)) == (30, 20)


async def test_a_reply_that_waited_for_telegram_still_has_its_picture(replica: Sending) -> None:
    message = await replica.messenger.send(ANNA, TEXT)
    envelope = Envelope(
        bot_id=BOT,
        update_id=1,
        received_at=replica.shop.clock.now(),
        actor=Actor(id=ANNA, first_name="Anna"),
        reply_to=ReplyTo(chat_id=ANNA, message_id=message, callback_id="1"),
        command=ShowHome(),
    )
    later = put_off(envelope, Reply(PHOTO), UnavailableError("500"), Waiter())
    kept = Envelope.model_validate_json(later.envelope.model_dump_json())
    await replica.runner.run(kept)
    assert size(await shown(replica, message)) == (30, 20)
    assert (await shown(replica, message))["caption"] == "Haircut & shave"
