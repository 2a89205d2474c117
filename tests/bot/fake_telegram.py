"""A small Telegram on loopback for the polling loop: it keeps updates until they are confirmed."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from tests.bot.updates import TOKEN, Json

type Answer = Callable[[], web.Response]


def failure(status: int, description: str, **parameters: object) -> Answer:
    """An error as Telegram words it."""
    body: Json = {"ok": False, "error_code": status, "description": description}
    if parameters:
        body["parameters"] = parameters
    return lambda: web.json_response(body, status=status)


def text(body: str) -> Answer:
    """An answer of these very characters."""
    return lambda: web.Response(text=body, content_type="application/json")


class FakeTelegram:
    """Answers every method with true, and getUpdates with what has come in."""

    def __init__(self) -> None:
        self.url = ""
        self.pending: list[Json] = []
        self.calls: list[tuple[str, Json]] = []
        self.scripted: dict[str, list[Answer]] = {}
        self.reads_aloud: Callable[[list[Json]], str] | None = None
        """Writes a batch of updates instead of a JSON library."""
        self.confirmed = -1
        self._changed = asyncio.Condition()

    def of(self, method: str) -> list[Json]:
        """The parameters of every call of a method."""
        return [parameters for name, parameters in self.calls if name == method]

    def script(self, method: str, *answers: Answer) -> None:
        """Answer the next calls of a method so, before it works again."""
        self.scripted.setdefault(method, []).extend(answers)

    async def offer(self, *updates: Json) -> None:
        """Let updates come in."""
        async with self._changed:
            self.pending.extend(updates)
            self._changed.notify_all()

    async def until(self, fulfilled: Callable[[], bool]) -> None:
        """Wait until calls have made it so."""
        async with asyncio.timeout(20), self._changed:
            await self._changed.wait_for(fulfilled)

    async def handle(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        parameters: Json = await request.json()
        async with self._changed:
            self.calls.append((method, parameters))
            self._changed.notify_all()
        if answers := self.scripted.get(method):
            return answers.pop(0)()
        if method == "getUpdates":
            return await self._updates(parameters)
        return web.json_response({"ok": True, "result": self._result(method)})

    def _result(self, method: str) -> object:
        return {"id": 1, "is_bot": True, "username": "bellhop_bot"} if method == "getMe" else True

    async def _updates(self, parameters: Json) -> web.Response:
        async with self._changed:
            self._confirm(parameters.get("offset"))
            self._changed.notify_all()
            if not self.pending and parameters["timeout"]:
                await self._changed.wait_for(lambda: self.pending)
            batch = self.pending[: parameters["limit"]]
        if self.reads_aloud is not None:
            return web.Response(text=self.reads_aloud(batch), content_type="application/json")
        return web.json_response({"ok": True, "result": batch})

    def _confirm(self, offset: int | None) -> None:
        if offset is None:
            return
        self.confirmed = offset - 1
        numbers: list[Any] = [update.get("update_id") for update in self.pending]
        if offset - 1 in numbers:
            del self.pending[: numbers.index(offset - 1) + 1]


@asynccontextmanager
async def fake_telegram() -> AsyncIterator[FakeTelegram]:
    """Serve one for the length of the block."""
    telegram = FakeTelegram()
    app = web.Application()
    app.router.add_post(f"/bot{TOKEN}/{{method}}", telegram.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    telegram.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield telegram
    finally:
        await runner.cleanup()
