"""A replica as a process: what WORKER_QUEUES has it do, and how it stops."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from aiohttp import ClientSession
from sqlalchemy import text

from sandbox.loopback import answers
from sandbox.ports import free_port
from shared.clock import SystemClock
from tests.kit.business import BUSINESS_ID
from tests.queueing import line, until
from tests.running import ROOT
from tests.sandbox.emulator.driving import Telegram, config, running
from tests.worker.shop import ANNA, Shop
from worker.db.models.delivery import Outbox, State
from worker.db.schema import revisions

TOKEN = "1000000001:AAtestTESTtestTESTtestTESTtestTESTtest"


@asynccontextmanager
async def replica(
    telegram: Telegram, shop_url: str, valkey_url: str, queues: str, port: int = 0
) -> AsyncIterator[asyncio.subprocess.Process]:
    port = port or free_port()
    environment = {
        **os.environ,
        "BOT_TOKEN": telegram.token,
        "TELEGRAM_API_URL": telegram.url,
        "DATABASE_URL": shop_url,
        "REDIS_URL": valkey_url,
        "WORKER_METRICS_PORT": str(port),
        "WORKER_QUEUES": queues,
    }
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "worker", cwd=ROOT, env=environment)
    try:
        await until(lambda: answers(f"http://127.0.0.1:{port}/health"), 30)
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


@pytest.mark.parametrize(
    ("queues", "runs", "sends"),
    [("interactive", True, False), ("delivery", False, True), ("interactive,delivery", True, True)],
)
async def test_it_does_what_the_setting_says_and_stops_when_told(
    shop: Shop, shop_url: str, valkey_url: str, queues: str, *, runs: bool, sends: bool
) -> None:
    async with running(config(tokens=(TOKEN,))) as telegram, line(valkey_url) as queue:
        await telegram.started(ANNA)
        async with shop.sessions.begin() as session:
            due = SystemClock().now() - timedelta(seconds=1)
            row = Outbox(
                business_id=BUSINESS_ID,
                kind="booking.card",
                chat_id=ANNA,
                dedupe_key="about nothing",
                due_at=due,
            )
            session.add(row)
        await queue.put(1, person=ANNA)
        async with replica(telegram, shop_url, valkey_url, queues) as process:

            async def ended() -> bool:
                async with shop.sessions() as session:
                    return (await session.get_one(Outbox, (BUSINESS_ID, row.id))).state == State.VOID

            async def ran() -> bool:
                return not await queue.waiting()

            if runs:
                await until(ran)
            if sends:
                await until(ended)
            process.terminate()
            assert await asyncio.wait_for(process.wait(), 10) == 0
        assert await ran() == runs
        assert await ended() == sends


async def test_a_worker_of_a_newer_release_waits_for_the_migration(
    shop: Shop, shop_url: str, valkey_url: str
) -> None:
    async def become(revision: str) -> None:
        async with shop.sessions.begin() as session:
            await session.execute(text("UPDATE alembic_version SET version_num = :now"), {"now": revision})

    async def health() -> dict[str, str]:
        async with ClientSession() as http, http.get(f"http://127.0.0.1:{port}/health") as response:
            assert response.status == 200
            return dict(await response.json())

    async def waits() -> bool:
        return (await health())["status"] == "waiting"

    async def ran() -> bool:
        return not await queue.waiting()

    port = free_port()
    await become("0001")
    async with running(config(tokens=(TOKEN,))) as telegram, line(valkey_url) as queue:
        await telegram.started(ANNA)
        await queue.put(1, person=ANNA)
        async with replica(telegram, shop_url, valkey_url, "interactive", port) as process:
            await until(waits)
            assert "alembic upgrade head" in (await health())["reason"]
            assert not await ran()
            await become(revisions().head)
            await until(ran)
            assert (await health())["status"] == "alive"
            process.terminate()
            assert await asyncio.wait_for(process.wait(), 10) == 0
    async with shop.sessions() as session:
        assert await session.scalar(text("SELECT count(*) FROM dead_command")) == 0
