"""Documents and photos: uploaded, sent again, downloaded."""

import struct
import zlib

import aiohttp
import pytest

from tests.sandbox.emulator.driving import ANN, TOKEN, Answer, Telegram

ICS = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


def png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress((b"\0" + b"\xff" * 3 * width) * min(height, 4))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


async def upload(telegram: Telegram, method: str, field: str, data: bytes, name: str, **more: str) -> Answer:
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("chat_id", str(ANN))
    for key, value in more.items():
        form.add_field(key, value)
    form.add_field(field, data, filename=name)
    return await telegram.request("POST", f"/bot{TOKEN}/{method}", data=form)


async def test_a_document_goes_there_and_back(telegram: Telegram) -> None:
    await telegram.started()
    sent = (
        await upload(
            telegram, "sendDocument", "document", ICS, "визит.ics", caption="<b>x</b>", parse_mode="HTML"
        )
    ).result
    document = sent["document"]
    assert (document["file_name"], document["mime_type"], document["file_size"]) == (
        "визит.ics",
        "text/calendar",
        len(ICS),
    )
    assert (sent["caption"], sent["caption_entities"][0]["type"]) == ("x", "bold")

    path = (await telegram.call("getFile", file_id=document["file_id"])).result["file_path"]
    async with telegram.http.get(f"/file/bot{TOKEN}/{path}") as response:
        assert await response.read() == ICS
    async with telegram.http.get(f"/client/files/{document['file_id']}") as response:
        assert await response.read() == ICS
        assert response.content_disposition is not None
        assert response.content_disposition.filename == "визит.ics"

    again = (await telegram.call("sendDocument", chat_id=ANN, document=document["file_id"])).result
    assert again["document"] == document


async def test_attached_under_another_name(telegram: Telegram) -> None:
    await telegram.started()
    answer = await upload(telegram, "sendDocument", "part", ICS, "a.ics", document="attach://part")
    assert answer.result["document"]["file_name"] == "a.ics"


async def test_a_photo_knows_its_size(telegram: Telegram) -> None:
    await telegram.started()
    answer = await upload(telegram, "sendPhoto", "photo", png(30, 20), "a.png")
    [size] = answer.result["photo"]
    assert (size["width"], size["height"]) == (30, 20)


@pytest.mark.parametrize(
    ("method", "field", "data", "more", "reason"),
    [
        ("sendDocument", "other", ICS, {}, "there is no document in the request"),
        ("sendDocument", "other", ICS, {"document": "attach://nope"}, "there is no document in the request"),
        ("sendDocument", "document", b"", {}, "file must be non-empty"),
        ("sendDocument", "document", ICS, {"caption": "x" * 1025}, "message caption is too long"),
        ("sendPhoto", "photo", ICS, {}, "IMAGE_PROCESS_FAILED"),
        ("sendPhoto", "photo", png(9000, 2000), {}, "PHOTO_INVALID_DIMENSIONS"),
        ("sendPhoto", "photo", png(2100, 100), {}, "PHOTO_INVALID_DIMENSIONS"),
    ],
)
async def test_refused_files(
    telegram: Telegram, method: str, field: str, data: bytes, more: dict[str, str], reason: str
) -> None:
    await telegram.started()
    answer = await upload(telegram, method, field, data, "a", **more)
    assert answer.refusal == (400, f"Bad Request: {reason}")


async def test_refused_file_ids(telegram: Telegram) -> None:
    await telegram.started()
    document = (await upload(telegram, "sendDocument", "document", ICS, "a.ics")).result["document"]
    answer = await telegram.call("sendDocument", chat_id=ANN, document="nope")
    assert answer.refusal == (400, "Bad Request: wrong file identifier/HTTP URL specified")
    answer = await telegram.call("sendPhoto", chat_id=ANN, photo=document["file_id"])
    assert answer.refusal == (400, "Bad Request: type of file mismatch")
    assert (await telegram.call("getFile", file_id="nope")).refusal == (400, "Bad Request: invalid file_id")
    async with telegram.http.get(f"/file/bot{TOKEN}/documents/nope") as response:
        assert response.status == 404


async def test_a_caption_can_be_edited(telegram: Telegram) -> None:
    await telegram.started()
    sent = (await upload(telegram, "sendDocument", "document", ICS, "a.ics")).result
    where = {"chat_id": ANN, "message_id": sent["message_id"]}
    assert (await telegram.call("editMessageCaption", **where, caption="new")).result["caption"] == "new"
    answer = await telegram.call("editMessageText", **where, text="x")
    assert answer.refusal == (400, "Bad Request: there is no text in the message to edit")
