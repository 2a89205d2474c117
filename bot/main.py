"""Puts the front end together and runs it until it is told to stop."""

import asyncio
import socket

import structlog
import uvloop
from prometheus_client import CollectorRegistry

from bot.app import Operations, Webhook, create_app
from bot.callers import Callers
from bot.identity import Identity
from bot.ingest import NEVER_THROTTLED_KINDS, Ingest
from bot.menu import introduce
from bot.metrics import BotMetrics
from bot.notices import ThrottleNotifier
from bot.permits import NoticePermits
from bot.polling import Polling
from bot.readiness import Readiness
from bot.server import Server, listen, make_server
from bot.throttle import Throttle
from bot.webhook import register
from bot.webhook_watch import WebhookWatch
from shared.bot_settings import BotSettings
from shared.clock import SystemClock
from shared.i18n.translator import load_translators
from shared.metrics import new_registry
from shared.process import run_process, stop_on_signals
from shared.queue.arq_queue import ArqCommandQueue
from shared.queue.connection import connect
from shared.queue.port import CommandQueue, Pace
from shared.starting import freeze_gc
from shared.telegram.client import TelegramClient
from shared.telegram.metrics import TelegramMetrics
from shared.watchdog import watched

log = structlog.get_logger()


class Bot:
    """The front end's parts, wired."""

    def __init__(
        self,
        settings: BotSettings,
        client: TelegramClient,
        queue: CommandQueue,
        permits: NoticePermits,
        registry: CollectorRegistry,
    ) -> None:
        self._settings = settings
        self._client = client
        self._clock = SystemClock()
        self._translators = load_translators()
        self._identity = Identity(settings.bot_id)
        self._metrics = BotMetrics(registry)
        self._notifier = ThrottleNotifier(client, permits, self._translators, self._metrics, self._clock)
        self._ingest = self._make_ingest(queue)
        self._polling = self._make_polling()
        operations = Operations(Readiness(queue, self._polling), registry)
        self.server: Server = make_server(create_app(operations, self._make_webhook()))

    def _make_ingest(self, queue: CommandQueue) -> Ingest:
        settings = self._settings
        return Ingest(
            identity=self._identity,
            queue=queue,
            throttle=Throttle(
                self._clock, burst=settings.throttle_burst, per_second=settings.throttle_per_second
            ),
            notifier=self._notifier,
            metrics=self._metrics,
            clock=self._clock,
        )

    def _make_polling(self) -> Polling | None:
        if self._settings.bot_mode != "polling":
            return None
        return Polling(self._client, self._ingest, self._metrics, self._clock)

    def _make_webhook(self) -> Webhook | None:
        if self._settings.bot_mode != "webhook":
            return None
        callers = Callers(self._settings.webhook_allowed_networks, self._settings.trusted_proxies)
        return Webhook(self._ingest, self._metrics, self._secret, callers)

    @property
    def _secret(self) -> str:
        secret = self._settings.webhook_secret
        return secret.get_secret_value() if secret else ""

    async def _updates(self) -> None:
        if self._polling is not None:
            await self._polling.run()
            return
        address = self._settings.webhook_url or ""
        await register(self._client, address, self._secret)
        await WebhookWatch(self._client, address, self._metrics).run()

    async def run(self, listener: socket.socket) -> None:
        """Serve until the server is stopped; what runs beside it ends with it. Raises BadTokenError."""
        async with asyncio.TaskGroup() as tasks:
            beside = [
                tasks.create_task(self._notifier.run()),
                tasks.create_task(introduce(self._client, self._identity, self._translators)),
                tasks.create_task(self._updates()),
            ]
            await self.server.serve([listener])
            for task in beside:
                task.cancel()


async def run(settings: BotSettings, listener: socket.socket) -> None:
    """Run the front end until SIGTERM or SIGINT. Raises BadTokenError in an exception group."""
    registry = new_registry("bot")
    redis = connect(settings.redis_url)
    client = TelegramClient(
        settings.bot_token.get_secret_value(), settings.telegram_api_url, TelegramMetrics(registry)
    )
    async with client, redis:
        pace = Pace(settings.throttle_burst, settings.throttle_per_second, NEVER_THROTTLED_KINDS)
        queue = ArqCommandQueue(redis, SystemClock(), pace=pace)
        permits = NoticePermits(
            redis, settings.bot_id, per_second=settings.send_per_second, per_chat=settings.send_per_chat
        )
        bot = Bot(settings, client, queue, permits, registry)
        stop_on_signals(bot.server.stop)
        freeze_gc()
        log.info("bot started", mode=settings.bot_mode, host=settings.bot_host, port=settings.bot_port)
        await bot.run(listener)
    log.info("bot stopped")


def main() -> int:
    """Run the process; return its exit code."""
    return run_process("bot", BotSettings, _serve)


def _serve(settings: BotSettings) -> None:
    with listen(settings.bot_host, settings.bot_port) as listener:
        uvloop.run(watched(run(settings, listener), settings.watchdog_seconds))
