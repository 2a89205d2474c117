"""A Telegram that answers what the doctor asks."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

TOKEN = "123456789:AAFdoctor-doctor-doctor-doctor-doct"


class FakeTelegram:
    """Answers getMe and getWebhookInfo."""

    def __init__(self) -> None:
        self.webhook: dict[str, Any] = {"url": "", "pending_update_count": 0}
        self.inline = True
        self.url = ""

    async def answer(self, request: web.Request) -> web.Response:
        """Answer one call."""
        if TOKEN not in request.path:
            return web.json_response(
                {"ok": False, "error_code": 401, "description": "Unauthorized"}, status=401
            )
        bot = {"id": 1, "username": "bell_bot", "supports_inline_queries": self.inline}
        result = self.webhook if request.path.endswith("getWebhookInfo") else bot
        return web.json_response({"ok": True, "result": result})


@asynccontextmanager
async def fake_telegram() -> AsyncIterator[FakeTelegram]:
    """Serve one for the length of the block."""
    fake = FakeTelegram()
    app = web.Application()
    app.router.add_post("/{path:.*}", fake.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    fake.url = "http://{}:{}".format(*runner.addresses[0])
    yield fake
    await runner.cleanup()
