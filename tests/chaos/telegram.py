"""The emulator as an oracle: what people see as it happens, and what the bot called."""

import asyncio
import json
import re
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import aiohttp

from shared.buttons import unpack_number
from tests.chaos.offers import Json, Live

CARD_BUTTON = re.compile(r"^mv:([0-9a-z]+)\.([0-9a-z]+)$")
CARD_NUMBER = re.compile(r"№ (\d+),")
PATIENCE_SECONDS = 600


@dataclass(slots=True)
class Chat:
    """One customer's chat as their phone shows it."""

    messages: dict[int, Json] = field(default_factory=dict)
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def wait(self, fits: Callable[["Chat"], bool], seconds: float) -> bool:
        """Wait until the chat fits; False when it did not in time."""
        try:
            async with asyncio.timeout(seconds):
                while not fits(self):
                    self.changed.clear()
                    await self.changed.wait()
        except TimeoutError:
            return False
        return True


class Telegram:
    """The client API of the emulator, followed for the length of the run."""

    def __init__(self, client_api: str) -> None:
        self._address = client_api
        self._http = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=50))
        self.chats: defaultdict[int, Chat] = defaultdict(Chat)
        self.calls: list[Json] = []

    async def ask(
        self, method: str, path: str, body: object = None, *, may_be_gone: bool = False, **query: object
    ) -> Any:  # noqa: ANN401 - JSON
        """Make one call; None is the answer where what it is about may be gone, and is.

        Raises AssertionError with the API's sentence when it refuses.
        """
        asked = {name: str(value) for name, value in query.items()}
        timeout = aiohttp.ClientTimeout(total=PATIENCE_SECONDS)
        url = f"{self._address}/{path}"
        async with self._http.request(method, url, json=body, params=asked, timeout=timeout) as response:
            answer = await response.json()
            if response.status == HTTPStatus.NOT_FOUND and may_be_gone:
                return None
            assert response.status == 200, f"{method} {path}: {response.status} {answer}"
            return answer

    async def follow_chats(self) -> None:
        """Keep `chats` up to date until cancelled."""
        after = 0
        while True:
            url, headers = f"{self._address}/events", {"Last-Event-ID": str(after)}
            timeout = aiohttp.ClientTimeout(total=None)
            async with self._http.get(url, headers=headers, timeout=timeout, read_bufsize=2**22) as stream:
                async for line in stream.content:
                    if line.startswith(b"data: "):
                        event = json.loads(line[6:])
                        after = event["seq"]
                        self._note(event)

    def _note(self, event: Json) -> None:
        if event["type"] not in {"message", "edit"}:
            return
        chat, message = self.chats[event["user_id"]], event["message"]
        chat.messages[message["message_id"]] = message
        chat.changed.set()

    async def follow_calls(self) -> None:
        """Collect what the bot calls until cancelled."""
        while True:
            await self.collect_calls(10)
            await asyncio.sleep(1)  # one answer a second with many calls costs less than one a call

    async def collect_calls(self, seconds: float = 0) -> None:
        """Collect the calls made since the last collection."""
        after = self.calls[-1]["seq"] if self.calls else 0
        self.calls += await self.ask("GET", "calls", after=after, timeout=seconds)

    async def close(self) -> None:
        """End the session."""
        await self._http.close()


@asynccontextmanager
async def followed(client_api: str) -> AsyncIterator[Telegram]:
    """Follow an emulator for the length of the block."""
    telegram = Telegram(client_api)
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(telegram.follow_chats()), group.create_task(telegram.follow_calls())]
            yield telegram
            for task in tasks:
                task.cancel()
    finally:
        await telegram.close()


def text_of(message: Json) -> str:
    """Return a message's text or caption."""
    return str(message.get("text") or message.get("caption") or "")


def labelled(message: Json) -> dict[str, str]:
    """Return the data of a message's buttons by their labels."""
    return {button["text"]: button.get("callback_data", "") for button in _buttons(message)}


def buttons_of(message: Json) -> list[str]:
    """Return the data of a message's buttons."""
    return [button.get("callback_data", "") for button in _buttons(message)]


def _buttons(message: Json) -> list[Json]:
    markup = message.get("reply_markup") or {}
    if isinstance(markup, str):
        markup = json.loads(markup)
    return [button for row in markup.get("inline_keyboard", ()) for button in row]


def card_number(message: Json) -> int | None:
    """Return the booking that a card is about."""
    found = CARD_NUMBER.search(text_of(message))
    return int(found[1]) if found else None


def live_card(message: Json) -> Live | None:
    """Return the booking that a card's 'Move' button would move, as the message shows it."""
    for data in buttons_of(message):
        if found := CARD_BUTTON.match(data):
            return Live(unpack_number(found[1]), unpack_number(found[2]), message["message_id"])
    return None
