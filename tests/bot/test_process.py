import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic

import pytest
from aiohttp import ClientError, ClientSession
from arq.connections import ArqRedis

from bot.server import listen
from sandbox.ports import free_port
from shared.environment import ENV_FILE
from shared.queue import keys
from shared.queue.connection import connect
from tests.bot import updates
from tests.bot.fake_telegram import FakeTelegram, failure, fake_telegram
from tests.bot.updates import BOT_ID, TOKEN

ROOT = Path(__file__).parents[2]
NOWHERE = "redis://127.0.0.1:1/0"
STOP_SECONDS = 5
BEN = 8


def environment(telegram: FakeTelegram, redis_url: str, **more: str) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", ENV_FILE}}
    return inherited | {
        "BOT_TOKEN": TOKEN,
        "TELEGRAM_API_URL": telegram.url,
        "REDIS_URL": redis_url,
        "BOT_PORT": str(free_port()),
        **more,
    }


@asynccontextmanager
async def bot(variables: dict[str, str]) -> AsyncIterator[Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", cwd=ROOT, env=variables, stdout=PIPE, stderr=PIPE
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def status(port: str, path: str, wanted: int) -> None:
    """Ask until the answer is the wanted one."""
    async with ClientSession(f"http://127.0.0.1:{port}") as session, asyncio.timeout(40):
        while True:
            try:
                async with session.get(path) as response:
                    if response.status == wanted:
                        return
            except ClientError:
                pass
            await asyncio.sleep(0.05)


async def stop(process: Process, number: signal.Signals = signal.SIGTERM) -> tuple[int | None, str]:
    started = monotonic()
    process.send_signal(number)
    output, errors = await asyncio.wait_for(process.communicate(), 20)
    assert monotonic() - started < STOP_SECONDS
    assert errors == b""
    return process.returncode, output.decode()


async def test_updates_reach_valkey_and_sigterm_ends_an_open_poll(valkey_url: str) -> None:
    async with fake_telegram() as telegram, connect(valkey_url) as redis:
        variables = environment(telegram, valkey_url)
        async with bot(variables) as process:
            await status(variables["BOT_PORT"], "/ready", 200)
            await telegram.offer(updates.message("/start", 5))
            await telegram.until(lambda: telegram.confirmed == 5)
            assert await redis.exists(f"{keys.JOB}u:{BOT_ID}:5")
            await telegram.until(lambda: telegram.of("getUpdates")[-1]["timeout"] == 30)
            code, output = await stop(process)
    assert code == 0
    assert '"update_id": 5' in output
    assert TOKEN not in output
    assert telegram.of("setMyCommands")


async def test_a_flood_gets_one_notice_and_stays_out_of_redis(valkey_url: str) -> None:
    async with fake_telegram() as telegram, connect(valkey_url) as redis:
        variables = environment(telegram, valkey_url)
        flood = [updates.tap("h", update_id) for update_id in range(1000, 1020)]
        other = updates.tap("h", 1020, sender=updates.person(BEN))
        await telegram.offer(*flood, other)
        async with bot(variables) as process:
            await telegram.until(lambda: len(telegram.of("answerCallbackQuery")) == 10 + 8)
            await telegram.until(lambda: telegram.confirmed == 1020)
            await stop(process)
        jobs = [update_id for update_id in range(1000, 1021) if await is_kept(redis, update_id)]
    assert jobs == [1000, 1009, 1020], "the first may have begun, the last is what is to be shown"
    assert sum("text" in answer for answer in telegram.of("answerCallbackQuery")) == 1


async def is_kept(redis: ArqRedis, update_id: int) -> bool:
    return bool(await redis.exists(f"{keys.JOB}u:{BOT_ID}:{update_id}"))


async def test_without_redis_the_bot_lives_says_so_and_stops() -> None:
    async with fake_telegram() as telegram:
        await telegram.offer(updates.message("/start", 5))
        variables = environment(telegram, NOWHERE)
        async with bot(variables) as process:
            await status(variables["BOT_PORT"], "/ready", 503)
            await status(variables["BOT_PORT"], "/health", 200)
            await telegram.until(lambda: bool(telegram.of("getUpdates")))
            code, _ = await stop(process, signal.SIGINT)
    assert code == 0
    assert telegram.confirmed == -1


async def test_in_webhook_mode_it_registers_and_serves(valkey_url: str) -> None:
    async with fake_telegram() as telegram:
        variables = environment(
            telegram,
            valkey_url,
            BOT_MODE="webhook",
            WEBHOOK_URL="https://bellhop.example",
            WEBHOOK_SECRET="s3cret",
        )
        async with bot(variables) as process:
            await telegram.until(lambda: bool(telegram.of("setWebhook")))
            await status(variables["BOT_PORT"], "/ready", 200)
            headers = {"X-Telegram-Bot-Api-Secret-Token": "s3cret"}
            url = f"http://127.0.0.1:{variables['BOT_PORT']}/telegram/webhook"
            async with (
                ClientSession(headers=headers) as session,
                session.post(url, json=updates.message("/start", 8)) as response,
            ):
                assert response.status == 200
            code, _ = await stop(process)
    assert code == 0
    assert telegram.of("getUpdates") == []


async def ended(variables: dict[str, str]) -> tuple[int | None, str]:
    async with bot(variables) as process:
        _, errors = await asyncio.wait_for(process.communicate(), 40)
        return process.returncode, errors.decode()


async def test_a_bad_token_ends_it_with_a_sentence() -> None:
    async with fake_telegram() as telegram:
        refused = [failure(401, "Unauthorized")]
        telegram.script("getMe", *refused)
        telegram.script("deleteWebhook", *refused)
        assert await ended(environment(telegram, NOWHERE)) == (
            1,
            "Telegram refuses BOT_TOKEN: check it with @BotFather.\n",
        )


async def test_a_taken_port_ends_it_with_a_sentence() -> None:
    async with fake_telegram() as telegram:
        with listen("127.0.0.1", 0) as taken:
            port = taken.getsockname()[1]
            code, errors = await ended(environment(telegram, NOWHERE, BOT_PORT=str(port)))
    assert code == 1
    assert errors.startswith(f"The bot cannot listen on 127.0.0.1 port {port}: Address already in use.")
    assert errors.count("\n") == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"BOT_TOKEN": ""}, "BOT_TOKEN is not set.\n"),
        (
            {"BOT_MODE": "webhook"},
            "BOT_MODE=webhook needs WEBHOOK_URL, the public https address of this bot\n",
        ),
    ],
)
async def test_settings_that_make_no_sense_are_named(changes: dict[str, str], sentence: str) -> None:
    async with fake_telegram() as telegram:
        assert await ended(environment(telegram, NOWHERE, **changes)) == (2, sentence)
