"""One worker's parts, wired, and how they run and stop together."""

import asyncio
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from functools import partial
from typing import Any, Self
from uuid import uuid4

from arq.connections import ArqRedis
from prometheus_client import CollectorRegistry

from shared.clock import SystemClock
from shared.i18n.translator import load_translators
from shared.queue import keys
from shared.queue.arq_queue import ArqCommandQueue
from shared.settings import WorkerSettings
from shared.telegram.client import TelegramClient
from worker.capabilities import MESSAGES, OUTCOMES, PURGES, make_environment, make_runner
from worker.db.clock import DatabaseClock
from worker.db.engine import NAME, Database, make_engine, make_sessions
from worker.db.schema import MigrationGate
from worker.due.poller import DuePoller
from worker.gauges import QueueGauges, Sampler
from worker.health.watch import HealthWatch, look
from worker.heartbeat import Heartbeat, replica_name
from worker.outbox.deliverer import Deliverer
from worker.outbox.file_ids import FileIds
from worker.outbox.limiter import Limiter
from worker.outbox.limiter_metrics import LimiterMetrics
from worker.outbox.messenger import Messenger
from worker.outbox.metrics import DeliveryMetrics
from worker.outbox.pauses import PauseStore
from worker.outbox.poller import OutboxPoller
from worker.outbox.priority import Limits
from worker.outbox.shared_window import SharedWindow
from worker.repeating import RepeatedWorkMetrics
from worker.retention.job import RetentionJob
from worker.runtime.command_job import CommandJob
from worker.runtime.command_metrics import CommandMetrics
from worker.runtime.jobs.metrics import JobMetrics
from worker.runtime.jobs.store import JobStore
from worker.runtime.jobs.worker import JobWorker
from worker.runtime.runner import CommandRunner
from worker.timers.poller import TimerRunner

DELIVERY_CONNECTIONS = 2
"""The poller's own way to PostgreSQL: however much is due, commands do not queue behind it."""
CLAIMS_CONNECTIONS = 1
"""Claims are renewed by a way of their own: one that waited behind work would be over, and sent once more."""


