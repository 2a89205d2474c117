"""Messages that only note that they were sent."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta

from prometheus_client import CollectorRegistry
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from shared.telegram.client import TelegramClient
from tests.worker.shop import Shop
from worker.db.models.delivery import Outbox
from worker.outbox.deliverer import Deliverer, Parcel
from worker.outbox.messenger import Messenger
from worker.outbox.metrics import DeliveryMetrics
from worker.outbox.repository import Promise
from worker.outbox.sweep import Sweep

NOWHERE = TelegramClient("1:x", "http://127.0.0.1:1")


@dataclass
class Letters:
    """Parcels that only note that they were sent; what `hold` names waits to be let go."""

    shop: Shop
    sent: list[int] = field(default_factory=list)
    prepared: asyncio.Event = field(default_factory=asyncio.Event)
    go: asyncio.Event = field(default_factory=asyncio.Event)

    async def kind(self, _: AsyncSession, row: Promise) -> Parcel:
        return Letter(self, row.id)

    def replica(self, messenger: Messenger | None = None) -> tuple[Deliverer, Sweep]:
        metrics = DeliveryMetrics(CollectorRegistry())
        kinds = {"letter": self.kind}
        deliverer = Deliverer(
            self.shop.sessions, messenger or Messenger(NOWHERE), self.shop.clock, kinds, metrics
        )
        return deliverer, Sweep(self.shop.sessions, deliverer, self.shop.clock)

    async def promise(self, count: int = 1, chat_id: int = 1, *, late: float = 1.0) -> None:
        due = self.shop.clock.now() - timedelta(seconds=late)
        async with self.shop.sessions.begin() as session:
            already = await session.scalar(select(func.count()).select_from(Outbox)) or 0
            for number in range(already, already + count):
                session.add(Outbox(kind="letter", chat_id=chat_id, dedupe_key=f"letter:{number}", due_at=due))

    async def states(self) -> dict[str, int]:
        async with self.shop.sessions() as session:
            rows = await session.execute(select(Outbox.state, func.count()).group_by(Outbox.state))
            return {str(state): int(count) for state, count in rows}


@dataclass
class Letter:
    of: Letters
    number: int

    async def send(self, _: Messenger) -> int | None:
        self.of.prepared.set()
        await self.of.go.wait()
        self.of.sent.append(self.number)
        return None

    async def settle(self, session: AsyncSession, message_id: int | None) -> None:
        pass

    async def give_up(self, session: AsyncSession) -> None:
        pass
