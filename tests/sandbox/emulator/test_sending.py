"""sendMessage and its kin: what Telegram takes and what it refuses, in its words."""

import io
import json
from typing import Any

import aiohttp
import pytest

from tests.sandbox.emulator.driving import ANN, TOKEN, Telegram, button, keyboard

LONG = "x" * 4097

REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"text": ""}, "message text is empty"),
    ({"text": "   "}, "text must be non-empty"),
    ({"text": LONG}, "message is too long"),
    ({"text": "😀" * 2049}, "message is too long"),
    ({"text": "x", "chat_id": ""}, "chat_id is empty"),
    ({"text": "x", "chat_id": 5}, "chat not found"),
    ({"text": "x", "chat_id": "@nobody"}, "chat not found"),
    ({"text": "x", "parse_mode": "INVALID"}, "unsupported parse_mode"),
    ({"text": "x", "reply_parameters": {"message_id": 999}}, "message to be replied not found"),
    ({"text": "x", "reply_parameters": {}}, 'can\'t find field "message_id"'),
    ({"text": "x", "link_preview_options": {"is_disabled": "yes"}},
     'field "is_disabled" must be of type Boolean'),
    ({"text": "hello", "entities": [{"type": "bold", "offset": 100, "length": 1}]},
     "entity begins after the end of the text at UTF-16 offset 100"),
    ({"text": "hello", "entities": [{"type": "bold", "offset": 0, "length": 100}]},
     "entity beginning at UTF-16 offset 0 ends after the end of the text at UTF-16 offset 100"),
    ({"text": "hello", "entities": [{"type": "bold", "offset": -1, "length": 1}]},
     "receive an entity with incorrect offset -1"),
    ({"text": "hello", "entities": [{"type": "nope", "offset": 0, "length": 1}]},
     "can't parse MessageEntity: Unsupported type specified"),
    ({"text": "hello", "entities": [{"type": "text_link", "offset": 0, "length": 5}]},
     'can\'t parse MessageEntity: Can\'t find field "url"'),
    ({"text": "click", "entities": [{"type": "text_link", "offset": 0, "length": 5, "url": "not-a-url"}]},
     "entity URL 'not-a-url' is invalid: Wrong HTTP URL"),
    ({"text": "x", "reply_markup": "nonsense"}, "can't parse reply keyboard markup JSON object"),
    ({"text": "x", "reply_markup": []}, "object expected as reply markup"),
    ({"text": "x", "reply_markup": {"inline_keyboard": "bad"}},
     'field "inline_keyboard" must be of type Array'),
    ({"text": "x", "reply_markup": {"keyboard": "bad"}}, 'field "keyboard" must be of type Array'),
    ({"text": "x", "reply_markup": {"force_reply": "yes"}}, 'field "force_reply" must be of type Boolean'),
    ({"text": "x", "reply_markup": keyboard([{"callback_data": "x"}])},
     'can\'t parse inline keyboard button: Can\'t find field "text"'),
    ({"text": "x", "reply_markup": keyboard([{"text": "A"}])},
     "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"),
    ({"text": "x", "reply_markup": keyboard([button(data="")])},
     "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"),
    ({"text": "x", "reply_markup": keyboard([button(data="x" * 65)])}, "BUTTON_DATA_INVALID"),
    ({"text": "x", "reply_markup": keyboard([button(data="я" * 33)])}, "BUTTON_DATA_INVALID"),
    ({"text": "x", "reply_markup": keyboard([{"text": "l", "url": "not-a-url"}])},
     "inline keyboard button URL 'not-a-url' is invalid: Wrong HTTP URL"),
    ({"text": "x", "reply_markup": keyboard([{"text": "l", "url": "ftp://example.com"}])},
     "inline keyboard button URL 'ftp://example.com' is invalid: Unsupported URL protocol"),
    ({"text": "x", "reply_markup": keyboard([{"text": "a", "web_app": {"url": "http://example.com"}}])},
     "inline keyboard button Web App URL 'http://example.com' is invalid: Only HTTPS links are allowed"),
    ({"text": "x", "reply_markup": keyboard([{"text": "c", "copy_text": {"text": ""}}])},
     "BUTTON_COPY_TEXT_INVALID"),
    ({"text": "x", "reply_markup": keyboard([{"text": "p", "pay": True}])}, "BUTTON_TYPE_INVALID"),
    ({"text": "x", "reply_markup": keyboard([button(url="https://example.com")])},
     "can't parse inline keyboard button: Exactly one action must be specified"),
    ({"text": "x", "reply_markup": keyboard([button(style="pink")])},
     "can't parse inline keyboard button: Invalid button style specified"),
    ({"text": "x", "reply_markup": keyboard(*[[button()] for _ in range(101)])}, "reply markup is too long"),
    ({"text": "x", "reply_markup": keyboard([button()] * 9)}, "reply markup is too long"),
]  # fmt: skip


