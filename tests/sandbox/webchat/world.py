"""The bot's and the users' side of the web chat's tests."""

import itertools
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientSession, FormData

type Json = dict[str, Any]
TOKEN = "1000000001:AAtesttesttesttesttesttesttesttestte"


@dataclass(slots=True)
class World:
    """A running emulator: acts as the bot, and prepares people."""

    address: str
    session: ClientSession
    ids: "itertools.count[int]" = field(default_factory=lambda: itertools.count(2001))

    async def person(self, name: str = "Maria", *, started: bool = True, **fields: str) -> int:
        """Make a person who has started the bot (or not) and return their id."""
        user = next(self.ids)
        await self.client("PUT", f"users/{user}", {"first_name": name, **fields})
        if started:
            await self.client("POST", f"chats/{user}/messages", {"text": "/start"})
        return user

    async def client(self, method: str, path: str, body: Json | None = None) -> Json:
        """Call the client API."""
        async with self.session.request(method, f"{self.address}/client/{path}", json=body) as response:
            answer = await response.json()
            assert response.ok, answer
            return answer if isinstance(answer, dict) else {"result": answer}

    async def bot(self, method: str, **params: object) -> Json:
        """Call a Bot API method and return its result."""
        url = f"{self.address}/bot{TOKEN}/{method}"
        async with self.session.post(url, json=params) as response:
            answer = await response.json()
            assert answer["ok"], answer
            result = answer["result"]
            return result if isinstance(result, dict) else {"result": result}

    async def say(
        self, user: int, text: str, keyboard: list[list[Json]] | None = None, **params: object
    ) -> int:
        """Send a text as the bot and return the message's id."""
        markup = {"reply_markup": {"inline_keyboard": keyboard}} if keyboard else {}
        sent = await self.bot("sendMessage", chat_id=user, text=text, **markup, **params)
        return int(sent["message_id"])

    async def upload(
        self, user: int, method: str, kind: str, name: str, data: bytes, **params: object
    ) -> int:
        """Send a file as the bot and return the message's id."""
        form = FormData({"chat_id": str(user), **{key: json.dumps(value) for key, value in params.items()}})
        form.add_field(kind, data, filename=name)
        async with self.session.post(f"{self.address}/bot{TOKEN}/{method}", data=form) as response:
            answer = await response.json()
            assert answer["ok"], answer
            return int(answer["result"]["message_id"])

    async def next_press(self, user: int) -> Json:
        """Wait, as the bot, for a user's press and return the callback query."""
        offset = 0
        while True:
            for update in (await self.bot("getUpdates", offset=offset, timeout=10))["result"]:
                offset = update["update_id"] + 1
                query: Json = update.get("callback_query") or {}
                if query.get("from", {}).get("id") == user:
                    await self.bot("getUpdates", offset=offset, timeout=0)
                    return query

    async def texts(self, user: int) -> list[str]:
        """Return what the user has written."""
        chat = await self.client("GET", f"chats/{user}")
        return [str(message.get("text")) for message in chat["messages"] if message["outgoing"]]


@asynccontextmanager
async def connected(address: str) -> AsyncIterator[World]:
    """Be connected to an emulator."""
    async with ClientSession() as session:
        yield World(address, session)
