"""Puts a worker together and runs it until it is told to stop."""

import asyncio
import os
import signal
import sys
from typing import Final

import structlog
import uvloop
from arq.connections import ArqRedis
from prometheus_client import CollectorRegistry

from shared.clock import SystemClock
from shared.failpoints import InvalidFailpointsError, arm_failpoints
from shared.i18n.translator import load_translators
from shared.logs import configure_logs
from shared.metrics import new_registry
from shared.queue import keys
from shared.queue.connection import connect
from shared.settings import InvalidSettingsError, WorkerSettings, load
from shared.telegram.client import TelegramClient
from shared.telegram.metrics import TelegramMetrics
from worker.booking.parcels import BookingKinds
from worker.commands.job import CommandJob
from worker.commands.metrics import CommandMetrics
from worker.commands.registry import REGISTRY
from worker.commands.runner import CommandRunner
from worker.database import Sessions, make_engine, make_sessions
from worker.delivery.deliverer import Deliverer
from worker.delivery.messenger import Messenger
from worker.delivery.metrics import DeliveryMetrics
from worker.delivery.sweep import Sweep
from worker.heartbeat import Heartbeat
from worker.http import PortTakenError, serving
from worker.jobs.leased_worker import LeasedWorker
from worker.jobs.metrics import JobMetrics
from worker.jobs.store import JobStore

FAILED: Final = 1
BAD_SETTINGS: Final = 2

log = structlog.get_logger()


class Replica:
    """One worker's parts, wired."""

    def __init__(
        self,
        settings: WorkerSettings,
        sessions: Sessions,
        redis: ArqRedis,
        doorbell: ArqRedis,
        telegram: TelegramClient,
        registry: CollectorRegistry,
    ) -> None:
        clock, translators = SystemClock(), load_translators()
        messenger = Messenger(telegram)
        kinds = BookingKinds(translators, clock).by_name()
        deliverer = Deliverer(sessions, messenger, clock, kinds, DeliveryMetrics(registry))
        runner = CommandRunner(
            REGISTRY, sessions, messenger, deliverer, clock, translators, settings.admin_ids
        )
        job = CommandJob(runner, sessions, clock, CommandMetrics(registry))
        self._sweep = Sweep(sessions, deliverer, clock)
        self._heartbeat = Heartbeat(redis, clock)
        self.worker = LeasedWorker(
            job.functions(),
            store=JobStore(redis, doorbell, keys.INTERACTIVE, settings.worker_lease_seconds),
            lane_of=job.lane_of,
            bury=job.bury,
            metrics=JobMetrics(registry),
            drain_seconds=settings.worker_drain_seconds,
            max_jobs=settings.worker_jobs,
        )

    async def run(self) -> None:
        """Run until the worker is stopped; what runs beside it ends with it."""
        async with asyncio.TaskGroup() as group:
            beside = [
                group.create_task(self._sweep.run_for_ever()),
                group.create_task(self._heartbeat.beat_for_ever()),
            ]
            await self.worker.main()
            for task in beside:
                task.cancel()


async def run(settings: WorkerSettings) -> None:
    """Run a replica until SIGTERM or SIGINT. Raises PortTakenError."""
    registry = new_registry("worker")
    url = settings.database_url.get_secret_value()
    engine = make_engine(url, pool_size=settings.database_pool)
    redis, doorbell = connect(settings.redis_url), connect(settings.redis_url, answer_seconds=None)
    token = settings.bot_token.get_secret_value()
    telegram = TelegramClient(token, settings.telegram_api_url, TelegramMetrics(registry))
    async with telegram, redis, doorbell:
        replica = Replica(settings, make_sessions(engine), redis, doorbell, telegram, registry)
        stop_on_signals(replica.worker)
        async with serving(registry, settings.worker_metrics_host, settings.worker_metrics_port):
            log.info("worker started", port=settings.worker_metrics_port, jobs=settings.worker_jobs)
            await replica.run()
    await engine.dispose()
    log.info("worker stopped")


def stop_on_signals(worker: LeasedWorker) -> None:
    """Let SIGTERM and SIGINT end the worker after what it has in hand."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, worker.stop)


def main() -> int:
    """Run the process; return its exit code."""
    try:
        settings = load(WorkerSettings)
    except InvalidSettingsError as error:
        sys.stderr.write(f"{error}\n")
        return BAD_SETTINGS
    configure_logs(settings.log_level, settings.log_format)
    try:
        arm_failpoints(os.environ, settings.telegram_api_url)
        uvloop.run(run(settings))
    except InvalidFailpointsError as error:
        sys.stderr.write(f"{error}\n")
        return BAD_SETTINGS
    except PortTakenError as error:
        sys.stderr.write(f"{error}\n")
        return FAILED
    return 0
