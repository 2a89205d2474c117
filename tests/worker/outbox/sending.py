"""Everything that sends, put together around a served emulator, a real PostgreSQL and a real Valkey."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from arq.connections import ArqRedis
from prometheus_client import CollectorRegistry
from sqlalchemy import select, text

from shared.clock import Clock
from shared.contracts.booking import Book
from shared.envelope import Actor, AnyCommand, Envelope, ReplyTo
from shared.queue.connection import connect
from shared.telegram.client import TelegramClient
from tests.kit.wiring import database_of, wire
from tests.sandbox.emulator.driving import Telegram, config, running
from tests.worker.shop import ANNA, Shop, at
from worker.capabilities import MESSAGES
from worker.db.engine import Sessions
from worker.db.models.booking import BookingEvent
from worker.db.models.delivery import Outbox
from worker.outbox.deliverer import Deliverer
from worker.outbox.file_ids import FileIds
from worker.outbox.handler import MessageType
from worker.outbox.limiter import Limiter
from worker.outbox.limiter_metrics import LimiterMetrics
from worker.outbox.messenger import Messenger
from worker.outbox.pauses import PauseStore
from worker.outbox.poller import OutboxPoller
from worker.outbox.priority import Limits
from worker.outbox.shared_window import SharedWindow
from worker.runtime.runner import CommandRunner

BOT = 1_000_000_001
NO_LIMITS = Limits(0, 0, 9, 0)


def make_limiter(
    redis: ArqRedis,
    sessions: Sessions,
    clock: Clock,
    limits: Limits,
    registry: CollectorRegistry,
    replicas: Callable[[], int] = lambda: 1,
) -> Limiter:
    window, pauses = SharedWindow(redis, limits, BOT), PauseStore(sessions, clock, BOT)
    return Limiter(limits, window, pauses, LimiterMetrics(registry), replicas)


@dataclass
class Sending:
    """One replica's way to Telegram."""

    shop: Shop
    telegram: Telegram
    redis: ArqRedis
    limiter: Limiter
    messenger: Messenger
    deliverer: Deliverer
    poller: OutboxPoller
    runner: CommandRunner
    registry: CollectorRegistry
    _updates: int = field(default=100)

    async def do(
        self, command: AnyCommand, *, person: int = ANNA, message_id: int | None = None, tap: bool = True
    ) -> None:
        """Run a command as the worker does."""
        self._updates += 1
        envelope = Envelope(
            bot_id=BOT,
            update_id=self._updates,
            received_at=self.shop.clock.now(),
            actor=Actor(id=person, first_name="Anna"),
            reply_to=ReplyTo(
                chat_id=person, message_id=message_id, callback_id=f"{self._updates}" if tap else None
            ),
            command=command,
        )
        await self.runner.run(envelope)

    async def booked(self, clock: str = "10:00", days: int = 3, *, message_id: int | None = None) -> int:
        """Book for Anna through the command, under a message; return the booking's id."""
        asked = Book(
            service_id=self.shop.services["Cut"],
            specialist_id=self.shop.specialists["Alice"],
            start=at(clock, days),
        )
        await self.do(asked, message_id=message_id, tap=False)
        return max(booking.id for booking in await self.shop.live())

    async def rows(self, kind: str | None = None) -> list[Outbox]:
        statement = select(Outbox).order_by(Outbox.id)
        if kind is not None:
            statement = statement.where(Outbox.kind == kind)
        async with self.shop.sessions() as session:
            return list(await session.scalars(statement))

    async def events(self, booking_id: int) -> list[str]:
        statement = select(BookingEvent.kind).where(BookingEvent.booking_id == booking_id)
        async with self.shop.sessions() as session:
            return list(await session.scalars(statement.order_by(BookingEvent.id)))

    async def chat(self, user: int = ANNA) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await self.telegram.get(f"/chats/{user}"))["messages"]
        return [message for message in found if not message["outgoing"]]

    async def calls(self, method: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = await self.telegram.get("/calls", method=method, limit=10_000)
        return found

    async def fault(self, **wanted: object) -> None:
        await self.telegram.post("/faults", **wanted)

    async def until_due(self, moment: datetime) -> None:
        """Let the clock stand at a moment and deliver what is due then."""
        self.shop.clock.advance(moment - self.shop.clock.now())
        await self.poller.run_once()

    async def promise(self, count: int, *, kind: str = "booking.refresh", first_chat: int = 5000) -> None:
        """Write due rows of a kind, each to a chat of its own, about no booking."""
        insert = text("""
            INSERT INTO outbox (business_id, kind, chat_id, payload, dedupe_key, due_at)
            SELECT 1, :kind, :first + n, '{}', :kind || ':' || n, :due FROM generate_series(1, :count) AS n
        """)
        due = self.shop.clock.now() - timedelta(seconds=1)
        async with self.shop.sessions.begin() as session:
            await session.execute(insert, {"kind": kind, "first": first_chat, "due": due, "count": count})

    def counted(self, name: str, **labels: str) -> float:
        return self.registry.get_sample_value(f"bellhop_{name}", labels) or 0.0


@asynccontextmanager
async def sending(
    shop: Shop,
    valkey_url: str,
    limits: Limits = NO_LIMITS,
    telegram: Telegram | None = None,
    messages: Iterable[MessageType[Any]] = MESSAGES,
) -> AsyncIterator[Sending]:
    """Open a replica's way to Telegram; Anna has started the bot."""
    if telegram is None:
        async with running(config()) as served:
            await served.started(ANNA)
            await served.put("/limits", enabled=False)
            async with sending(shop, valkey_url, limits, served, messages) as opened:
                yield opened
        return
    registry = CollectorRegistry()
    async with (
        connect(valkey_url) as redis,
        TelegramClient(telegram.token, telegram.url) as client,
        database_of(shop.sessions) as database,
    ):
        limiter = make_limiter(redis, shop.sessions, shop.clock, limits, registry)
        messenger = Messenger(client, limiter, FileIds(redis, BOT))
        parts = wire(database, shop.clock, messenger, registry=registry, messages=messages)
        yield Sending(
            shop, telegram, redis, limiter, messenger, parts.deliverer, parts.poller, parts.runner, registry
        )


async def settled(*awaitables: Any) -> list[Any]:  # noqa: ANN401 - whatever is awaited
    """Await all; exceptions are results."""
    return list(await asyncio.gather(*awaitables, return_exceptions=True))
