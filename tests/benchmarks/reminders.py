"""What a million pending reminders cost: `python -m tests.benchmarks.reminders` prints it.

`claim` is claiming 200 due rows: the medians of claims that take turns between a table with ten thousand
and one with a million rows pending. `lateness` is how long after its moment a reminder was sent, with a
million pending, rows due at random moments of half a minute, and 30 ms for each call to Telegram.
"""

import asyncio
import random
import shutil
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median, quantiles
from sys import stdout
from time import perf_counter

from prometheus_client import CollectorRegistry
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from sandbox.postgres import PostgresCluster
from shared.clock import SystemClock
from shared.logs import configure_logs
from shared.models import booking, catalogue, people
from shared.models.delivery import Outbox
from shared.telegram.client import TelegramClient
from tests.conftest import migrate
from tests.running import make_data_directory
from worker.database import Sessions, make_engine, make_sessions
from worker.delivery import outbox
from worker.delivery.deliverer import Deliverer
from worker.delivery.messenger import Messenger
from worker.delivery.metrics import DeliveryMetrics
from worker.delivery.sweep import Sweep

FEW, MANY = 10_000, 1_000_000
DUE, CLAIMS = 200, 25
REMINDERS, STRETCH_SECONDS, CALL_SECONDS = 600, 30, 0.03
CLOCK = SystemClock()
REFERRED_TO = (booking, catalogue, people)  # SQLAlchemy wants to know what the outbox's keys point at

INSERT = text("""
    INSERT INTO outbox (kind, chat_id, payload, dedupe_key, due_at, expires_at)
    SELECT 'bench', 1000 + n, '{"version": 1}', CAST(:name AS text) || n, at, at + interval '2 h'
    FROM generate_series(1, :count) AS n,
      LATERAL (SELECT CAST(:first AS timestamptz) + CAST(:step AS interval) * n AS at) AS moment
""")


async def insert(sessions: Sessions, name: str, count: int, first: datetime, step: timedelta) -> None:
    async with sessions.begin() as session:
        await session.execute(text("SET LOCAL statement_timeout = 0"))
        await session.execute(INSERT, {"name": name, "count": count, "first": first, "step": step})


async def settle(sessions: Sessions) -> None:
    """What autovacuum does in its own time."""
    async with sessions() as session:
        connection = await session.connection(execution_options={"isolation_level": "AUTOCOMMIT"})
        await connection.execute(text("SET statement_timeout = 0"))
        await connection.execute(text("VACUUM ANALYZE outbox"))


async def claim_milliseconds(sessions: Sessions, number: int) -> float:
    """Put due rows there, and claim them."""
    now = CLOCK.now()
    await insert(sessions, f"due:{number}:", DUE, now - timedelta(minutes=5), timedelta())
    begin = perf_counter()
    async with sessions.begin() as session:
        claimed = await outbox.claim_due(session, now, DUE)
    taken = perf_counter() - begin
    assert len(claimed) == DUE
    async with sessions.begin() as session:
        for each in claimed:
            await outbox.mark_sent(session, each.row.id, now, None)
    return taken * 1000


@dataclass
class Timed:
    """A reminder that notes when it was sent."""

    due: datetime
    late: list[float]

    async def send(self, _: Messenger) -> int | None:
        await asyncio.sleep(CALL_SECONDS)
        self.late.append((CLOCK.now() - self.due).total_seconds())
        return None

    async def settle(self, session: AsyncSession, message_id: int | None) -> None:
        pass

    async def give_up(self, session: AsyncSession) -> None:
        pass


async def lateness(sessions: Sessions) -> list[float]:
    """Have reminders sent by a sweep; return how late each was, in seconds."""
    late: list[float] = []
    begin = CLOCK.now() + timedelta(seconds=2)
    async with sessions.begin() as session:
        for number in range(REMINDERS):
            due = begin + timedelta(seconds=random.uniform(0, STRETCH_SECONDS))  # noqa: S311 - spreads moments
            payload = {"at": due.isoformat()}
            session.add(
                Outbox(
                    kind="timed", chat_id=number, payload=payload, dedupe_key=f"timed:{number}", due_at=due
                )
            )

    async def timed(_: AsyncSession, row: Outbox) -> Timed:
        return Timed(datetime.fromisoformat(row.payload["at"]), late)

    messenger = Messenger(TelegramClient("1:x", "http://127.0.0.1:1"))
    deliverer = Deliverer(sessions, messenger, CLOCK, {"timed": timed}, DeliveryMetrics(CollectorRegistry()))
    sweep = Sweep(sessions, deliverer, CLOCK)
    async with asyncio.TaskGroup() as group:
        group.create_task(sweep.run_for_ever())
        while len(late) < REMINDERS:  # noqa: ASYNC110 - a measurement, with nothing to wait on
            await asyncio.sleep(0.1)
        sweep.stop()
    return late


async def fill(cluster: PostgresCluster, stack: AsyncExitStack, count: int) -> Sessions:
    """Make a database with so many reminders for later."""
    url = await cluster.create_database(f"benchmark_{count}")
    migrate(url)
    engine = make_engine(url, pool_size=2)
    stack.push_async_callback(engine.dispose)
    sessions = make_sessions(engine)
    await insert(sessions, "later:", count, CLOCK.now() + timedelta(hours=1), timedelta(seconds=1))
    await settle(sessions)
    return sessions


async def measure(few: Sessions, many: Sessions) -> None:
    times: tuple[list[float], list[float]] = ([], [])
    for number in range(CLAIMS):
        for sessions, taken in zip((few, many), times, strict=True):
            taken.append(await claim_milliseconds(sessions, number))
    small, large = map(median, times)
    figures = f"{small:.2f} ms of {FEW:,} pending, {large:.2f} ms of {MANY:,}"
    stdout.write(f"claim {DUE} due: {figures}, ratio {large / small:.2f}\n")
    late = await lateness(many)
    cuts = quantiles(late, n=100)
    figures = f"p50 {cuts[49]:.3f} s, p99 {cuts[98]:.3f} s, max {max(late):.3f} s"
    stdout.write(f"lateness of {REMINDERS} reminders: {figures}\n")


async def run() -> None:
    data = make_data_directory()
    cluster = PostgresCluster(data)
    try:
        await cluster.start()
        async with AsyncExitStack() as stack:
            await measure(await fill(cluster, stack, FEW), await fill(cluster, stack, MANY))
    finally:
        await cluster.remove()
        shutil.rmtree(data, ignore_errors=True)


if __name__ == "__main__":
    configure_logs("WARNING", "console")
    asyncio.run(run())
