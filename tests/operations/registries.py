"""The registries of bot and worker as the processes make them; nothing connects."""

from prometheus_client import CollectorRegistry
from prometheus_client.metrics_core import Metric

from bot.main import Bot
from bot.permits import NoticePermits
from shared.bot_settings import BotSettings
from shared.clock import SystemClock
from shared.metrics import PREFIX, new_registry
from shared.queue.arq_queue import ArqCommandQueue
from shared.queue.connection import connect
from shared.settings import WorkerSettings
from shared.telegram.client import TelegramClient
from shared.telegram.metrics import TelegramMetrics
from worker.replica import Connections, Replica

TOKEN = "123456789:" + "A" * 35
REDIS = "redis://127.0.0.1:1/0"


def bot_registry() -> CollectorRegistry:
    """Wire a bot."""
    registry = new_registry("bot")
    settings = BotSettings.model_validate({"bot_token": TOKEN, "redis_url": REDIS})
    telegram = TelegramClient(TOKEN, "http://127.0.0.1:1", TelegramMetrics(registry))
    permits = NoticePermits(connect(REDIS), settings.bot_id, per_second=30, per_chat=1)
    Bot(settings, telegram, ArqCommandQueue(connect(REDIS), SystemClock()), permits, registry)
    return registry


def worker_registry() -> CollectorRegistry:
    """Wire a worker."""
    registry = new_registry("worker")
    settings = WorkerSettings.model_validate({"bot_token": TOKEN, "redis_url": REDIS})
    telegram = TelegramClient(TOKEN, "http://127.0.0.1:1", TelegramMetrics(registry))
    Replica(settings, Connections(settings, connect(REDIS), connect(REDIS), telegram), registry)
    return registry


def families(registry: CollectorRegistry) -> dict[str, Metric]:
    """Return our own metrics by the names that queries use."""
    suffix = {"counter": "_total", "info": "_info"}
    return {
        family.name + suffix.get(family.type, ""): family
        for family in registry.collect()
        if family.name.startswith(PREFIX)
    }


def labels(registry: CollectorRegistry, name: str) -> tuple[str, ...]:
    """Return a metric's labels, in its own order."""
    if name == f"{PREFIX}_build_info":
        return ("component", "revision")
    suffixless = name.removesuffix("_total").removesuffix("_info")
    collector = registry._names_to_collectors[suffixless]
    return tuple(getattr(collector, "_labelnames", ()))
