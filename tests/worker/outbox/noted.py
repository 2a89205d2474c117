"""Messages that only note that they were sent."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta

from prometheus_client import CollectorRegistry
from sqlalchemy import func, select

from shared.i18n.translator import load_translators
from shared.telegram.client import TelegramClient
from tests.kit.business import BUSINESS_ID
from tests.kit.retrying import KeptRetries
from tests.kit.wiring import make_settings
from tests.worker.shop import Shop
from worker.capabilities import make_environment
from worker.db.models.delivery import Outbox, State
from worker.outbox.deliverer import Deliverer
from worker.outbox.handler import MessageContext, MessageHandler, MessageType
from worker.outbox.message import ClaimedMessage
from worker.outbox.messenger import Messenger
from worker.outbox.metrics import DeliveryMetrics
from worker.outbox.poller import OutboxPoller
from worker.outbox.priority import Priority

NOWHERE = TelegramClient("1:x", "http://127.0.0.1:1")
KIND = "noted"


@dataclass
class Noted(MessageHandler[str]):
    """Notes what is sent; every send waits until it is let go."""

    shop: Shop
    sent: list[int] = field(default_factory=list)
    prepared: asyncio.Event = field(default_factory=asyncio.Event)
    go: asyncio.Event = field(default_factory=asyncio.Event)

    async def prepare(self, context: MessageContext, claimed: ClaimedMessage) -> str | State:
        del context, claimed
        return "a word"

    async def send(self, messenger: Messenger, claimed: ClaimedMessage, content: str) -> int | None:
        del messenger, content
        self.prepared.set()
        await self.go.wait()
        self.sent.append(claimed.id)
        return None

    def replica(self, messenger: Messenger | None = None) -> tuple[Deliverer, OutboxPoller]:
        deliverer = Deliverer(
            self.shop.sessions,
            self.shop.sessions,
            messenger or Messenger(NOWHERE),
            [MessageType(KIND, Priority.REMINDER, self)],
            self.shop.clock,
            make_environment(make_settings(), load_translators(), KeptRetries()),
            DeliveryMetrics(CollectorRegistry()),
        )
        return deliverer, OutboxPoller(self.shop.sessions, deliverer, self.shop.clock)

    async def promise(self, count: int = 1, chat_id: int = 1, *, late: float = 1.0) -> None:
        due = self.shop.clock.now() - timedelta(seconds=late)
        async with self.shop.sessions.begin() as session:
            already = await session.scalar(select(func.count()).select_from(Outbox)) or 0
            for number in range(already, already + count):
                about = {"business_id": BUSINESS_ID, "kind": KIND, "chat_id": chat_id}
                session.add(Outbox(**about, dedupe_key=f"noted:{number}", due_at=due))
                await session.flush()

    async def states(self) -> dict[str, int]:
        async with self.shop.sessions() as session:
            rows = await session.execute(select(Outbox.state, func.count()).group_by(Outbox.state))
            return {str(state): int(count) for state, count in rows}
