"""What people send besides texts: files, voices, stickers; the bot gets them as Telegram gives them."""

from base64 import b64encode

import pytest

from tests.sandbox.emulator.driving import ANN, TOKEN, Json, Telegram
from tests.sandbox.emulator.test_files import ICS, png


def encoded(data: bytes) -> str:
    return b64encode(data).decode()


async def received(telegram: Telegram, **content: Json) -> Json:
    """Send something as Ann and return the message the bot gets."""
    await telegram.post(f"/chats/{ANN}/messages", **content)
    return (await telegram.call("getUpdates", offset=-1)).result[0]["message"]


async def downloaded(telegram: Telegram, file_id: str) -> bytes:
    path = (await telegram.call("getFile", file_id=file_id)).result["file_path"]
    async with telegram.http.get(f"/file/bot{TOKEN}/{path}") as response:
        return await response.read()


async def test_a_photo_of_a_person(telegram: Telegram) -> None:
    await telegram.user()
    data = png(30, 20)
    message = await received(telegram, photo={"data": encoded(data)}, caption="like /this")
    [size] = message["photo"]
    assert (size["width"], size["height"], size["file_size"]) == (30, 20, len(data))
    assert (message["caption"], message["caption_entities"][0]["type"]) == ("like /this", "bot_command")
    assert await downloaded(telegram, size["file_id"]) == data
    again = await telegram.call("sendPhoto", chat_id=ANN, photo=size["file_id"])
    assert again.result["photo"] == [size]


async def test_a_document_of_a_person(telegram: Telegram) -> None:
    await telegram.user()
    message = await received(telegram, document={"data": encoded(ICS), "name": "my visits.ics"})
    document = message["document"]
    assert (document["file_name"], document["mime_type"]) == ("my visits.ics", "text/calendar")
    assert await downloaded(telegram, document["file_id"]) == ICS


async def test_a_voice_and_a_sticker(telegram: Telegram) -> None:
    await telegram.user()
    voice = (await received(telegram, voice={"duration": 3}))["voice"]
    assert (voice["duration"], voice["mime_type"]) == (3, "audio/ogg")
    spoken = (await received(telegram, voice={"data": encoded(b"sound")}))["voice"]
    assert await downloaded(telegram, spoken["file_id"]) == b"sound"
    sticker = (await received(telegram, sticker={"emoji": "🎉"}))["sticker"]
    assert (sticker["emoji"], sticker["is_animated"], sticker["type"]) == ("🎉", False, "regular")
    assert (await downloaded(telegram, sticker["file_id"])).startswith(b"RIFF")


async def test_anything_may_be_a_reply(telegram: Telegram) -> None:
    await telegram.started()
    asked = await telegram.send("Show me.")
    message = await received(telegram, photo={"data": encoded(png(9, 9))}, reply_to=asked["message_id"])
    assert message["reply_to_message"]["text"] == "Show me."


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ({"photo": {}}, "A file's data is its bytes in Base64."),
        ({"photo": {"data": "no base64"}}, "A file's data is its bytes in Base64."),
        ({"photo": {"data": encoded(ICS)}}, "This photo cannot be sent: IMAGE_PROCESS_FAILED."),
        ({"document": {"data": ""}}, "This document cannot be sent: file must be non-empty."),
        ({"document": {"data": "aGk=", "name": 5}}, "A file's name and mime_type are strings."),
        ({"document": 5}, "A document is a JSON object."),
        ({"voice": {"duration": -1}}, "A voice message's duration is a number of seconds."),
        ({"sticker": {"emoji": ""}}, "A sticker's emoji is a string."),
        ({"text": "x", "caption": "x"}, "A caption has 1024 characters at most, and a file."),
        ({"voice": {}, "sticker": {}},
         "A message is one of these: text, location, contact, photo, document, voice, sticker."),
    ],
)  # fmt: skip
async def test_what_a_person_cannot_send(telegram: Telegram, content: Json, sentence: str) -> None:
    await telegram.user()
    answer = await telegram.request("POST", f"/client/chats/{ANN}/messages", json=content)
    assert (answer.status, answer.json) == (400, {"error": sentence})
