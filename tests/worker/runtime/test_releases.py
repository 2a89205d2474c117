"""The release before and this one side by side on one Redis: a newer command waits for a newer worker."""

import asyncio
import os
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from sqlalchemy import func, select

from shared.clock import SystemClock
from shared.contracts.booking import ShowServices
from shared.contracts.menu import ShowHelp
from shared.envelope import Actor, AnyCommand, Envelope, ReplyTo
from shared.queue.arq_queue import ArqCommandQueue
from shared.queue.connection import connect
from tests.queueing import until
from tests.running import ROOT
from tests.worker.stage import Stage
from worker.db.models.delivery import DeadCommand

PEOPLE = range(600_001, 600_011)
OTHERS = range(600_101, 600_103)


@asynccontextmanager
async def worker(stage: Stage, database: str, redis: str, *arguments: str) -> AsyncIterator[Process]:
    """Run a worker as a process of its own."""
    environment = {
        **os.environ,
        "BOT_TOKEN": stage.telegram.token,
        "DATABASE_URL": database,
        "REDIS_URL": redis,
        "TELEGRAM_API_URL": stage.telegram.url,
        "WORKER_METRICS_PORT": "0",
        "WORKER_QUEUES": "interactive",
        "SEND_PER_SECOND": "0",
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", *arguments),
        cwd=ROOT,
        env=environment,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.terminate()
        await process.wait()


def asked(command: AnyCommand, person: int, update_id: int) -> Envelope:
    return Envelope(
        bot_id=1_000_000_001,
        update_id=update_id,
        received_at=datetime.now(UTC),
        actor=Actor(id=person, first_name="Q"),
        reply_to=ReplyTo(chat_id=person),
        command=command,
    )


async def test_a_newer_command_waits_for_a_newer_worker(stage: Stage, shop_url: str, valkey_url: str) -> None:
    await stage.meet(*PEOPLE)
    older = ("tests.worker.runtime.older_worker", ShowServices.kind)

    async def told(words: str) -> bool:
        return all(any(words in text for text in stage.texts(person)) for person in PEOPLE)

    async with connect(valkey_url) as redis, worker(stage, shop_url, valkey_url, *older):
        queue = ArqCommandQueue(redis, SystemClock())
        await queue.put_all([asked(ShowServices(), person, person) for person in PEOPLE])
        await stage.meet(*OTHERS)
        await queue.put_all([asked(ShowHelp(), person, person) for person in OTHERS])

        async def others_are_answered() -> bool:
            return all("What I can do" in str(stage.texts(person)) for person in OTHERS)

        await until(others_are_answered, seconds=30)
        assert not any("like to book" in str(stage.texts(person)) for person in PEOPLE)
        async with worker(stage, shop_url, valkey_url, "worker"):
            await until(lambda: told("What would you like to book?"), seconds=60)
    async with stage.shop.sessions() as session:
        assert await session.scalar(select(func.count()).select_from(DeadCommand)) == 0
