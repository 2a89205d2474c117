"""What a million pending reminders cost.

`claim` is claiming 200 due rows: the medians of claims that take turns between a table with a hundredth of
the rows pending and one with all. `lateness` is how long after its moment a reminder was sent beside each,
rows due at random moments, and 30 ms for each call to Telegram. Both tables' stretches take turns.
"""

import asyncio
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from time import perf_counter
from typing import Any

from prometheus_client import CollectorRegistry
from sqlalchemy import text

from shared.clock import SystemClock
from shared.i18n.translator import load_translators
from shared.telegram.client import TelegramClient
from tests.benchmarks.load import spread
from tests.benchmarks.system import Bench
from tests.kit.business import BUSINESS_ID
from tests.kit.retrying import KeptRetries
from tests.kit.wiring import make_settings
from worker.capabilities import make_environment
from worker.db.engine import Sessions, make_engine, make_sessions
from worker.db.models.delivery import Outbox, State
from worker.outbox import repository as outbox
from worker.outbox.deliverer import Deliverer
from worker.outbox.handler import MessageContext, MessageHandler, MessageType
from worker.outbox.message import OUTBOX, ClaimedMessage
from worker.outbox.messenger import Messenger
from worker.outbox.metrics import DeliveryMetrics
from worker.outbox.poller import OutboxPoller
from worker.outbox.priority import Priority

FEWER = 100
DUE, CALL_SECONDS = 200, 0.03
CLOCK = SystemClock()

INSERT = text("""
    INSERT INTO outbox (business_id, kind, chat_id, payload, dedupe_key, due_at, expires_at)
    SELECT 1, 'bench', 1000 + n, '{"version": 1}', CAST(:name AS text) || n, at, at + interval '2 h'
    FROM generate_series(1, :count) AS n,
      LATERAL (SELECT CAST(:first AS timestamptz) + CAST(:step AS interval) * n AS at) AS moment
""")


async def insert(sessions: Sessions, name: str, count: int, first: datetime, step: timedelta) -> None:
    async with sessions.begin() as session:
        await session.execute(text("SET LOCAL statement_timeout = 0"))
        await session.execute(INSERT, {"name": name, "count": count, "first": first, "step": step})


async def vacuum(sessions: Sessions) -> None:
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
        claimed = await OUTBOX.claim(session, now, DUE)
    taken = perf_counter() - begin
    assert len(claimed) == DUE
    async with sessions.begin() as session:
        for each in claimed:
            await outbox.mark_sent(session, each.id, now, None)
    return taken * 1000


@dataclass
class Timed(MessageHandler[datetime]):
    """Reminders that note how late they were sent, in seconds."""

    late: list[float]

    async def prepare(self, context: MessageContext, claimed: ClaimedMessage) -> datetime | State:
        del context
        return datetime.fromisoformat(claimed.message.payload["at"])

    async def send(self, messenger: Messenger, claimed: ClaimedMessage, content: datetime) -> int | None:
        del messenger, claimed
        await asyncio.sleep(CALL_SECONDS)
        self.late.append((CLOCK.now() - content).total_seconds())
        return None


async def lateness(sessions: Sessions, name: str, count: int, stretch: float) -> list[float]:
    """Have reminders sent by a poller; return how late each was, in seconds."""
    timed = Timed([])
    await promise(sessions, name, count, stretch)
    deliverer = Deliverer(
        sessions,
        sessions,
        Messenger(TelegramClient("1:x", "http://127.0.0.1:1")),
        [MessageType("timed", Priority.REMINDER, timed)],
        CLOCK,
        make_environment(make_settings(), load_translators(), KeptRetries()),
        DeliveryMetrics(CollectorRegistry()),
    )
    poller = OutboxPoller(sessions, deliverer, CLOCK)
    async with asyncio.TaskGroup() as group:
        group.create_task(poller.run_for_ever())
        while len(timed.late) < count:  # noqa: ASYNC110 - a measurement, with nothing to wait on
            await asyncio.sleep(0.1)
        poller.stop()
    return timed.late


async def promise(sessions: Sessions, name: str, count: int, stretch: float) -> None:
    """Promise reminders at random moments, soon."""
    begin = CLOCK.now() + timedelta(seconds=2)
    async with sessions.begin() as session:
        for number in range(count):
            due = begin + timedelta(seconds=random.uniform(0, stretch))  # noqa: S311 - spreads moments
            payload = {"at": due.isoformat()}
            key = f"timed:{name}:{number}"
            about = {"business_id": BUSINESS_ID, "kind": "timed", "chat_id": number}
            session.add(Outbox(**about, payload=payload, dedupe_key=key, due_at=due))


async def fill(bench: Bench, count: int) -> Sessions:
    """Make a database with so many reminders for later."""
    engine = make_engine(await bench.database(with_business=False), pool_size=2)
    bench.stack.push_async_callback(engine.dispose)
    sessions = make_sessions(engine, BUSINESS_ID)
    await insert(sessions, "later:", count, CLOCK.now() + timedelta(hours=1), timedelta(seconds=1))
    await vacuum(sessions)
    return sessions


async def measure(bench: Bench) -> dict[str, Any]:
    """Measure both tables in turn."""
    scale = bench.scale
    pending = {"few": scale.pending // FEWER, "many": scale.pending}
    tables = {name: await fill(bench, count) for name, count in pending.items()}
    claims: dict[str, list[float]] = {name: [] for name in tables}
    late: dict[str, list[float]] = {name: [] for name in tables}
    for number in range(scale.repeats):
        for name, sessions in tables.items():
            claims[name].append(await claim_milliseconds(sessions, number))
    turns = min(2, scale.rounds)
    for turn in range(turns):
        for name, sessions in tables.items():
            count, stretch = scale.reminders // turns, scale.stretch_seconds / turns
            late[name] += await lateness(sessions, str(turn), count, stretch)
    figures = {
        name: dict(zip(("p50_s", "p99_s"), spread(found), strict=True)) for name, found in late.items()
    }
    return {
        "pending": pending,
        "reminders": scale.reminders,
        "claim_ms": {name: median(found) for name, found in claims.items()},
        "claimed": DUE,
        "lateness": figures,
    }