@pytest.mark.parametrize(("parameters", "reason"), REFUSED)
async def test_refuses_in_telegrams_words(
    telegram: Telegram, parameters: dict[str, Any], reason: str
) -> None:
    await telegram.started()
    answer = await telegram.call("sendMessage", **{"chat_id": ANN, **parameters})
    assert answer.refusal == (400, f"Bad Request: {reason}")


async def test_the_longest_text_and_data_pass(telegram: Telegram) -> None:
    await telegram.started()
    message = await telegram.send("😀" * 2048, reply_markup=keyboard([button(data="x" * 64)] * 8))
    assert message["text"] == "😀" * 2048
    assert len(message["reply_markup"]["inline_keyboard"][0]) == 8


async def test_people_a_bot_cannot_write_to(telegram: Telegram) -> None:
    await telegram.user()
    answer = await telegram.call("sendMessage", chat_id=ANN, text="x")
    assert answer.refusal == (403, "Forbidden: bot can't initiate conversation with a user")
    await telegram.started()
    await telegram.post(f"/chats/{ANN}/block")
    answer = await telegram.call("sendMessage", chat_id=ANN, text="x")
    assert answer.refusal == (403, "Forbidden: bot was blocked by the user")
    await telegram.post(f"/chats/{ANN}/unblock")
    await telegram.send()
    await telegram.user(deactivated=True)
    answer = await telegram.call("sendMessage", chat_id=ANN, text="x")
    assert answer.refusal == (403, "Forbidden: user is deactivated")


async def test_query_form_and_multipart_are_one(telegram: Telegram) -> None:
    await telegram.started()
    markup = json.dumps(keyboard([button()]))
    parameters = {"chat_id": str(ANN), "text": "hi", "reply_markup": markup}
    path = f"/bot{TOKEN}/SENDMESSAGE"
    with_query = await telegram.request("GET", path, params=parameters)
    with_form = await telegram.request("POST", path, data=parameters)
    writer = aiohttp.FormData(default_to_multipart=True)
    for name, value in parameters.items():
        writer.add_field(name, value)
    with_parts = await telegram.request("POST", path, data=writer)
    shown = [answer.result["reply_markup"] for answer in (with_query, with_form, with_parts)]
    assert shown == [keyboard([button()])] * 3


async def test_plain_text_gets_its_automatic_entities(telegram: Telegram) -> None:
    await telegram.started()
    message = await telegram.send("see https://example.com, /help or a@b.com #tag @someone")
    found = [(one["type"], message["text"][one["offset"] :][: one["length"]]) for one in message["entities"]]
    assert found == [
        ("url", "https://example.com"),
        ("bot_command", "/help"),
        ("email", "a@b.com"),
        ("hashtag", "#tag"),
        ("mention", "@someone"),
    ]


async def test_buttons_keep_their_looks(telegram: Telegram) -> None:
    await telegram.started()
    row = [
        {"text": "No", "disabled": {}},
        button("Yes", "y", style="success"),
        {"text": "Copy", "copy_text": {"text": "c"}},
        {"text": "Find", "switch_inline_query_current_chat": ""},
        {"text": "Open", "url": "https://example.com/x"},
    ]
    message = await telegram.send(reply_markup=keyboard(row))
    assert message["reply_markup"] == keyboard(row)


async def test_location_and_chat_action(telegram: Telegram) -> None:
    await telegram.started()
    assert (await telegram.call("sendChatAction", chat_id=ANN, action="typing")).result is True
    assert (await telegram.get(f"/chats/{ANN}"))["typing"] == "typing"
    place = (await telegram.call("sendLocation", chat_id=ANN, latitude=52.52, longitude=13.4)).result
    assert place["location"] == {"latitude": 52.52, "longitude": 13.4}
    assert (await telegram.get(f"/chats/{ANN}"))["typing"] is None
    answer = await telegram.call("sendChatAction", chat_id=ANN, action="dancing")
    assert answer.refusal == (400, "Bad Request: wrong parameter action in request")


async def test_unknown_method_and_token(telegram: Telegram) -> None:
    assert (await telegram.call("sendPoll")).refusal == (404, "Not Found: method not found")
    answer = await telegram.request("POST", "/bot123:nope/getMe")
    assert answer.refusal == (401, "Unauthorized")


async def test_bodies_that_make_no_sense(telegram: Telegram) -> None:
    path = f"/bot{TOKEN}/sendMessage"
    headers = {"Content-Type": "application/json"}
    for body in (b"{", b"[1]", b'{"text": "\\ud800"}', b"[" * 100_000, b"\xff\xfe"):
        answer = await telegram.request("POST", path, data=body, headers=headers)
        assert answer.refusal[0] == 400
    answer = await telegram.request(
        "POST", path, data=b"nonsense", headers={"Content-Type": "multipart/form-data"}
    )
    assert answer.refusal[0] == 400


async def test_a_body_too_large(telegram: Telegram) -> None:
    body = io.BytesIO(b"x" * (50 * 1024 * 1024 + 1))
    answer = await telegram.request("POST", f"/bot{TOKEN}/sendMessage", data=body)
    assert answer.refusal == (413, "Request Entity Too Large")
