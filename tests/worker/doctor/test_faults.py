"""Each fault that an operator meets is found, and its hint says what to do about just that."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from prometheus_client import CollectorRegistry
from redis.asyncio import Redis
from redis.exceptions import AuthenticationError, BusyLoadingError, ReadOnlyError, ResponseError
from sqlalchemy import text

from bot.metrics import BotMetrics
from compose.backup.figures import Figures, serving
from shared.clock import SystemClock
from shared.metrics import render
from tests.queueing import line
from tests.worker.doctor.fake_telegram import TOKEN, FakeTelegram, fake_telegram
from worker.db.engine import Sessions
from worker.doctor import remedies
from worker.doctor.examination import examine
from worker.doctor.findings import Finding, Level

REFUSES = """
    CREATE FUNCTION refuse() RETURNS event_trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '{}'; END $$;
    CREATE EVENT TRIGGER refuse ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION refuse();
"""
URL = "https://bell.example"


class FakeBot:
    """Replicas of a bot on loopback's addresses, all on one port."""

    def __init__(self) -> None:
        self.port = 0
        self.reasons: dict[str, list[str]] = {}
        registry = CollectorRegistry()
        self.metrics = BotMetrics(registry)
        self._registry = registry

    async def ready(self, request: web.Request) -> web.Response:
        reasons = self.reasons.get(request.url.host or "", [])
        return web.json_response({"reasons": reasons}, status=503 if reasons else 200)

    async def figures(self, _: web.Request) -> web.Response:
        return web.Response(body=render(self._registry))


@pytest.fixture
async def bot(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FakeBot]:
    """A bot of two replicas, behind one name."""
    fake = FakeBot()
    app = web.Application()
    app.router.add_get("/ready", fake.ready)
    app.router.add_get("/metrics", fake.figures)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    fake.port = runner.addresses[0][1]
    await web.TCPSite(runner, "127.0.0.2", fake.port).start()
    loop, resolve = asyncio.get_running_loop(), asyncio.get_running_loop().getaddrinfo

    async def by_name(host: str, port: int, **more: Any) -> Any:  # noqa: ANN401 - the loop's own
        if host != "bot":
            return await resolve(host, port, **more)
        there = [(address, port) for address in ("127.0.0.1", "127.0.0.2")]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", each) for each in there]

    monkeypatch.setattr(loop, "getaddrinfo", by_name)
    monkeypatch.setenv("BOT_METRICS_URL", f"http://bot:{fake.port}/metrics")
    yield fake
    await runner.cleanup()


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    async with fake_telegram() as telegram:
        yield telegram


@pytest.fixture
def database_url(own_database_url: str) -> str:
    return own_database_url


@pytest.fixture(autouse=True)
def _settings(
    monkeypatch: pytest.MonkeyPatch, database_url: str, valkey_url: str, telegram: FakeTelegram
) -> None:
    monkeypatch.setenv("BOT_TOKEN", TOKEN)
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("REDIS_URL", valkey_url)
    monkeypatch.setenv("TELEGRAM_API_URL", telegram.url)


async def found(name: str) -> Finding:
    """What the doctor says of one thing."""
    return next(finding for finding in await examine(SystemClock()) if finding.name == name)


@pytest.mark.parametrize(
    ("state", "hint"),
    [
        ("25006", "it only reads"),
        ("53100", "free space"),
        ("53200", "no memory left"),
        ("53300", "DATABASE_POOL"),
        ("58030", "dmesg"),
        ("42501", "own the database"),
        ("57P03", "ask again in a minute"),
    ],
)
async def test_a_postgres_that_answers_and_cannot_write(sessions: Sessions, state: str, hint: str) -> None:
    async with sessions.begin() as session:
        for statement in REFUSES.format(state).split(";\n    CREATE EVENT"):
            prefix = "CREATE EVENT" if statement.startswith(" TRIGGER") else ""
            await session.execute(text(prefix + statement))
    finding = await found("PostgreSQL")
    assert finding.level is Level.FAILURE
    assert hint in finding.hint


async def test_the_doctor_leaves_nothing_behind(sessions: Sessions) -> None:
    before = await _scalar(sessions, "SELECT count(*) FROM pg_class")
    assert (await found("PostgreSQL")).level is Level.OK
    assert await _scalar(sessions, "SELECT count(*) FROM pg_class") == before


async def _scalar(sessions: Sessions, sql: str) -> object:
    async with sessions() as session:
        return await session.scalar(text(sql))


async def test_a_database_that_is_not_there(monkeypatch: pytest.MonkeyPatch, database_url: str) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url.rsplit("/", 1)[0] + "/nowhere")
    assert "there is no such database" in (await found("PostgreSQL")).hint


async def test_a_redis_that_fills_up_and_is_full(valkey_url: str) -> None:
    async with Redis.from_url(valkey_url) as redis:
        used = (await redis.info("memory"))["used_memory"]
        try:
            await redis.config_set("maxmemory", int(used * 1.25))
            filling = await found("Redis memory")
            await redis.config_set("maxmemory", 1000)
            full = await found("Redis")
        finally:
            await redis.config_set("maxmemory", 0)
    assert filling.level is Level.WARNING
    assert full.level is Level.FAILURE
    assert "REDIS_MAXMEMORY" in filling.hint
    assert "REDIS_MAXMEMORY" in full.hint


