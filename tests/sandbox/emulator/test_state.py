"""What `--state` keeps, and how the process starts and stops."""

import asyncio
import signal
import socket
import sqlite3
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest

from sandbox.ports import free_port
from tests.sandbox.emulator.driving import ANN, TOKEN, Telegram, button, config, keyboard, running, until
from tests.sandbox.emulator.test_files import ICS, upload


async def fill(telegram: Telegram) -> tuple[int, str, str, int]:
    await telegram.started()
    sent = await telegram.send("kept", reply_markup=keyboard([button()]))
    await telegram.send(reply_markup={"keyboard": [["Menu"]]})
    document = (await upload(telegram, "sendDocument", "document", ICS, "a.ics")).result["document"]
    pressed = await telegram.press(sent["message_id"], "a")
    await telegram.post(f"/chats/{ANN}/read", message_id=sent["message_id"])
    await telegram.call("setMyCommands", commands=[{"command": "a", "description": "b"}])
    return sent["message_id"], document["file_id"], pressed["callback_query_id"], pressed["update_id"]


async def test_everything_is_there_after_a_restart(tmp_path: Path) -> None:
    settings = replace(config(), state=tmp_path / "state" / "emulator.db")
    async with running(settings) as telegram:
        message_id, file_id, query, update_id = await fill(telegram)
        before = await telegram.get(f"/chats/{ANN}")
    async with running(settings) as telegram:
        assert await telegram.get(f"/chats/{ANN}") == before
        async with telegram.http.get(f"/client/files/{file_id}") as response:
            assert await response.read() == ICS
        [update] = (await telegram.call("getUpdates")).result
        assert update["update_id"] == update_id
        assert (await telegram.call("answerCallbackQuery", callback_query_id=query)).result is True
        again = await telegram.press(message_id, "a")
        assert again["update_id"] == update_id + 1
        newest = (await telegram.get(f"/chats/{ANN}"))["messages"][-1]["message_id"]
        assert (await telegram.send())["message_id"] == newest + 1
        [bot] = await telegram.get("/bots")
        assert bot["commands"][""] == [{"command": "a", "description": "b"}]


async def test_what_was_confirmed_does_not_come_back(tmp_path: Path) -> None:
    settings = replace(config(), state=tmp_path / "emulator.db")
    async with running(settings) as telegram:
        await telegram.user()
        await telegram.post(f"/chats/{ANN}/messages", text="pending at the first save")
    async with running(settings) as telegram:
        [update] = (await telegram.call("getUpdates")).result
        await telegram.call("getUpdates", offset=update["update_id"] + 1)
    async with running(settings) as telegram:
        assert (await telegram.call("getUpdates")).result == []


def kept_updates(state: Path) -> int:
    with closing(sqlite3.connect(state)) as database:
        [[count]] = database.execute("SELECT count(*) FROM thing WHERE kind = 'update'")
    return int(count)


async def test_the_file_holds_the_updates_that_wait(tmp_path: Path) -> None:
    state = tmp_path / "emulator.db"
    async with running(replace(config(), state=state, save_every_seconds=0.01)) as telegram:
        await telegram.user()
        await telegram.post(f"/chats/{ANN}/messages", text="waits for the first save")
        await until(lambda: not telegram.emulator.world.changed)
        assert kept_updates(state) == 1
        [update] = (await telegram.call("getUpdates")).result
        await telegram.call("getUpdates", offset=update["update_id"] + 1)
        await until(lambda: not telegram.emulator.world.changed)
        assert kept_updates(state) == 0


async def test_saves_while_it_runs(tmp_path: Path) -> None:
    state = tmp_path / "emulator.db"
    settings = replace(config(), state=state, save_every_seconds=0.01)
    async with running(settings) as telegram:
        await telegram.user()
        await until(lambda: not telegram.emulator.world.changed)
        copy = tmp_path / "copy.db"
        with sqlite3.connect(state) as source, sqlite3.connect(copy) as target:
            source.backup(target)
        source.close()
        target.close()
    async with running(replace(settings, state=copy)) as telegram:
        assert [one["id"] for one in await telegram.get("/users")] == [ANN]


async def emulator(*arguments: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "sandbox.emulator",
        "--token",
        TOKEN,
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def healthy(http: aiohttp.ClientSession) -> None:
    async with asyncio.timeout(30):
        while True:
            try:
                async with http.get("/client/health") as answer:
                    assert await answer.json() == {"ok": True}
                    return
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.05)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_stops_it_quickly_with_polls_open(tmp_path: Path, number: signal.Signals) -> None:
    port = free_port()
    state = tmp_path / "emulator.db"
    process = await emulator("--port", str(port), "--state", str(state))
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as http:
        await healthy(http)
        async with http.put(f"/client/users/{ANN}", json={"first_name": "Ann"}) as made:
            assert made.status == 200
        async with http.get("/client/events") as stream:
            await stream.content.readline()
            poll = asyncio.ensure_future(http.get(f"/bot{TOKEN}/getUpdates?timeout=50"))
            async with http.get(f"/client/chats/{ANN}/events?timeout=0") as answer:
                assert answer.status == 200
            process.send_signal(number)
            async with asyncio.timeout(5):
                out, err = await process.communicate()
            (await poll).close()
    assert (process.returncode, out, err) == (0, b"", b"")
    async with running(replace(config(), state=state)) as telegram:
        assert [one["id"] for one in await telegram.get("/users")] == [ANN]


async def test_a_port_already_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        process = await emulator("--port", str(port))
        out, err = await process.communicate()
    assert (process.returncode, out) == (1, b"")
    assert err.decode() == f"127.0.0.1:{port} cannot be listened on: Address already in use.\n"


async def test_a_state_file_that_is_none(tmp_path: Path) -> None:
    path = tmp_path / "emulator.db"
    path.write_text("this is no database, and it is long enough to tell that at once")
    process = await emulator("--port", str(free_port()), "--state", str(path))
    _, err = await process.communicate()
    assert process.returncode == 1
    assert err.decode() == f"The state file {path} cannot be used: file is not a database.\n"
