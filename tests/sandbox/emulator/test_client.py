"""The client API: users, chats, events, the menu, the logs."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.sandbox.emulator.driving import ANN, TOKEN, Telegram, button, config, keyboard, running

SECOND = "1000000002:AAsecondSECOND"


async def test_health_and_bots(telegram: Telegram) -> None:
    assert await telegram.get("/health") == {"ok": True}
    [bot] = await telegram.get("/bots")
    me = (await telegram.call("getMe")).result
    assert (bot["id"], bot["username"], bot["webhook"]) == (me["id"], me["username"], False)
    assert me["is_bot"] is True


async def test_users_are_made_and_changed(telegram: Telegram) -> None:
    await telegram.user(first_name="Ann", last_name="Lee", username="ann", language_code="ru")
    assert await telegram.get("/users") == [
        {
            "id": ANN,
            "is_bot": False,
            "first_name": "Ann",
            "last_name": "Lee",
            "username": "ann",
            "language_code": "ru",
        }
    ]
    await telegram.user(first_name="Anna")
    assert await telegram.get("/users") == [{"id": ANN, "is_bot": False, "first_name": "Anna"}]
    assert (await telegram.request("PUT", f"/client/users/{ANN}", json={})).status == 400
    assert (await telegram.request("PUT", "/client/users/x", json={"first_name": "A"})).status == 404


async def test_what_a_user_writes(telegram: Telegram) -> None:
    await telegram.user(language_code="ru")
    sent = await telegram.post(f"/chats/{ANN}/messages", text="/start ref  ")
    assert sent["message"]["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
    assert (sent["message"]["text"], sent["message"]["outgoing"]) == ("/start ref", True)
    await telegram.post(f"/chats/{ANN}/messages", location={"latitude": 1.5, "longitude": 2})
    await telegram.post(f"/chats/{ANN}/messages", contact={"phone_number": "+1", "first_name": "A"})
    await telegram.post(f"/chats/{ANN}/messages", text="😀" * 4096)
    updates = [one["message"] for one in (await telegram.call("getUpdates")).result]
    assert updates[0]["from"]["language_code"] == "ru"
    assert updates[1]["location"] == {"latitude": 1.5, "longitude": 2}
    assert updates[2]["contact"]["phone_number"] == "+1"
    assert [one["message_id"] for one in updates] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    "content",
    [{}, {"text": ""}, {"text": 5}, {"text": "x" * 4097}, {"text": "x", "location": {}},
     {"location": {"latitude": 91}},
     {"location": {"latitude": True, "longitude": 1}}, {"contact": {}}],
)  # fmt: skip
async def test_messages_that_make_no_sense(telegram: Telegram, content: dict[str, object]) -> None:
    await telegram.user()
    answer = await telegram.request("POST", f"/client/chats/{ANN}/messages", json=content)
    assert answer.status == 400
    assert answer.json["error"].endswith(".")


async def test_nobody(telegram: Telegram) -> None:
    for path in ("/chats/5", "/chats/5/events", "/callbacks/5", "/files/5", "/nope"):
        answer = await telegram.request("GET", f"/client{path}")
        assert answer.status == 404
        assert answer.json["error"]
    assert (await telegram.request("POST", "/client/chats/5/messages", json={"text": "x"})).status == 404
    assert (await telegram.request("POST", "/client/chats/5/press", data=b"{")).status == 400


async def test_blocking(telegram: Telegram) -> None:
    await telegram.started()
    sent = await telegram.send(reply_markup=keyboard([button()]))
    assert await telegram.post(f"/chats/{ANN}/block") == {"blocked": True}
    for path, body in (
        ("messages", {"text": "x"}),
        ("press", {"message_id": sent["message_id"], "data": "a"}),
    ):
        answer = await telegram.request("POST", f"/client/chats/{ANN}/{path}", json=body)
        assert (answer.status, answer.json) == (409, {"error": "The user has blocked the bot."})
    assert (await telegram.get(f"/chats/{ANN}"))["blocked"] is True
    await telegram.post(f"/chats/{ANN}/block")
    [update] = (await telegram.call("getUpdates")).result
    change = update["my_chat_member"]
    assert (change["old_chat_member"]["status"], change["new_chat_member"]["status"]) == ("member", "kicked")


async def test_pressing(telegram: Telegram) -> None:
    await telegram.started()
    rows = keyboard(
        [button("Go", "go"), {"text": "No", "disabled": {}}, {"text": "Web", "url": "https://e.com"}]
    )
    message_id = (await telegram.send(reply_markup=rows))["message_id"]
    for wanted, status in (
        ({"data": "go"}, 200),
        ({"text": "Go"}, 200),
        ({"data": "other"}, 404),
        ({"text": "No"}, 409),
        ({"text": "Web"}, 409),
        ({}, 400),
    ):
        answer = await telegram.request(
            "POST", f"/client/chats/{ANN}/press", json={"message_id": message_id, **wanted}
        )
        assert answer.status == status, wanted


async def test_a_reply_keyboard_button_sends_its_text(telegram: Telegram) -> None:
    await telegram.started()
    markup = {"keyboard": [["Book"], [{"text": "Phone", "request_contact": True}]], "resize_keyboard": True}
    message_id = (await telegram.send(reply_markup=markup))["message_id"]
    chat = await telegram.get(f"/chats/{ANN}")
    assert chat["keyboard"]["keyboard"][0] == [{"text": "Book"}]
    assert chat["messages"][-1]["reply_markup"] == chat["keyboard"]
    pressed = await telegram.post(f"/chats/{ANN}/press", message_id=message_id, text="Book")
    assert pressed["message"]["text"] == "Book"
    pressed = await telegram.post(f"/chats/{ANN}/press", message_id=message_id, text="Phone")
    assert pressed["message"]["contact"]["user_id"] == ANN
    await telegram.send(reply_markup={"remove_keyboard": True})
    assert (await telegram.get(f"/chats/{ANN}"))["keyboard"] is None


async def test_pages_of_a_chat(telegram: Telegram) -> None:
    await telegram.started()
    ids = [(await telegram.send(str(n)))["message_id"] for n in range(4)]
    page = (await telegram.get(f"/chats/{ANN}", limit=2))["messages"]
    assert [one["message_id"] for one in page] == ids[2:]
    page = (await telegram.get(f"/chats/{ANN}", limit=2, before=ids[2]))["messages"]
    assert [one["message_id"] for one in page] == ids[:2]


async def test_reading(telegram: Telegram) -> None:
    await telegram.started()
    first, second = [(await telegram.send(str(n)))["message_id"] for n in range(2)]
    await telegram.post(f"/chats/{ANN}/read", message_id=first)
    seen = {one["message_id"]: one["read"] for one in (await telegram.get(f"/chats/{ANN}"))["messages"]}
    assert (seen[first], seen[second]) == (True, False)


async def test_a_users_events(telegram: Telegram) -> None:
    await telegram.started()
    last = (await telegram.get(f"/chats/{ANN}"))["last"]
    waiting = asyncio.ensure_future(
        telegram.get(f"/chats/{ANN}/events", after=last, timeout=30, types="edit")
    )
    sent = await telegram.send("one", reply_markup=keyboard([button()]))
    where = {"chat_id": ANN, "message_id": sent["message_id"]}
    await telegram.call("editMessageText", **where, text="two")
    [event] = (await waiting)["events"]
    assert (event["type"], event["message"]["text"], event["message"]["edits"]) == ("edit", "two", 1)
    await telegram.call("sendChatAction", chat_id=ANN, action="typing")
    await telegram.call("deleteMessage", **where)
    await telegram.post(f"/chats/{ANN}/block")
    await telegram.post(f"/chats/{ANN}/unblock")
    answer = await telegram.get(f"/chats/{ANN}/events", after=last)
    kinds = [one["type"] for one in answer["events"]]
    assert kinds == ["message", "edit", "typing", "delete", "blocked", "unblocked"]
    assert answer["last"] == answer["events"][-1]["seq"]
    assert await telegram.get(f"/chats/{ANN}/events", after=answer["last"]) == {
        "events": [],
        "last": answer["last"],
    }


async def test_everyones_events_as_a_stream(telegram: Telegram) -> None:
    await telegram.user(1)
    await telegram.user(2)
    headers = {"Last-Event-ID": "1"}
    async with telegram.http.get("/client/events", headers=headers) as stream:
        assert stream.content_type == "text/event-stream"
        await telegram.post("/chats/1/messages", text="hi")
        got: list[tuple[int, str]] = []
        number = 0
        async for line in stream.content:
            if line.startswith(b"id: "):
                number = int(line[4:])
            elif line.startswith(b"data: "):
                event = json.loads(line[6:])
                got.append((event["user_id"], event["type"]))
                assert event["seq"] == number
            if len(got) == 2:
                break
    assert got == [(2, "user"), (1, "message")]


async def test_the_command_menu(telegram: Telegram) -> None:
    await telegram.user(language_code="ru")
    english = [{"command": "start", "description": "Begin"}]
    russian = [{"command": "start", "description": "Начать"}]
    await telegram.call("setMyCommands", commands=english)
    await telegram.call("setMyCommands", commands=json.dumps(russian), language_code="ru")
    assert (await telegram.call("getMyCommands", language_code="ru")).result == russian
    [bot] = await telegram.get("/bots")
    assert bot["commands"] == {"": english, "ru": russian}
    assert (await telegram.get(f"/chats/{ANN}"))["commands"] == russian
    only = [{"command": "today", "description": "Today"}]
    await telegram.call("setMyCommands", commands=only, scope={"type": "chat", "chat_id": ANN})
    assert (await telegram.get(f"/chats/{ANN}"))["commands"] == only
    await telegram.call("deleteMyCommands", scope={"type": "chat", "chat_id": ANN})
    assert (await telegram.get(f"/chats/{ANN}"))["commands"] == russian
    refusals: dict[str, dict[str, Any]] = {
        "BOT_COMMAND_INVALID": {"commands": [{"command": "Nein!", "description": "x"}]},
        "BOT_COMMAND_DESCRIPTION_INVALID": {"commands": [{"command": "a", "description": ""}]},
        "chat not found": {"commands": only, "scope": {"type": "chat", "chat_id": 5}},
    }
    for reason, parameters in refusals.items():
        answer = await telegram.call("setMyCommands", **parameters)
        assert answer.refusal == (400, f"Bad Request: {reason}")


async def test_the_call_log(telegram: Telegram) -> None:
    await telegram.started()
    waiting = asyncio.ensure_future(telegram.get("/calls", method="sendMessage", timeout=30))
    await telegram.call("getMe")
    await telegram.send("logged")
    await telegram.call("nonsense", chat_id=ANN)
    [sent] = await waiting
    assert (sent["method"], sent["chat_id"], sent["status"]) == ("sendMessage", ANN, 200)
    assert sent["params"]["text"] == "logged"
    calls = await telegram.get("/calls", after=sent["seq"])
    assert [(one["method"], one["status"]) for one in calls] == [("nonsense", 404)]
    assert [one["method"] for one in await telegram.get("/calls", limit=1)] == ["nonsense"]
    assert isinstance(sent["at"], float)


async def test_several_bots_have_to_be_named() -> None:
    async with running(replace(config(), tokens=(TOKEN, SECOND))) as telegram:
        await telegram.user()
        first, second = await telegram.get("/bots")
        assert first["username"] != second["username"]
        answer = await telegram.request("POST", f"/client/chats/{ANN}/messages", json={"text": "x"})
        assert answer.status == 400
        path = f"/client/chats/{ANN}/messages?bot={second['id']}"
        assert (await telegram.request("POST", path, json={"text": "for the second"})).status == 200
        assert (await telegram.call("getUpdates")).result == []
        telegram.token = SECOND
        [update] = (await telegram.call("getUpdates")).result
        assert update["message"]["text"] == "for the second"
        assert (await telegram.request("GET", f"/client/chats/{ANN}?bot=7")).status == 404


async def test_the_web_chat_is_served(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<title>chat</title>")
    async with running(replace(config(), webchat=tmp_path)) as telegram:
        async with telegram.http.get("/") as page:
            assert await page.text() == "<title>chat</title>"
        async with telegram.http.get("/nope.js") as page:
            assert page.status == 404
