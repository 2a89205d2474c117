"""Puts a worker together and runs it until it is told to stop."""

import asyncio
import os
import signal
import sys
from typing import Final

import structlog
import uvloop

from shared.failpoints import InvalidFailpointsError, arm_failpoints
from shared.logs import configure_logs
from shared.metrics import new_registry
from shared.observing import observed
from shared.queue.connection import connect
from shared.settings import InvalidSettingsError, WorkerSettings, load
from shared.starting import settle
from shared.telegram.client import TelegramClient
from shared.telegram.metrics import TelegramMetrics
from worker.http import PortTakenError, serving
from worker.replica import Connections, Replica

FAILED: Final = 1
BAD_SETTINGS: Final = 2

log = structlog.get_logger()


async def run(settings: WorkerSettings) -> None:
    """Run a replica until SIGTERM or SIGINT. Raises PortTakenError."""
    registry = new_registry("worker")
    redis, doorbell = connect(settings.redis_url), connect(settings.redis_url, answer_seconds=None)
    token = settings.bot_token.get_secret_value()
    telegram = TelegramClient(token, settings.telegram_api_url, TelegramMetrics(registry))
    async with Connections(settings, redis, doorbell, telegram) as connections:
        replica = Replica(settings, connections, registry)
        stop_on_signals(replica)
        async with serving(registry, settings.worker_metrics_host, settings.worker_metrics_port):
            settle()
            log.info("worker started", port=settings.worker_metrics_port, queues=settings.worker_queues)
            await replica.run()
    log.info("worker stopped")


def stop_on_signals(replica: Replica) -> None:
    """Let SIGTERM and SIGINT end the worker after what it has in hand."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, replica.stop)


def main() -> int:
    """Run the process; return its exit code."""
    try:
        settings = load(WorkerSettings)
        configure_logs(settings.log_level, settings.log_format)
        arm_failpoints(os.environ, settings.telegram_api_url)
        with observed("worker", settings):
            uvloop.run(run(settings))
    except (InvalidSettingsError, InvalidFailpointsError) as error:
        sys.stderr.write(f"{error}\n")
        return BAD_SETTINGS
    except PortTakenError as error:
        sys.stderr.write(f"{error}\n")
        return FAILED
    return 0