@pytest.mark.parametrize(
    ("error", "hint"),
    [
        (ReadOnlyError("You can't write against a read only replica."), "it is a replica"),
        (AuthenticationError("invalid username-password pair"), "password"),
        (BusyLoadingError("Redis is loading the dataset in memory"), "ask again in a minute"),
        (ResponseError("MISCONF Errors writing to the AOF file: No space left on device"), "free space"),
    ],
)
def test_a_redis_that_refuses(error: Exception, hint: str) -> None:
    assert hint in remedies.for_redis(error)


async def test_a_command_that_waits_for_something_else_than_a_worker(valkey_url: str) -> None:
    """Deferred by an outage it is not due, and the queue looks empty."""
    async with line(valkey_url) as queue:
        await queue.put(1)
        [job] = await queue.take(1)
        assert (await found("oldest command")).level is Level.OK
        await queue.age(job, 50)
        findings = {each.name: each for each in await examine(SystemClock())}
    assert findings["queue"].message == "nothing waits"
    assert findings["oldest command"].level is Level.WARNING
    assert "job deferred" in findings["oldest command"].hint


async def test_a_replica_that_hangs_does_not_hide_behind_another(bot: FakeBot) -> None:
    assert (await found("bot")).message == "2 can take updates"
    bot.reasons["127.0.0.2"] = ["queue: OutOfMemoryError"]
    finding = await found("bot")
    assert finding.level is Level.FAILURE
    assert finding.message == "1 of 2 cannot take updates: queue: OutOfMemoryError"


async def test_a_second_bot_with_the_same_token(bot: FakeBot) -> None:
    assert (await found("second bot")).level is Level.OK
    bot.metrics.polling.last_conflict.set(SystemClock().now().timestamp() - 20)
    bot.metrics.polling.conflicts.inc(2)
    assert (await found("second bot")).level is Level.WARNING, "it may be the one before"
    bot.metrics.polling.conflicts.inc()
    finding = await found("second bot")
    assert finding.level is Level.FAILURE
    assert re.search(r"another process took this bot.s updates \d\d s ago", finding.message)
    assert "stop the bot that runs elsewhere" in finding.hint


async def test_a_bot_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_METRICS_URL", "http://127.0.0.1:1/metrics")
    finding = await found("bot")
    assert finding.level is Level.FAILURE
    assert "docker compose logs --tail 50 bot" in finding.hint


@pytest.mark.parametrize(
    ("info", "level", "message", "hint"),
    [
        ({"url": ""}, Level.FAILURE, "no webhook is registered", "second bot that polls"),
        ({"url": "https://other.example/telegram/webhook"}, Level.FAILURE, "another one", "runs elsewhere"),
        ({"last_error_message": "403 Forbidden"}, Level.FAILURE, "403", "another WEBHOOK_SECRET"),
        ({"last_error_message": "503 Service"}, Level.FAILURE, "503", "Redis"),
        ({"last_error_message": "SSL error"}, Level.FAILURE, "SSL", "certificate"),
        ({"last_error_message": "Connection timed out"}, Level.FAILURE, "timed out", "from outside"),
        ({"last_error_message": "403", "pending_update_count": 0}, Level.WARNING, "403", "WEBHOOK_SECRET"),
    ],
)
async def test_a_webhook_that_telegram_cannot_use(
    monkeypatch: pytest.MonkeyPatch,
    telegram: FakeTelegram,
    info: dict[str, Any],
    level: Level,
    message: str,
    hint: str,
) -> None:
    monkeypatch.setenv("BOT_MODE", "webhook")
    monkeypatch.setenv("WEBHOOK_URL", URL)
    now = SystemClock().now().timestamp()
    telegram.webhook = {"url": f"{URL}/telegram/webhook", "pending_update_count": 3, "last_error_date": now}
    telegram.webhook |= info
    finding = await found("Telegram updates")
    assert (finding.level, message in finding.message, hint in finding.hint) == (level, True, True), finding


@pytest.mark.parametrize(
    ("figures", "message"),
    [
        (Figures(last_success=-7 * 3600, interval=6 * 3600), None),
        (Figures(last_success=-9 * 3600, interval=6 * 3600), "9 h old"),
        (Figures(last_success=-100 * 3600, interval=168 * 3600), None),
        (
            Figures(last_success=-3600, interval=6 * 3600, failing=1),
            "1 h old, and the latest try failed",
        ),
    ],
)
async def test_a_backup_is_late_by_its_own_interval(
    monkeypatch: pytest.MonkeyPatch, figures: Figures, message: str | None
) -> None:
    figures.last_success += SystemClock().now().timestamp()
    with serving(figures, 0) as port:
        monkeypatch.setenv("BACKUP_METRICS_URL", f"http://127.0.0.1:{port}/metrics")
        finding = await found("last backup")
    assert (finding.level is Level.WARNING, finding.message) == (bool(message), message or finding.message)


async def test_no_backup_process_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BACKUP_METRICS_URL", "http://127.0.0.1:1/metrics")
    finding = await found("last backup")
    assert finding.level is Level.WARNING
    assert "COMPOSE_PROFILES" in finding.hint
