"""Puts a worker together and runs it until it is told to stop."""

import structlog
import uvloop

from shared.metrics import new_registry
from shared.process import run_process, stop_on_signals
from shared.queue.connection import connect
from shared.settings import WorkerSettings
from shared.starting import freeze_gc
from shared.telegram.client import TelegramClient
from shared.telegram.metrics import TelegramMetrics
from shared.watchdog import watched
from worker.http import serving
from worker.replica import Connections, Replica

log = structlog.get_logger()


async def run(settings: WorkerSettings) -> None:
    """Run a replica until SIGTERM or SIGINT. Raises PortTakenError."""
    registry = new_registry("worker")
    redis, blocking = connect(settings.redis_url), connect(settings.redis_url, answer_seconds=None)
    token = settings.bot_token.get_secret_value()
    telegram = TelegramClient(token, settings.telegram_api_url, TelegramMetrics(registry))
    async with Connections(settings, redis, blocking, telegram) as connections:
        replica = Replica(settings, connections, registry)
        stop_on_signals(replica.stop)
        own = settings.worker_metrics_host, settings.worker_metrics_port
        async with serving(registry, *own, lambda: replica.gate.reason):
            freeze_gc()
            log.info("worker started", port=settings.worker_metrics_port, queues=settings.worker_queues)
            await replica.run()
    log.info("worker stopped")


def main() -> int:
    """Run the process; return its exit code."""
    return run_process("worker", WorkerSettings, _work)


def _work(settings: WorkerSettings) -> None:
    uvloop.run(watched(run(settings), settings.watchdog_seconds))
