"""Topics in a private chat: opened, written in by both sides, deleted."""

import pytest

from tests.sandbox.emulator.driving import ANN, TOKEN, Json, Telegram, button, config, keyboard, running

NO_THREAD = (400, "Bad Request: message thread not found")
PLACE = {"latitude": 52.5, "longitude": 13.4}


async def opened(telegram: Telegram) -> int:
    await telegram.started()
    answer = await telegram.post(f"/chats/{ANN}/topics", name="Hair")
    return int(answer["thread"])


async def last_update(telegram: Telegram) -> Json:
    return (await telegram.call("getUpdates", offset=-1)).result[0]


async def test_a_topic_begins_with_a_service_message(telegram: Telegram) -> None:
    thread = await opened(telegram)
    told = (await last_update(telegram))["message"]
    assert told["forum_topic_created"]["name"] == "Hair"
    assert (told["message_id"], told["message_thread_id"], told["is_topic_message"]) == (thread, thread, True)


async def test_what_is_said_in_a_topic_says_so(telegram: Telegram) -> None:
    thread = await opened(telegram)
    await telegram.post(f"/chats/{ANN}/messages", text="here", thread=thread)
    assert (await last_update(telegram))["message"]["message_thread_id"] == thread
    await telegram.post(f"/chats/{ANN}/messages", text="there")
    assert "message_thread_id" not in (await last_update(telegram))["message"]


async def test_a_bot_writes_into_a_topic(telegram: Telegram) -> None:
    thread = await opened(telegram)
    sent = await telegram.send(message_thread_id=thread, reply_markup=keyboard([button()]))
    assert (sent["message_thread_id"], sent["is_topic_message"]) == (thread, True)
    venue = await telegram.call(
        "sendVenue", chat_id=ANN, title="A", address="B", message_thread_id=thread, **PLACE
    )
    assert venue.result["message_thread_id"] == thread
    assert "message_thread_id" not in await telegram.send()
    await telegram.press(sent["message_id"], "a")
    assert (await last_update(telegram))["callback_query"]["message"]["message_thread_id"] == thread


async def test_a_reply_key_is_pressed_in_its_topic(telegram: Telegram) -> None:
    thread = await opened(telegram)
    sent = await telegram.send(message_thread_id=thread, reply_markup={"keyboard": [[{"text": "Yes"}]]})
    await telegram.post(f"/chats/{ANN}/press", message_id=sent["message_id"], text="Yes")
    assert (await last_update(telegram))["message"]["message_thread_id"] == thread


async def test_a_topic_that_is_not_there_takes_nothing(telegram: Telegram) -> None:
    thread = await opened(telegram)
    wrong = await telegram.call("sendMessage", chat_id=ANN, text="x", message_thread_id=thread + 1)
    assert wrong.refusal == NO_THREAD
    said = await telegram.request(
        "POST", f"/client/chats/{ANN}/messages", json={"text": "x", "thread": thread + 1}
    )
    assert said.status == 404
    inside = await telegram.send(message_thread_id=thread)
    deleted = await telegram.request("DELETE", f"/client/chats/{ANN}/topics/{thread}")
    assert deleted.status == 200
    gone = await telegram.call("sendMessage", chat_id=ANN, text="x", message_thread_id=thread)
    assert gone.refusal == NO_THREAD
    edit = await telegram.call("editMessageText", chat_id=ANN, message_id=inside["message_id"], text="y")
    assert edit.refusal[1] == "Bad Request: message to edit not found"
    again = await telegram.request("DELETE", f"/client/chats/{ANN}/topics/{thread}")
    assert again.status == 404


@pytest.mark.parametrize("body", [{}, {"name": ""}, {"name": 5}])
async def test_a_topic_has_a_name(telegram: Telegram, body: Json) -> None:
    await telegram.started()
    assert (await telegram.request("POST", f"/client/chats/{ANN}/topics", json=body)).status == 400


async def test_topics_outlive_the_emulator(tmp_path_factory: pytest.TempPathFactory) -> None:
    state = tmp_path_factory.mktemp("state") / "state.db"
    async with running(config(state=state)) as telegram:
        thread = await opened(telegram)
    async with running(config(state=state)) as telegram:
        assert telegram.token == TOKEN
        assert (await telegram.send(message_thread_id=thread))["message_thread_id"] == thread
