"""Photos, places and venues with buttons, and editing them: what Telegram takes and refuses."""

import json
from typing import Any

import pytest

from tests.sandbox.emulator.driving import ANN, Json, Telegram, button, keyboard
from tests.sandbox.emulator.test_files import ICS, png, upload

MARKUP = keyboard([button("Book", "book")])
VENUE = {"latitude": 52.52, "longitude": 13.4, "title": "Barber & Co", "address": "1 Main St"}


async def photo(telegram: Telegram, **more: str) -> Json:
    answer = await upload(telegram, "sendPhoto", "photo", png(30, 20), "a.png", **more)
    return answer.result


async def edit_media(telegram: Telegram, sent: Json, media: Json, **more: Json) -> Json:
    where = {"chat_id": ANN, "message_id": sent["message_id"]}
    return await telegram.call("editMessageMedia", **where, media=media, **more)


async def test_a_photo_with_a_caption_and_buttons(telegram: Telegram) -> None:
    await telegram.started()
    looks = {"show_caption_above_media": "true", "has_spoiler": "true"}
    caption = {"caption": "<b>Haircut</b>", "parse_mode": "HTML"}
    sent = await photo(telegram, **caption, **looks, reply_markup=json.dumps(MARKUP))
    assert (sent["caption"], sent["caption_entities"][0]["type"]) == ("Haircut", "bold")
    assert sent["reply_markup"] == MARKUP
    assert (sent["show_caption_above_media"], sent["has_media_spoiler"]) == (True, True)
    file_id = sent["photo"][-1]["file_id"]
    again = (await telegram.call("sendPhoto", chat_id=ANN, photo=file_id, reply_markup=MARKUP)).result
    assert (again["photo"], again["reply_markup"]) == (sent["photo"], MARKUP)
    await telegram.press(again["message_id"], "book")


async def test_places_with_buttons(telegram: Telegram) -> None:
    await telegram.started()
    sent = (await telegram.call("sendVenue", chat_id=ANN, **VENUE, reply_markup=MARKUP)).result
    point = {"latitude": 52.52, "longitude": 13.4}
    assert sent["venue"] == {"location": point, "title": "Barber & Co", "address": "1 Main St"}
    assert (sent["location"], sent["reply_markup"]) == (point, MARKUP)
    known = {"google_place_id": "x", "foursquare_type": "y"}
    sent = (await telegram.call("sendVenue", chat_id=ANN, **VENUE, **known)).result
    assert sent["venue"].items() >= known.items()
    exact = {**point, "horizontal_accuracy": 5.0}
    sent = (await telegram.call("sendLocation", chat_id=ANN, **exact, reply_markup=MARKUP)).result
    assert (sent["location"], sent["reply_markup"]) == (exact, MARKUP)
    sent = (await telegram.call("sendLocation", chat_id=ANN, **point, live_period=60)).result
    assert sent["location"] == {**point, "live_period": 60}


@pytest.mark.parametrize(
    ("method", "changes", "reason"),
    [
        ("sendVenue", {"latitude": ""}, "latitude is empty"),
        ("sendVenue", {"longitude": None}, "longitude is empty"),
        ("sendVenue", {"latitude": 91}, "wrong venue location specified"),
        ("sendVenue", {"title": " "}, "title is empty"),
        ("sendVenue", {"address": ""}, "address is empty"),
        ("sendLocation", {"latitude": "nan"}, "wrong location specified"),
        ("sendLocation", {"live_period": 59}, "wrong live location period specified"),
    ],
)
async def test_places_that_are_none(
    telegram: Telegram, method: str, changes: dict[str, Any], reason: str
) -> None:
    await telegram.started()
    answer = await telegram.call(method, **{"chat_id": ANN, **VENUE, **changes})
    assert answer.refusal == (400, f"Bad Request: {reason}")


async def test_a_text_becomes_a_photo_and_a_photo_another(telegram: Telegram) -> None:
    await telegram.started()
    text = await telegram.send("<b>Haircut</b>", parse_mode="HTML", reply_markup=MARKUP)
    shown = (await photo(telegram))["photo"]
    media = {"type": "photo", "media": shown[-1]["file_id"], "caption": "*Cut*", "parse_mode": "MarkdownV2"}
    edited = (await edit_media(telegram, text, media, reply_markup=MARKUP)).result
    assert (edited["photo"], edited["caption"], edited["reply_markup"]) == (shown, "Cut", MARKUP)
    assert edited["caption_entities"][0]["type"] == "bold"
    assert not edited.keys() & {"text", "entities"}
    same = await edit_media(telegram, text, media, reply_markup=MARKUP)
    assert "message is not modified" in same.refusal[1]
    document = (await upload(telegram, "sendDocument", "document", ICS, "a.ics")).result["document"]
    media = {"type": "document", "media": document["file_id"]}
    edited = (await edit_media(telegram, text, media)).result
    assert edited["document"] == document
    assert not edited.keys() & {"photo", "caption", "caption_entities", "reply_markup"}


