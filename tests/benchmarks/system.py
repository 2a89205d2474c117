"""What all contenders share in one run: PostgreSQL, Redis and Telegram, on loopback and as shipped.

PostgreSQL syncs every commit and Valkey every command. Telegram is the sandbox's strict emulator, served in
the measuring process itself: arrivals and replies are timed by one clock, and nothing is asked over HTTP.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
from redis.asyncio import Redis
from sqlalchemy import text

from sandbox.emulator.calls import CallLog
from sandbox.emulator.config import EmulatorConfig
from sandbox.emulator.emulator import Emulator
from sandbox.emulator.server import served
from sandbox.postgres import PostgresCluster
from sandbox.valkey import ValkeyServer
from shared.clock import SystemClock
from tests.benchmarks.scale import Scale
from tests.kit.business import BUSINESS_ID
from tests.running import make_data_directory, migrate
from worker.business.apply import apply_document
from worker.business.reader import read_document
from worker.db.engine import make_engine, make_sessions

type Json = dict[str, Any]

SENDS_PER_SECOND = 1000
"""Telegram's own limit for those who pay for broadcasts; the usual 30 would be all that is measured."""
DEFAULT_SENDS_PER_SECOND = 30
BOTS = 6
TEMPLATE = "bench_template"
TRIM, TEAM_CUT = 1, 2
"""The services' ids: a new database numbers them in the order of the file, and the specialists, too."""
SPECIALISTS = 100
TEAM = 50
"""So many specialists do the second service."""

FIRST_PERSON = 600_001
KNOWN = text("""
    INSERT INTO person (business_id, id, first_name, language_hint)
    SELECT 1, :first + n, 'Quill', 'en' FROM generate_series(0, :people - 1) AS n
""")
"""Who taps has been here before: on the first tap of all, Bellhop stores the person, too."""


def specialist(number: int, more: Sequence[str] = (), limits: str = "") -> str:
    """Write a specialist's entry: those of the team do the second service, and each does what is named."""
    services = ", ".join(["Trim", *(["Team cut"] if number <= TEAM else []), *more])
    hours = 'hours: {mon-sun: ["09:00-18:00"]}'
    return f"  - {{name: Specialist {number}, services: [{services}], {hours}{limits}}}"


def business(specialists: Iterable[str], services: str = "", resources: str = "") -> str:
    """Write the business file."""
    return f"""
business: {{name: Barber & Co, timezone: UTC, currency: EUR, language: en}}
locations: [{{name: Main street, address: 1 Main St, latitude: 52.52, longitude: 13.4}}]
{resources}services:
  - {{name: Trim, duration: 15m, price: 20, step: 15m, min_notice: 0m, horizon: 60d, cancel_until: 0m,
     reminders: [24h, 2h]}}
  - {{name: Team cut, duration: 45m, price: 30, step: 15m, min_notice: 0m, horizon: 60d}}
{services}specialists:
{"\n".join(specialists)}
limits: {{max_upcoming: 1000, max_cancelled: 1000}}
"""


BUSINESS = business(map(specialist, range(1, SPECIALISTS + 1)))


def token(number: int) -> str:
    """Return the token of one contender's bot."""
    return f"{1_000_000_000 + number}:{'bench-' * 6}"


class TimedCalls(CallLog):
    """Tells who listens of every call that was carried out, with when it came in; keeps none."""

    def __init__(self) -> None:
        super().__init__(1)
        self.listeners: dict[int, Callable[[Json], None]] = {}

    def add(self, entry: Json) -> None:
        """Hand a call on."""
        listener = self.listeners.get(entry["bot_id"])
        if listener is not None:
            listener(entry)


@dataclass
class Bench:
    """The shared parts; `stack` closes what is opened on the way."""

    scale: Scale
    directory: Path
    postgres: PostgresCluster
    valkey: ValkeyServer
    emulator: Emulator
    telegram_url: str
    calls: TimedCalls
    stack: AsyncExitStack
    notes: list[str] = field(default_factory=list)
    """What went wrong on the way; written into the report."""
    made: dict[str, Any] = field(default_factory=dict)
    _databases: int = 0

    async def database(self, *, with_business: bool = True) -> str:
        """Make a database with the schema, and the business of the benchmark in it."""
        if not await self.postgres.has_database(TEMPLATE):
            await self._make_template()
        self._databases += 1
        name = f"bench_{self._databases}"
        return await self.postgres.create_database(
            name, template=TEMPLATE if with_business else f"{TEMPLATE}_empty"
        )

    async def _make_template(self) -> None:
        empty = await self.postgres.create_database(f"{TEMPLATE}_empty")
        await asyncio.to_thread(migrate, empty)
        url = await self.postgres.create_database(TEMPLATE, template=f"{TEMPLATE}_empty")
        engine = make_engine(url, pool_size=1)
        try:
            document = read_document(BUSINESS.encode(), "business.yaml")
            await apply_document(make_sessions(engine, BUSINESS_ID), document, SystemClock())
            async with engine.begin() as connection:
                await connection.execute(KNOWN, {"first": FIRST_PERSON, "people": self.scale.people})
        finally:
            await engine.dispose()

    def limit(self, sends_per_second: float) -> None:
        """Set how many messages a second Telegram takes of one bot; a chat's limit stays the usual one."""
        self.emulator.limits.change({"global_per_second": sends_per_second})

    async def flush(self, redis_url: str) -> None:
        """Empty one of Redis's databases."""
        async with Redis.from_url(redis_url) as redis:
            await redis.flushdb()


@asynccontextmanager
async def running(scale: Scale) -> AsyncIterator[Bench]:
    """Run the shared parts for the length of the block."""
    directory = make_data_directory()
    postgres = PostgresCluster(directory / "postgres")
    valkey = ValkeyServer(directory / "valkey")
    config = EmulatorConfig(tokens=tuple(map(token, range(BOTS))), webchat=Path("/nonexistent"))
    try:
        async with AsyncExitStack() as stack:
            await postgres.start()
            await valkey.start()
            telegram = await stack.enter_async_context(served(config))
            calls = telegram.emulator.calls = TimedCalls()
            inner = await stack.enter_async_context(AsyncExitStack())
            bench = Bench(scale, directory, postgres, valkey, telegram.emulator, telegram.url, calls, inner)
            bench.limit(SENDS_PER_SECOND)
            yield bench
    finally:
        await valkey.kill()
        with suppress(asyncpg.PostgresError, OSError):
            await postgres.remove()
        shutil.rmtree(directory, ignore_errors=True)
