"""A process that stands still ends itself; the real bot and worker are watched too."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process

import pytest

from sandbox.ports import free_port
from shared.environment import ENV_FILE
from shared.watchdog import STOOD_STILL, watched
from tests.bot import updates
from tests.bot.fake_telegram import fake_telegram
from tests.bot.updates import TOKEN
from tests.running import ROOT

STANDING_STILL = """
import asyncio, time
from shared.watchdog import watched

def long_calculation():
    print("stands", flush=True)
    time.sleep({seconds})

async def work():
    await asyncio.sleep(0.1)
    long_calculation()
    await asyncio.sleep(0.1)
    print("went on", flush=True)

asyncio.run(watched(work(), {limit}))
"""


async def start(*arguments: str, **variables: str) -> Process:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", ENV_FILE) if name in os.environ}
    return await asyncio.create_subprocess_exec(
        sys.executable, *arguments, cwd=ROOT, env=kept | variables, stdout=PIPE, stderr=PIPE
    )


async def test_a_loop_that_stands_still_ends_the_process_and_says_where() -> None:
    process = await start("-c", STANDING_STILL.format(seconds=600, limit=0.5))
    output, errors = await process.communicate()
    assert process.returncode == STOOD_STILL
    assert b"the process ends itself" in output
    assert b"in long_calculation" in errors
    assert b"went on" not in output


@pytest.mark.parametrize(("seconds", "limit"), [(0.3, 60), (0.3, 0)])
async def test_what_goes_on_in_time_is_left_alone(seconds: float, limit: float) -> None:
    process = await start("-c", STANDING_STILL.format(seconds=seconds, limit=limit))
    output, errors = await process.communicate()
    assert (process.returncode, errors) == (0, b"")
    assert b"went on" in output


async def test_time_in_which_the_whole_process_was_stopped_does_not_count() -> None:
    """As on a machine that slept: it has missed as many steps as it made, which is none."""
    process = await start("-c", STANDING_STILL.format(seconds=0.5, limit=1.5))
    assert process.stdout is not None
    assert await process.stdout.readline() == b"stands\n"
    process.send_signal(signal.SIGSTOP)
    await asyncio.sleep(2)
    process.send_signal(signal.SIGCONT)
    output, _ = await process.communicate()
    assert (process.returncode, output) == (0, b"went on\n")


async def test_the_watch_ends_with_the_work() -> None:
    async def work() -> int:
        await asyncio.sleep(0)
        return 7

    assert await watched(work(), 0.1) == 7


async def test_the_bot_is_watched(valkey_url: str) -> None:
    async with fake_telegram() as telegram:
        process = await start(
            "-m",
            "bot",
            BOT_TOKEN=TOKEN,
            TELEGRAM_API_URL=telegram.url,
            REDIS_URL=valkey_url,
            BOT_PORT=str(free_port()),
            WATCHDOG_SECONDS="0.5",
            BELLHOP_FAILPOINTS="before_enqueue=block:600:1",
        )
        await telegram.offer(updates.message("/start", 5))
        output, errors = await process.communicate()
    assert process.returncode == STOOD_STILL, errors
    assert b'"event": "stood still: the process ends itself"' in output


async def test_the_worker_is_watched(valkey_url: str, database_url: str) -> None:
    async with fake_telegram() as telegram:
        environment = {
            "BOT_TOKEN": TOKEN,
            "TELEGRAM_API_URL": telegram.url,
            "REDIS_URL": valkey_url,
            "DATABASE_URL": database_url,
        }
        bot = await start("-m", "bot", **environment, BOT_PORT=str(free_port()))
        worker = await start(
            "-m",
            "worker",
            **environment,
            WORKER_METRICS_PORT="0",
            WATCHDOG_SECONDS="0.5",
            BELLHOP_FAILPOINTS="after_claim=block:600:1",
        )
        await telegram.offer(updates.message("/start", 6))
        output, errors = await worker.communicate()
        bot.terminate()
        await bot.communicate()
    assert worker.returncode == STOOD_STILL, errors
    assert b'"event": "stood still: the process ends itself"' in output
