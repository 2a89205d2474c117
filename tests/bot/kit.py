"""The front end's parts with the queue in memory, and the calls to Telegram written down."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from prometheus_client import CollectorRegistry

from bot.identity import Identity
from bot.ingest import Ingest
from bot.metrics import BotMetrics
from bot.notices import Notice, ThrottleNotifier
from bot.throttle import Throttle
from shared.envelope import AnyCommand, Envelope
from shared.i18n.translator import load_translators
from shared.queue.port import CommandQueue
from tests.bot.updates import BOT_ID
from tests.doubles import ManualClock, MemoryQueue

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
BURST = 10


class SilentTelegram:
    """Writes calls down and answers nothing."""

    def __init__(self) -> None:
        self.calls: list[Notice] = []

    async def call(
        self, method: str, parameters: Mapping[str, Any] | None = None, *, answer_seconds: float = 0
    ) -> bool:
        assert answer_seconds < 10
        self.calls.append(Notice(method, dict(parameters or {})))
        return True


class Roomy:
    """Leave to send, whenever it is asked for."""

    async def acquire(self, chat_id: int) -> str | None:
        return str(chat_id)

    async def release(self, permit: str) -> None:
        assert permit


class Kit:
    """An Ingest and everything it is made of."""

    def __init__(self, queue: CommandQueue | None = None, *, burst: int = BURST) -> None:
        self.memory = MemoryQueue()
        self.clock = ManualClock(NOON)
        self.registry = CollectorRegistry()
        self.metrics = BotMetrics(self.registry)
        self.identity = Identity(BOT_ID, "bellhop_bot")
        self.telegram = SilentTelegram()
        self.notifier = ThrottleNotifier(self.telegram, Roomy(), load_translators(), self.metrics, self.clock)
        self.ingest = Ingest(
            identity=self.identity,
            queue=queue or self.memory,
            throttle=Throttle(self.clock, burst=burst, per_second=3),
            notifier=self.notifier,
            metrics=self.metrics,
            clock=self.clock,
        )

    @property
    def envelope(self) -> Envelope:
        """The one thing on the queue."""
        (envelope,) = self.memory.envelopes
        return envelope

    @property
    def command(self) -> AnyCommand:
        """The one command on the queue."""
        return self.envelope.command

    def notices(self) -> list[Notice]:
        """Take out what waits to be sent to refused people."""
        queues = self.notifier._taps_waiting, self.notifier._messages_waiting
        return [waiting.get_nowait() for waiting in queues for _ in range(waiting.qsize())]

    def counted(self, kind: str, result: str) -> float:
        """How many updates of a type ended so."""
        return self.value("bellhop_updates_total", type=kind, result=result)

    def value(self, name: str, **labels: str) -> float:
        """A figure; 0 where nothing was counted."""
        return self.registry.get_sample_value(name, labels) or 0
