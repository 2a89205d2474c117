"""How much waits and for how long: sampled every few seconds, for whoever asks /metrics."""

import asyncio
import math
from datetime import datetime, timedelta

import structlog
from arq.connections import ArqRedis
from prometheus_client import CollectorRegistry
from redis.exceptions import RedisError
from sqlalchemy import extract, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from shared.clock import Clock
from shared.metrics import Instruments
from shared.queue import keys
from shared.queue.survey import survey
from worker.db.engine import Sessions, autocommit
from worker.db.models.delivery import Outbox, State
from worker.db.models.flows import Timer
from worker.db.outages import is_outage
from worker.db.scope import scope
from worker.health.repository import load_open_refunds

log = structlog.get_logger()

EVERY_SECONDS = 3.0
REFUNDS_EVERY = timedelta(minutes=5)
"""They are counted among all payments, and wait for days."""
MOST_COUNTED = 10_000
POSTGRES, REDIS = "postgres", "redis"
INTERACTIVE, DELIVERY = "interactive", "delivery"
UNKNOWN = math.nan


class QueueGauges:
    """The figures; what cannot be asked just now is not a number."""

    def __init__(self, registry: CollectorRegistry) -> None:
        make = Instruments(registry)
        self.due = make.gauge(
            "queue_due",
            f"What could be done now and waits; of delivery at most {MOST_COUNTED} are counted.",
            ("queue",),
        )
        self.deferred = make.gauge("queue_deferred", "Commands under way, or to be tried later.", ("queue",))
        self.oldest = make.gauge(
            "queue_oldest_due_seconds",
            "How long the oldest of what could be done now has waited.",
            ("queue",),
        )
        self.oldest_command = make.gauge(
            "queue_oldest_command_seconds",
            "For how long the oldest command has had its turn that is not done: due, under way or deferred.",
        )
        self.reached = make.gauge(
            "dependency_up", "1 where this worker reached it when it last looked, else 0.", ("dependency",)
        )
        self.unknown_kind = make.gauge(
            "jobs_unknown_kind_oldest_seconds",
            "How long the oldest command of a kind that no worker knows has waited for a newer one.",
            ("queue",),
        )
        self._make_due(make)

    def _make_due(self, make: Instruments) -> None:
        """Make the figures of what becomes due by PostgreSQL's clock."""
        self.overdue = make.gauge(
            "outbox_overdue",
            f"Promised messages whose moment has passed; at most {MOST_COUNTED} are counted.",
        )
        self.oldest_overdue = make.gauge("outbox_oldest_overdue_seconds", "How late the latest of them is.")
        self.oldest_timer = make.gauge(
            "timers_oldest_overdue_seconds", "How late the latest is of what is to happen by itself."
        )

        self.refunds = make.gauge("refunds_open", "Payments that somebody has to send back.")
        self.oldest_refund = make.gauge(
            "refunds_oldest_seconds", "For how long the oldest of them has been waited for."
        )

    def set_refunds(self, count: float, oldest: float) -> None:
        """Set what is to be sent back."""
        self.refunds.set(count)
        self.oldest_refund.set(oldest)

    def set_commands(self, due: float, deferred: float, oldest: float, open_for: float) -> None:
        """Set the queue of commands."""
        self.oldest_command.set(open_for)
        self.due.labels(INTERACTIVE).set(due)
        self.deferred.labels(INTERACTIVE).set(deferred)
        self.oldest.labels(INTERACTIVE).set(oldest)

    def set_unknown_kind(self, oldest: float) -> None:
        """Set how long a command has waited for a newer worker."""
        self.unknown_kind.labels(INTERACTIVE).set(oldest)

    def set_outbox(self, overdue: float, oldest: float) -> None:
        """Set the outbox, which is the queue of deliveries."""
        self.due.labels(DELIVERY).set(overdue)
        self.oldest.labels(DELIVERY).set(oldest)
        self.overdue.set(overdue)
        self.oldest_overdue.set(oldest)


class Sampler:
    """Looks at the queues: a round trip to Redis and two statements.

    A third statement looks at refunds, now and then.
    """

    def __init__(self, redis: ArqRedis, sessions: Sessions, clock: Clock, gauges: QueueGauges) -> None:
        self._redis = redis
        self._sessions = sessions
        self._clock = clock
        self._gauges = gauges
        self._refunds_from: datetime | None = None
        """When they are to be counted again; None for at once."""

    async def sample_for_ever(self) -> None:
        """Look again and again until cancelled; outages are waited out."""
        while True:
            await self.sample()
            await asyncio.sleep(EVERY_SECONDS)

    async def sample(self) -> None:
        """Look once."""
        now = self._clock.now()
        try:
            await self._look_at_commands()
            self._gauges.reached.labels(REDIS).set(1)
        except (RedisError, OSError):
            self._gauges.set_commands(UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN)
            self._gauges.set_unknown_kind(UNKNOWN)
            self._gauges.reached.labels(REDIS).set(0)
        try:
            await self._look_at_due_rows(now)
            self._gauges.reached.labels(POSTGRES).set(1)
        except Exception as error:
            self._gauges.set_outbox(UNKNOWN, UNKNOWN)
            self._gauges.oldest_timer.set(UNKNOWN)
            self._gauges.set_refunds(UNKNOWN, UNKNOWN)
            self._refunds_from = None
            self._gauges.reached.labels(POSTGRES).set(0)
            if not is_outage(error):
                log.exception("outbox and timers not sampled")

    async def _look_at_commands(self) -> None:
        seen = await survey(self._redis, keys.INTERACTIVE)
        deferred = seen.jobs - seen.due
        self._gauges.set_commands(seen.due, deferred, seen.oldest_due_seconds, seen.oldest_open_seconds)
        self._gauges.set_unknown_kind(seen.oldest_unknown_kind_seconds)

    async def _look_at_due_rows(self, now: datetime) -> None:
        async with self._sessions() as session:
            await autocommit(session)
            self._gauges.set_outbox(*await _overdue_messages(session))
            self._gauges.oldest_timer.set(await _lateness_of_timers(session))
            if self._refunds_from is None or now >= self._refunds_from:
                self._gauges.set_refunds(*await load_open_refunds(session))
                self._refunds_from = now + REFUNDS_EVERY


async def _overdue_messages(session: AsyncSession) -> tuple[float, float]:
    """Count the messages whose moment has passed, and say for how long the latest has."""
    overdue = (
        select(Outbox.due_at)
        .where(
            Outbox.business_id == scope(session),
            Outbox.state == State.PENDING,
            Outbox.due_at <= func.now(),
        )
        .order_by(Outbox.due_at)
        .limit(MOST_COUNTED)
        .subquery()
    )
    age = extract("epoch", func.now() - func.min(overdue.c.due_at))
    count, oldest = (await session.execute(select(func.count(), age).select_from(overdue))).one()
    return count, float(oldest or 0)


async def _lateness_of_timers(session: AsyncSession) -> float:
    """Say how late the latest of what is to happen by itself is: holds and offers that end, say."""
    own = Timer.business_id == scope(session)
    late = await session.scalar(select(extract("epoch", func.now() - func.min(Timer.due_at))).where(own))
    return max(0.0, float(late or 0))