async def test_a_new_photo_comes_with_the_edit(telegram: Telegram) -> None:
    await telegram.started()
    sent = await photo(telegram, caption="old", has_spoiler="true")
    where = {"message_id": str(sent["message_id"])}
    media = json.dumps({"type": "photo", "media": "attach://new", "show_caption_above_media": True})
    answer = await upload(telegram, "editMessageMedia", "new", png(40, 20), "b.png", media=media, **where)
    edited = answer.result
    assert (edited["photo"][0]["width"], edited["show_caption_above_media"]) == (40, True)
    assert not edited.keys() & {"caption", "has_media_spoiler"}


async def test_captions_are_edited_alone(telegram: Telegram) -> None:
    await telegram.started()
    sent = await photo(telegram, has_spoiler="true", reply_markup=json.dumps(MARKUP))
    where = {"chat_id": ANN, "message_id": sent["message_id"]}
    caption = {"caption": "new", "show_caption_above_media": True}
    edited = (await telegram.call("editMessageCaption", **where, **caption, reply_markup=MARKUP)).result
    kept = {"photo": sent["photo"], "has_media_spoiler": True, "reply_markup": MARKUP}
    assert edited.items() >= {**kept, **caption}.items()
    answer = await telegram.call("editMessageCaption", **where, caption="x" * 1025)
    assert answer.refusal == (400, "Bad Request: message caption is too long")


async def test_each_edit_has_its_kind_of_message(telegram: Telegram) -> None:
    await telegram.started()
    text, pictured = await telegram.send(), await photo(telegram)
    place = (await telegram.call("sendVenue", chat_id=ANN, **VENUE)).result
    media = {"type": "photo", "media": pictured["photo"][-1]["file_id"], "caption": "x"}
    edits: dict[str, Json] = {
        "editMessageText": {"text": "new"},
        "editMessageCaption": {"caption": "new"},
        "editMessageMedia": {"media": media},
    }
    refused = [
        ("editMessageText", pictured, "there is no text in the message to edit"),
        ("editMessageText", place, "there is no text in the message to edit"),
        ("editMessageCaption", text, "there is no caption in the message to edit"),
        ("editMessageCaption", place, "there is no caption in the message to edit"),
        ("editMessageMedia", place, "there is no media in the message to edit"),
    ]
    for method, sent, reason in refused:
        where = {"chat_id": ANN, "message_id": sent["message_id"]}
        answer = await telegram.call(method, **where, **edits[method])
        assert answer.refusal == (400, f"Bad Request: {reason}"), method
    for sent in (text, pictured, place):
        where = {"chat_id": ANN, "message_id": sent["message_id"]}
        edited = (await telegram.call("editMessageReplyMarkup", **where, reply_markup=MARKUP)).result
        assert edited["reply_markup"] == MARKUP


@pytest.mark.parametrize(
    ("media", "reason"),
    [
        ("", 'parameter "media" is required'),
        ("{", "can't parse input media JSON object"),
        ([], "can't parse InputMedia: expected an Object"),
        ({"type": "photo"}, "can't parse InputMedia: media not found"),
        ({"type": "photo", "media": "attach://lost"}, "can't parse InputMedia: media not found"),
        ({"media": "x"}, 'can\'t parse InputMedia: Can\'t find field "type"'),
        ({"type": "photo", "media": 5}, 'can\'t parse InputMedia: Field "media" must be of type String'),
        ({"type": "photo", "media": "x", "has_spoiler": 1},
         'can\'t parse InputMedia: Field "has_spoiler" must be of type Boolean'),
        ({"type": "gif", "media": "x"}, 'can\'t parse InputMedia: type "gif" is unsupported'),
        ({"type": "photo", "media": "x"}, "wrong file identifier/HTTP URL specified"),
        ({"type": "photo", "media": "x", "caption": "<b", "parse_mode": "HTML"},
         "can't parse InputMedia: Can't parse entities: Unclosed start tag at byte offset 0"),
        ({"type": "photo", "media": "x", "caption": "x" * 1025}, "message caption is too long"),
    ],
)  # fmt: skip
async def test_media_that_make_no_sense(telegram: Telegram, media: Json, reason: str) -> None:
    await telegram.started()
    answer = await edit_media(telegram, await telegram.send(), media)
    assert answer.refusal == (400, f"Bad Request: {reason}")
