"""When a system has come to rest: nothing is under way, and nothing that was promised is due."""

import asyncio
import time

import asyncpg
from redis.asyncio import Redis

from shared.queue import keys
from tests.chaos.system import ChaosSystem
from tests.chaos.telegram import Telegram

LOOK_SECONDS = 0.5


async def come_to_rest(system: ChaosSystem, telegram: Telegram, longest: float) -> str:
    """Wait until nothing is under way; say what still is after so many seconds, '' where nothing is."""
    began = time.monotonic()
    while busy := await _busy(system, telegram):
        if time.monotonic() - began > longest:
            return f"after {longest:g} s: {busy}"
        await asyncio.sleep(LOOK_SECONDS)
    return ""


async def _busy(system: ChaosSystem, telegram: Telegram) -> str:
    """Say what is still under way: updates, jobs, or messages that are due."""
    waiting = await telegram.ask("GET", "updates")
    pending = sum(one["confirmed_at"] is None and not one["expired"] for one in waiting)
    async with Redis.from_url(system.sandbox.addresses.redis_url) as redis:
        jobs = await redis.hlen(keys.INTERACTIVE + keys.DUE)
    url = system.sandbox.addresses.database_url.replace("+asyncpg", "")
    connection = await asyncpg.connect(url, ssl=False)
    try:
        due = await connection.fetchval(
            "SELECT count(*) FROM outbox WHERE state = 'pending' AND (due_at < now() + interval '20 s'"
            " AND kind <> 'booking.reminder' OR due_at < now() - interval '2 s')"
        )
        # One that just runs is due when its claim is over.
        timers = await connection.fetchval(
            "SELECT count(*) FROM timer WHERE due_at < now() OR claimer IS NOT NULL"
        )
    finally:
        await connection.close()
    counts = {"updates": pending, "jobs": jobs, "messages": due, "timers": timers}
    return ", ".join(f"{count} {name}" for name, count in counts.items() if count)