class Replica:
    """Runs commands, sends what is due, or both."""

    def __init__(
        self,
        settings: WorkerSettings,
        connections: "Connections",
        registry: CollectorRegistry,
    ) -> None:
        self._settings, self._registry, self._connections = settings, registry, connections
        sessions, redis, delivery = connections.database.writing, connections.redis, connections.delivery
        self.clock = clock = DatabaseClock(delivery)
        self.gate = MigrationGate(delivery, registry)
        self._heartbeat = Heartbeat(redis)
        environment = make_environment(settings, load_translators(), ArqCommandQueue(redis, SystemClock()))
        messenger, metrics = self._make_messenger(), DeliveryMetrics(registry)
        self._own, self._due = (
            Deliverer(each, connections.claims, messenger, MESSAGES, clock, environment, metrics)
            for each in (sessions, delivery)
        )
        self._poller = OutboxPoller(delivery, self._due, clock)
        self._sampler = Sampler(redis, delivery, SystemClock(), QueueGauges(registry))
        self._repeated = RepeatedWorkMetrics(registry)
        self._keeper = RetentionJob(delivery, PURGES, clock, settings.retention_days)
        self._watch = HealthWatch(delivery, partial(look, SystemClock()), clock, settings.admin_ids)
        runner = make_runner(environment, connections.database, messenger, self._own, clock)
        self._timers = TimerRunner(runner, delivery, connections.claims, clock, settings.bot_id, metrics)
        self._timer_poller = self._timers.make_poller()
        self.worker = self._make_worker(runner)

    def _make_messenger(self) -> Messenger:
        """Put together what speaks to Telegram, within its limits over all replicas."""
        settings, connections = self._settings, self._connections
        limits, redis = Limits.of(settings), connections.redis
        limiter = Limiter(
            limits,
            SharedWindow(redis, limits, settings.bot_id),
            PauseStore(connections.database.writing, self.clock, settings.bot_id),
            LimiterMetrics(self._registry),
            lambda: self._heartbeat.replicas,
        )
        return Messenger(connections.telegram, limiter, FileIds(redis, settings.bot_id))

    def _make_worker(self, runner: CommandRunner) -> JobWorker:
        """Put together what takes commands from the queue and has them run."""
        settings, connections, registry = self._settings, self._connections, self._registry
        metrics = CommandMetrics(registry, OUTCOMES)
        job = CommandJob(runner, connections.database.writing, SystemClock(), metrics)
        return JobWorker(
            JobStore(connections.redis, keys.INTERACTIVE, settings.worker_lease_seconds, replica_name()),
            connections.blocking,
            job.handlers(),
            JobMetrics(registry, keys.INTERACTIVE),
            max_jobs=settings.worker_jobs,
            drain_seconds=settings.worker_drain_seconds,
        )

    def stop(self) -> None:
        """Take nothing on any more; `run` returns once what is in hand is done."""
        self.gate.stop()
        self._poller.stop()
        self._timer_poller.stop()
        self.worker.stop()

    async def run(self) -> None:
        """Run until stopped, once the database has this release's tables; what runs beside ends with it."""
        if not await self.gate.wait():
            return
        await self.clock.ask_once()
        async with asyncio.TaskGroup() as group:
            beside = [group.create_task(each) for each in self._beside()]
            async with asyncio.TaskGroup() as work:
                if self._settings.runs_commands:
                    work.create_task(self.worker.main())
                    work.create_task(self._until_drained(self._timer_poller))
                if self._settings.sends_what_is_due:
                    work.create_task(self._until_drained(self._poller))
            for task in beside:
                task.cancel()

    def _beside(self) -> list[Coroutine[Any, Any, None]]:
        return [
            self.clock.ask_for_ever(),
            self._own.claims.renew_for_ever(),
            self._due.claims.renew_for_ever(),
            self._timers.claims.renew_for_ever(),
            self._heartbeat.beat_for_ever(),
            self._sampler.sample_for_ever(),
            self._keeper.run_for_ever(self._repeated),
            self._watch.run_for_ever(self._repeated),
        ]

    async def _until_drained(self, poller: DuePoller[Any]) -> None:
        """Work off what is due; once stopped, let what is under way end, within the time there is for it."""
        async with asyncio.TaskGroup() as group:
            polling = group.create_task(poller.run_for_ever())
            await poller.stopped()
            _, late = await asyncio.wait([polling], timeout=self._settings.worker_drain_seconds)
            for task in late:
                task.cancel()


class Connections:
    """A replica's ways out. Use as an async context manager; nothing connects before it is used."""

    def __init__(
        self, settings: WorkerSettings, redis: ArqRedis, blocking: ArqRedis, telegram: TelegramClient
    ) -> None:
        url = settings.database_url.get_secret_value()
        name = f"{NAME} {uuid4().hex[:12]}"  # a process's own: by it others tell that the process died
        self._engines = [
            make_engine(url, pool_size=settings.database_pool, name=name),
            make_engine(url, pool_size=settings.database_pool, reads_only=True, name=name),
            make_engine(url, pool_size=DELIVERY_CONNECTIONS, name=name),
            make_engine(url, pool_size=CLAIMS_CONNECTIONS, name=name),
        ]
        writing, reading, self.delivery, self.claims = (
            make_sessions(engine, settings.business_id) for engine in self._engines
        )
        self.database = Database(writing, reading)
        self.redis, self.blocking, self.telegram = redis, blocking, telegram
        self._open = AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Open what has to be opened."""
        for engine in self._engines:
            self._open.push_async_callback(engine.dispose)
        for each in (self.telegram, self.redis, self.blocking):
            await self._open.enter_async_context(each)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close everything."""
        await self._open.aclose()
