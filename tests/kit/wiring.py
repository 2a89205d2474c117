"""A worker's parts as production wires them; a test hands in what it cannot afford."""

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from prometheus_client import CollectorRegistry

from shared.clock import Clock
from shared.contracts.base import Command
from shared.i18n.translator import load_translators
from shared.settings import WorkerSettings
from shared.telegram.client import TelegramClient
from tests.kit.business import business_of
from tests.kit.engines import engine_to
from tests.kit.retrying import KeptRetries
from worker.capabilities import HANDLERS, MESSAGES, OUTCOMES, make_decider, make_environment, make_runner
from worker.db.engine import Database, Sessions, make_engine, make_sessions
from worker.due.poller import DuePoller
from worker.outbox.deliverer import Deliverer
from worker.outbox.handler import MessageType
from worker.outbox.messenger import Messenger
from worker.outbox.metrics import DeliveryMetrics
from worker.outbox.poller import OutboxPoller
from worker.runtime.capability import Handler
from worker.runtime.command_job import CommandJob
from worker.runtime.command_metrics import CommandMetrics
from worker.runtime.decider import Decider
from worker.runtime.environment import Environment
from worker.runtime.runner import CommandRunner
from worker.timers.poller import TimerRunner

TOKEN = f"1000000001:{'k' * 35}"
NOWHERE = "http://127.0.0.1:1"


def make_settings(**changes: Any) -> WorkerSettings:  # noqa: ANN401 - settings of every type
    """Return a worker's settings, with some of them changed."""
    values = {
        "bot_token": TOKEN,
        "database_url": "postgresql+asyncpg://nobody@127.0.0.1/none",
        "redis_url": "redis://127.0.0.1",
    }
    return WorkerSettings(**(values | changes))


def mute_messenger() -> Messenger:
    """Return a messenger for what is decided and never sent."""
    return Messenger(TelegramClient("1:x", NOWHERE))


@asynccontextmanager
async def database_of(sessions: Sessions) -> AsyncIterator[Database]:
    """Open the reading way to the database that these sessions write to."""
    async with engine_to(_url_of(sessions), reads_only=True) as engine:
        yield Database(sessions, make_sessions(engine, business_of(sessions)))


def beside(sessions: Sessions) -> Database:
    """Return both ways to a database, for a process that ends with them."""
    reading = make_engine(_url_of(sessions), reads_only=True)
    return Database(sessions, make_sessions(reading, business_of(sessions)))


def _url_of(sessions: Sessions) -> str:
    return str(sessions.kw["bind"].url.render_as_string(hide_password=False))


@dataclass(frozen=True)
class WorkerParts:
    """What runs commands and delivers what they promise."""

    environment: Environment
    registry: CollectorRegistry
    deliverer: Deliverer
    poller: OutboxPoller
    timers: DuePoller[Any]
    decider: Decider
    runner: CommandRunner
    job: CommandJob
    retries: KeptRetries


def wire(
    database: Database,
    clock: Clock,
    messenger: Messenger,
    *,
    settings: WorkerSettings | None = None,
    registry: CollectorRegistry | None = None,
    messages: Iterable[MessageType[Any]] = MESSAGES,
    handlers: Mapping[type[Command], Handler] = HANDLERS,
) -> WorkerParts:
    """Put a worker's parts together as worker.replica does."""
    registry, translators = registry or CollectorRegistry(), load_translators()
    environment = make_environment(settings or make_settings(), translators, retries := KeptRetries())
    metrics = DeliveryMetrics(registry)
    writing = database.writing
    deliverer = Deliverer(writing, writing, messenger, messages, clock, environment, metrics)
    runner = make_runner(environment, database, messenger, deliverer, clock, handlers)
    return WorkerParts(
        environment,
        registry,
        deliverer,
        OutboxPoller(writing, deliverer, clock),
        TimerRunner(runner, writing, writing, clock, environment.settings.bot_id, metrics).make_poller(),
        make_decider(environment, database, clock, handlers),
        runner,
        CommandJob(runner, database.writing, clock, CommandMetrics(registry, OUTCOMES)),
        retries,
    )
