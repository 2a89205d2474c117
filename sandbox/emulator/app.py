"""The emulator as one web application."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from sandbox.emulator.botapi import BotApi, Downloads
from sandbox.emulator.client import inline, payments, people, watching
from sandbox.emulator.client.requests import Handler, as_json, endpoint
from sandbox.emulator.config import EmulatorConfig
from sandbox.emulator.emulator import Emulator
from sandbox.emulator.store import Store, restore_updates
from sandbox.emulator.world import World

CLIENT: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "/health", watching.health),
    ("GET", "/bots", people.bots),
    ("GET", "/users", people.users),
    ("PUT", "/users/{user}", people.put_user),
    ("GET", "/chats/{user}", people.chat),
    ("POST", "/chats/{user}/messages", people.write),
    ("POST", "/chats/{user}/press", people.press),
    ("POST", "/chats/{user}/pay", payments.pay),
    ("POST", "/users/{user}/inline", inline.ask),
    ("POST", "/users/{user}/guest", inline.call_guest),
    ("GET", "/inline/{id}", inline.answer),
    ("POST", "/inline/{id}/choose", inline.choose),
    ("GET", "/cards/{id}", inline.card),
    ("POST", "/cards/{id}/press", inline.press),
    ("GET", "/payments/{id}", payments.payment),
    ("POST", "/chats/{user}/topics", people.open_topic),
    ("DELETE", "/chats/{user}/topics/{thread}", people.delete_topic),
    ("POST", "/chats/{user}/block", people.block),
    ("POST", "/chats/{user}/unblock", people.unblock),
    ("POST", "/chats/{user}/read", people.read),
    ("GET", "/chats/{user}/events", watching.user_events),
    ("GET", "/callbacks", people.callbacks),
    ("GET", "/callbacks/{id}", people.callback),
    ("GET", "/events", watching.all_events),
    ("GET", "/files/{id}", watching.file),
    ("POST", "/updates", watching.post_update),
    ("GET", "/updates", watching.updates),
    ("GET", "/calls", watching.calls),
    ("GET", "/limits", watching.get_limits),
    ("PUT", "/limits", watching.put_limits),
    ("POST", "/faults", watching.arm_fault),
    ("GET", "/faults", watching.list_faults),
    ("DELETE", "/faults", watching.disarm_faults),
    ("DELETE", "/faults/{id}", watching.disarm_fault),
)


def create_app(config: EmulatorConfig) -> Starlette:
    """Return the emulator; its state is `app.state.emulator`."""
    store = Store(config.state) if config.state else None
    emulator = Emulator(config, store.load() if store else World())
    if store:
        restore_updates(emulator, store)
    app = Starlette(
        routes=_routes(emulator),
        lifespan=lambda _app: _running(emulator, store),
        exception_handlers={HTTPException: _not_found},
    )
    app.state.emulator = emulator
    return app


def _routes(emulator: Emulator) -> list[BaseRoute]:
    api = BotApi(emulator)
    emulator.webhook_reply = api.webhook_reply
    client = [Route(path, endpoint(emulator, handler), methods=[method]) for method, path, handler in CLIENT]
    routes: list[BaseRoute] = [
        Route("/bot{token}/{method}", api),
        Route("/file/bot{token}/{path:path}", Downloads(emulator)),
        Mount("/client", routes=client),
    ]
    if emulator.config.webchat.is_dir():
        routes.append(Mount("/", StaticFiles(directory=emulator.config.webchat, html=True)))
    return routes


@contextlib.asynccontextmanager
async def _running(emulator: Emulator, store: Store | None) -> AsyncIterator[None]:
    async with asyncio.TaskGroup() as tasks:
        emulator.tasks = tasks
        for bot in emulator.by_token.values():
            if bot.webhook is not None:
                emulator.use_webhook(bot, bot.webhook)
        saving = tasks.create_task(_save_regularly(emulator, store)) if store else None
        yield
        emulator.close()
        emulator.tasks = None
        for delivery in emulator.webhooks.values():
            delivery.stop()
        if saving is not None:
            saving.cancel()
    if store is not None:
        store.save(emulator)
        store.close()


async def _save_regularly(emulator: Emulator, store: Store) -> None:
    while True:
        await asyncio.sleep(emulator.config.save_every_seconds)
        store.save(emulator)


async def _not_found(_request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    reason = error.detail if isinstance(error, HTTPException) else "Internal Server Error"
    return as_json({"ok": False, "error_code": status, "description": reason, "error": reason}, status)
