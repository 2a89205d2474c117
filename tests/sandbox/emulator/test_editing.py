"""Editing and deleting, and answering buttons."""

import asyncio
import time
from dataclasses import replace

from tests.sandbox.emulator.driving import ANN, Telegram, button, config, keyboard, running

NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly "
    "the same as a current content and reply markup of the message"
)
TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"


async def test_text_and_keyboard_change_in_place(telegram: Telegram) -> None:
    await telegram.started()
    sent = await telegram.send(reply_markup=keyboard([button()]))
    edited = (
        await telegram.call(
            "editMessageText",
            chat_id=ANN,
            message_id=sent["message_id"],
            text="<b>new</b>",
            parse_mode="HTML",
        )
    ).result
    assert edited["text"] == "new"
    assert "reply_markup" not in edited
    assert edited["edit_date"] >= edited["date"]
    seen = (await telegram.get(f"/chats/{ANN}"))["messages"][-1]
    assert (seen["text"], seen["edits"]) == ("new", 1)


async def test_an_edit_that_changes_nothing(telegram: Telegram) -> None:
    await telegram.started()
    sent = await telegram.send("same", reply_markup=keyboard([button()]))
    where = {"chat_id": ANN, "message_id": sent["message_id"]}
    markup = keyboard([button()])
    answer = await telegram.call("editMessageText", **where, text="same", reply_markup=markup)
    assert answer.refusal == (400, NOT_MODIFIED)
    answer = await telegram.call("editMessageReplyMarkup", **where, reply_markup=markup)
    assert answer.refusal == (400, NOT_MODIFIED)
    assert (await telegram.call("editMessageReplyMarkup", **where)).result["text"] == "same"


async def test_what_cannot_be_edited(telegram: Telegram) -> None:
    await telegram.started()
    own = (await telegram.get(f"/chats/{ANN}"))["messages"][0]["message_id"]
    menu = await telegram.send(reply_markup={"keyboard": [["A"]]})
    place = (await telegram.call("sendLocation", chat_id=ANN, latitude=1, longitude=2)).result
    refusals = {
        0: "message identifier is not specified",
        999: "message to edit not found",
        own: "message can't be edited",
        menu["message_id"]: "message can't be edited",
        place["message_id"]: "there is no text in the message to edit",
    }
    for message_id, reason in refusals.items():
        answer = await telegram.call("editMessageText", chat_id=ANN, message_id=message_id, text="x")
        assert answer.refusal == (400, f"Bad Request: {reason}")
    answer = await telegram.call(
        "editMessageText",
        chat_id=ANN,
        message_id=menu["message_id"],
        text="x",
        reply_markup={"force_reply": True},
    )
    assert answer.refusal == (400, "Bad Request: inline keyboard expected")


async def test_deleting(telegram: Telegram) -> None:
    await telegram.started()
    sent = await telegram.send(reply_markup=keyboard([button()]))
    where = {"chat_id": ANN, "message_id": sent["message_id"]}
    assert (await telegram.call("deleteMessage", **where)).result is True
    answer = await telegram.call("deleteMessage", **where)
    assert answer.refusal == (400, "Bad Request: message to delete not found")
    answer = await telegram.call("editMessageText", **where, text="x")
    assert answer.refusal == (400, "Bad Request: message to edit not found")
    assert (await telegram.get(f"/chats/{ANN}"))["messages"][-1]["deleted"] is True
    press = await telegram.request("POST", f"/client/chats/{ANN}/press", json={**where, "data": "a"})
    assert press.status == 404


async def test_old_messages_stay(telegram: Telegram) -> None:
    await telegram.started()
    sent = await telegram.send()
    chat = telegram.emulator.world.chats[telegram.emulator.bot(None).id, ANN]
    chat.messages[sent["message_id"]].api["date"] = int(time.time()) - 48 * 3600 - 1
    answer = await telegram.call("deleteMessage", chat_id=ANN, message_id=sent["message_id"])
    assert answer.refusal == (400, "Bad Request: message can't be deleted for everyone")


async def test_a_button_is_answered_once(telegram: Telegram) -> None:
    await telegram.started()
    sent = await telegram.send(reply_markup=keyboard([button(data="go")]))
    pressed = await telegram.press(sent["message_id"], "go")
    query = pressed["callback_query_id"]
    [update] = (await telegram.call("getUpdates")).result
    assert update["update_id"] == pressed["update_id"]
    assert (update["callback_query"]["id"], update["callback_query"]["data"]) == (query, "go")
    assert update["callback_query"]["message"]["message_id"] == sent["message_id"]

    waiting = asyncio.ensure_future(telegram.get(f"/callbacks/{query}", timeout=30))
    parameters = {"callback_query_id": query, "text": "done", "show_alert": True}
    assert (await telegram.call("answerCallbackQuery", **parameters)).result is True
    shown = {"answered": True, "text": "done", "show_alert": True, "url": None}
    assert await waiting == {**shown, "answers": 1}
    assert (await telegram.call("answerCallbackQuery", **parameters)).refusal == (400, TOO_OLD)
    assert await telegram.get(f"/callbacks/{query}") == {**shown, "answers": 2}


async def test_answers_are_counted_for_each_press(telegram: Telegram) -> None:
    await telegram.started()
    sent = await telegram.send(reply_markup=keyboard([button()]))
    presses = [(await telegram.press(sent["message_id"], "a"))["callback_query_id"] for _ in range(3)]
    for number, query in enumerate(presses):
        for _ in range(number):
            await telegram.call("answerCallbackQuery", callback_query_id=query)
    counted = await telegram.get("/callbacks")
    assert [(one["id"], one["answers"]) for one in counted] == list(zip(presses, range(3), strict=True))
    [again] = await telegram.get("/callbacks", min_answers=2)
    assert again == {
        "id": presses[2],
        "user_id": ANN,
        "message_id": sent["message_id"],
        "created_at": again["created_at"],
        "answered": True,
        "answers": 2,
    }


async def test_an_answer_that_is_too_long(telegram: Telegram) -> None:
    await telegram.started()
    sent = await telegram.send(reply_markup=keyboard([button()]))
    query = (await telegram.press(sent["message_id"], "a"))["callback_query_id"]
    answer = await telegram.call("answerCallbackQuery", callback_query_id=query, text="x" * 201)
    assert answer.refusal == (400, "Bad Request: MESSAGE_TOO_LONG")
    assert await telegram.get(f"/callbacks/{query}") == {"answered": False, "answers": 1}


async def test_an_answer_that_comes_too_late() -> None:
    async with running(replace(config(), callback_answer_seconds=-1)) as telegram:
        await telegram.started()
        sent = await telegram.send(reply_markup=keyboard([button()]))
        query = (await telegram.press(sent["message_id"], "a"))["callback_query_id"]
        answer = await telegram.call("answerCallbackQuery", callback_query_id=query)
        assert answer.refusal == (400, TOO_OLD)


async def test_an_answer_to_nothing(telegram: Telegram) -> None:
    assert (await telegram.call("answerCallbackQuery", callback_query_id="1")).refusal == (400, TOO_OLD)
