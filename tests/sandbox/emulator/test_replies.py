"""Questions that are to be replied to: force_reply, reply keyboards, and what people reply."""

from typing import Any

import pytest

from tests.sandbox.emulator.driving import ANN, Json, Telegram, button, keyboard

PHONE = {"text": "Phone", "request_contact": True}
PLACE = {"text": "Place", "request_location": True}


def asking(*rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {**keyboard(*rows), "force_reply": True}


async def newest(telegram: Telegram) -> Json:
    return (await telegram.get(f"/chats/{ANN}"))["messages"][-1]


async def last_update(telegram: Telegram) -> Json:
    return (await telegram.call("getUpdates", offset=-1)).result[0]["message"]


async def test_an_inline_keyboard_may_ask_for_a_reply(telegram: Telegram) -> None:
    await telegram.started()
    sent = await telegram.send("Your name?", reply_markup=asking([button("Skip", "skip")]))
    assert sent["reply_markup"] == asking([button("Skip", "skip")])
    assert (await newest(telegram))["reply_markup"]["force_reply"] is True
    plain = await telegram.send(reply_markup={**keyboard([button()]), "force_reply": False})
    assert plain["reply_markup"] == keyboard([button()])


async def test_no_edit_changes_whether_a_reply_is_asked_for(telegram: Telegram) -> None:
    await telegram.started()
    asked = await telegram.send("Name?", reply_markup=asking([button()]))
    plain = await telegram.send("Hello", reply_markup=keyboard([button()]))
    for sent, wanted, kept in ((asked, keyboard, asking), (plain, asking, keyboard)):
        where = {"chat_id": ANN, "message_id": sent["message_id"]}
        other = [button("B", "b")]
        edited = await telegram.call("editMessageReplyMarkup", **where, reply_markup=wanted(other))
        assert edited.result["reply_markup"] == kept(other)
        same = await telegram.call("editMessageReplyMarkup", **where, reply_markup=wanted(other))
        assert "message is not modified" in same.refusal[1]


async def test_other_markups_may_ask_for_a_reply_too(telegram: Telegram) -> None:
    await telegram.started()
    force = {"force_reply": True, "input_field_placeholder": "Ann", "selective": True}
    sent = await telegram.send("Name?", reply_markup=force)
    assert "reply_markup" not in sent
    assert (await newest(telegram))["reply_markup"] == force
    menu = {"keyboard": [[{"text": "Ann"}]], "force_reply": True, "input_field_placeholder": "Name"}
    await telegram.send("Name?", reply_markup={**menu, "inline_keyboard": [[button()]]})
    assert (await newest(telegram))["reply_markup"] == menu


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        (
            {**keyboard([button()]), "force_reply": "yes"},
            'field "force_reply" must be of type Boolean',
        ),
        (
            {"force_reply": True, "input_field_placeholder": 5},
            'field "input_field_placeholder" must be of type String',
        ),
        ({"force_reply": True, "input_field_placeholder": "x" * 65}, "REPLY_MARKUP_INVALID"),
        ({"inline_keyboard": ["x"]},
         'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays'),
    ],
)  # fmt: skip
async def test_markups_that_make_no_sense(telegram: Telegram, markup: Json, reason: str) -> None:
    await telegram.started()
    answer = await telegram.call("sendMessage", chat_id=ANN, text="x", reply_markup=markup)
    assert answer.refusal == (400, f"Bad Request: {reason}")


async def test_a_reply_carries_what_it_replies_to(telegram: Telegram) -> None:
    await telegram.started()
    asked = await telegram.send("Name?", reply_markup=asking([button()]))
    replied = await telegram.post(f"/chats/{ANN}/messages", text="Ann", reply_to=asked["message_id"])
    assert replied["message"]["reply_to_message"] == asked
    assert (await last_update(telegram))["reply_to_message"] == asked
    again = await telegram.post(
        f"/chats/{ANN}/messages", text="I mean Anna", reply_to=replied["message"]["message_id"]
    )
    assert "reply_to_message" not in again["message"]["reply_to_message"]
    for reply_to, status in ((999, 404), ("x", 400), (True, 400)):
        answer = await telegram.request(
            "POST", f"/client/chats/{ANN}/messages", json={"text": "x", "reply_to": reply_to}
        )
        assert answer.status == status


async def test_a_keyboard_asks_for_a_contact_or_a_place(telegram: Telegram) -> None:
    await telegram.started()
    menu = await telegram.send("Who, where?", reply_markup={"keyboard": [[PHONE, PLACE]]})
    pressing = {"message_id": menu["message_id"], "text": "Phone"}
    pressed = await telegram.post(f"/chats/{ANN}/press", **pressing)
    assert pressed["message"]["contact"] == {
        "phone_number": "+00000001001",
        "first_name": "Ann",
        "user_id": ANN,
    }
    assert pressed["message"]["reply_to_message"]["message_id"] == menu["message_id"]
    another = {"phone_number": "+49 30 1", "first_name": "Bob"}
    pressed = await telegram.post(f"/chats/{ANN}/press", **pressing, contact=another)
    assert pressed["message"]["contact"] == another

    pressing = {"message_id": menu["message_id"], "text": "Place"}
    answer = await telegram.request("POST", f"/client/chats/{ANN}/press", json=pressing)
    assert answer.status == 409
    place = {"latitude": 52.5, "longitude": 13.4}
    await telegram.post(f"/chats/{ANN}/press", **pressing, location=place)
    update = await last_update(telegram)
    assert (update["location"], update["reply_to_message"]["text"]) == (place, "Who, where?")


async def test_what_people_cannot_answer_is_refused(telegram: Telegram) -> None:
    await telegram.started()
    poll = {"text": "Poll", "request_poll": {"type": "quiz"}}
    menu = await telegram.send(reply_markup={"keyboard": [[poll]]})
    answer = await telegram.request(
        "POST", f"/client/chats/{ANN}/press", json={"message_id": menu["message_id"], "text": "Poll"}
    )
    assert (answer.status, answer.json["error"]) == (
        409,
        "The button 'Poll' asks for what cannot be sent here.",
    )
