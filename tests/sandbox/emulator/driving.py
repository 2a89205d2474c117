"""Short ways to act as a bot and as users of a served emulator."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from sandbox.emulator.config import EmulatorConfig
from sandbox.emulator.emulator import Emulator
from sandbox.emulator.server import served

type Json = Any
"""Whatever came out of JSON, or goes into it."""

TOKEN = f"1000000001:{'k' * 35}"
ANN = 1001


@dataclass
class Answer:
    """What came back: the status and the JSON."""

    status: int
    json: Json
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def result(self) -> Json:
        assert self.status == 200, self.json
        return self.json["result"]

    @property
    def refusal(self) -> tuple[int, str]:
        assert self.json["ok"] is False, self.json
        assert self.json["error_code"] == self.status
        return self.status, self.json["description"]


@dataclass
class Caller:
    """Both sides of one emulator over HTTP: the bot's and the users'."""

    http: aiohttp.ClientSession
    url: str
    token: str = TOKEN

    async def request(self, verb: str, path: str, **given: Json) -> Answer:
        async with self.http.request(verb, path, **given) as response:
            content = await response.json(content_type=None)
            return Answer(response.status, content, dict(response.headers))

    async def call(self, method: str, **parameters: Json) -> Answer:
        return await self.request("POST", f"/bot{self.token}/{method}", json=parameters)

    async def get(self, path: str, **query: Json) -> Json:
        answer = await self.request("GET", f"/client{path}", params=query)
        assert answer.status == 200, answer.json
        return answer.json

    async def post(self, path: str, **body: Json) -> Json:
        answer = await self.request("POST", f"/client{path}", json=body)
        assert answer.status == 200, answer.json
        return answer.json

    async def put(self, path: str, **body: Json) -> Json:
        answer = await self.request("PUT", f"/client{path}", json=body)
        assert answer.status == 200, answer.json
        return answer.json

    async def user(self, user_id: int = ANN, **changes: Json) -> int:
        await self.put(f"/users/{user_id}", **{"first_name": "Ann", **changes})
        return user_id

    async def started(self, user_id: int = ANN) -> int:
        """Have a user who has written to the bot; the update is confirmed."""
        await self.user(user_id)
        sent = await self.post(f"/chats/{user_id}/messages", text="/start")
        await self.call("getUpdates", offset=sent["update_id"] + 1)
        return user_id

    async def send(self, text: str = "hello", **parameters: Json) -> Json:
        return (await self.call("sendMessage", chat_id=ANN, text=text, **parameters)).result

    async def press(self, message_id: int, data: str, user_id: int = ANN) -> Json:
        return await self.post(f"/chats/{user_id}/press", message_id=message_id, data=data)


@dataclass
class Telegram(Caller):
    """An emulator in this process, from outside and inside."""

    emulator: Emulator = field(kw_only=True)


def config(**changes: Json) -> EmulatorConfig:
    return EmulatorConfig(**{"tokens": (TOKEN,), "webchat": Path("/nonexistent"), **changes})


async def until(look: Callable[[], object]) -> None:
    """Wait until something holds inside the served emulator."""
    async with asyncio.timeout(10):
        while not look():  # noqa: ASYNC110 - each turn lets the emulator run; nothing is slept away
            await asyncio.sleep(0)


class running:  # noqa: N801 - used as a context manager
    """Serve an emulator with a configuration of its own."""

    def __init__(self, settings: EmulatorConfig) -> None:
        self._served = served(settings)

    async def __aenter__(self) -> Telegram:
        self._running = await self._served.__aenter__()
        self._http = aiohttp.ClientSession(self._running.url)
        token = self._running.emulator.config.tokens[0]
        return Telegram(self._http, self._running.url, token, emulator=self._running.emulator)

    async def __aexit__(self, *exc: object) -> None:
        await self._http.close()
        await self._served.__aexit__(None, None, None)


def keyboard(*rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"inline_keyboard": list(rows)}


def button(text: str = "A", data: str = "a", **more: Json) -> dict[str, Any]:
    return {"text": text, "callback_data": data, **more}
