"""Taps beside ten thousand messages that are going out, within Telegram's usual limits.

The messages are reminders that became due all at once. Here Bellhop keeps to its default of 30 messages a
second, and Telegram refuses more.
"""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import text

from tests.benchmarks.contenders import Contender, contender
from tests.benchmarks.crowd import Crowd, crowd
from tests.benchmarks.load import spread, tap_steadily
from tests.benchmarks.system import DEFAULT_SENDS_PER_SECOND, SENDS_PER_SECOND, Bench
from tests.kit.business import BUSINESS_ID
from worker.db.engine import Sessions, make_engine, make_sessions

FIRST_GUEST = 3_000_001
PEOPLE = text("""
    INSERT INTO person (business_id, id, first_name)
    SELECT 1, :first + n, 'Guest' FROM generate_series(1, :count) AS n
    ON CONFLICT DO NOTHING
""")
VISITS = text("""
    INSERT INTO booking (
        business_id, service_id, specialist_id, customer_id, during, busy, status, price, currency
    )
    SELECT 1, 1, 1 + n % 100, :first + n, during, during, 'confirmed', numrange(20, 20, '[]'), 'EUR'
    FROM generate_series(1, :count) AS n, LATERAL (
        SELECT tstzrange(at, at + interval '15 min') AS during
        FROM (SELECT CAST(:begin AS timestamptz) + n / 100 * interval '15 min' AS at) AS moment
    ) AS visit
""")
REMINDERS = text("""
    INSERT INTO outbox (business_id, kind, chat_id, subject_type, subject_id, payload, dedupe_key, due_at)
    SELECT business_id, 'booking.reminder', customer_id, 'booking', id, CAST('{"version": 1}' AS jsonb),
        'bulk:' || :name || id, now()
    FROM booking WHERE customer_id > :first
""")
CLEAR = text("DELETE FROM outbox WHERE dedupe_key LIKE 'bulk:%'")
LEFT = text("SELECT count(*) FROM outbox WHERE dedupe_key LIKE 'bulk:%' AND state = 'pending'")


async def measure(bench: Bench) -> dict[str, Any]:
    """Tap with and without the messages, in turn."""
    each = await contender(bench, "bellhop")
    people = crowd(bench, "bellhop")
    engine = make_engine(each.database_url, pool_size=1)
    usual = each.sends_per_second
    try:
        sessions = make_sessions(engine, BUSINESS_ID)
        await _prepare(bench, people, sessions)
        await _limit(bench, each, DEFAULT_SENDS_PER_SECOND)
        return await _compare(bench, each, people, sessions)
    finally:
        await engine.dispose()
        await each.stop()
        each.limit(usual)
        bench.limit(SENDS_PER_SECOND)


async def _limit(bench: Bench, each: Contender, sends_per_second: int) -> None:
    bench.limit(sends_per_second)
    await each.stop()
    each.limit(sends_per_second)
    await each.start()


async def _prepare(bench: Bench, people: Crowd, sessions: Sessions) -> None:
    """Let guests in, with a visit each after everybody else's."""
    count = bench.scale.bulk
    for number in range(FIRST_GUEST, FIRST_GUEST + count + 1):
        bench.emulator.world.users[number] = {"id": number, "is_bot": False, "first_name": "Guest"}
        bench.emulator.world.chat(people.bot, number).started = True
    begin = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=100)
    async with sessions.begin() as session:
        await session.execute(PEOPLE, {"first": FIRST_GUEST, "count": count})
        await session.execute(VISITS, {"first": FIRST_GUEST, "count": count, "begin": begin})


async def _compare(bench: Bench, each: Contender, people: Crowd, sessions: Sessions) -> dict[str, Any]:
    scale = bench.scale
    times: dict[str, list[float]] = {"without": [], "beside": []}
    unanswered, left, sent = 0, scale.bulk, 0.0
    await tap_steadily(each, people, scale.bulk_rate, scale.warm_up_seconds)
    for number in range(scale.rounds):
        window = await tap_steadily(each, people, scale.bulk_rate, scale.bulk_seconds)
        times["without"] += window.times()
        async with sessions.begin() as session:
            await session.execute(REMINDERS, {"first": FIRST_GUEST, "name": f"{number}:"})
        await asyncio.sleep(1)
        window = await tap_steadily(each, people, scale.bulk_rate, scale.bulk_seconds)
        times["beside"] += window.times()
        unanswered += window.unanswered
        async with sessions.begin() as session:
            left = int((await session.execute(LEFT)).scalar_one())
            await session.execute(CLEAR)
        sent = (scale.bulk - left) / (window.seconds + 1)
        await asyncio.sleep(1)
    figures = {
        name: dict(zip(("p50_ms", "p99_ms"), spread(found), strict=True)) for name, found in times.items()
    }
    about = {"messages": scale.bulk, "still_waiting": left, "sent_a_second": sent, "rate": scale.bulk_rate}
    return {**about, "unanswered": unanswered, "taps": len(times["beside"]), **figures}
