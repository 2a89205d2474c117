"""The doctor and the settings, each with the environment that Compose gives its container."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from aiohttp import web
from prometheus_client import CollectorRegistry
from redis.asyncio import Redis

from bot.metrics import BotMetrics
from compose.backup.figures import Figures, serving
from shared.bot_settings import BotSettings
from shared.clock import SystemClock
from shared.metrics import render
from shared.queue import keys
from shared.settings import WorkerSettings, load
from tests.compose.environments import NotGivenError, environment, interpolate
from tests.compose.files import SINGLE, documents, services
from tests.running import ROOT
from tests.worker.business.test_reader import BARBER
from tests.worker.doctor.fake_telegram import TOKEN, FakeTelegram, fake_telegram
from worker.business.apply import apply_document
from worker.business.reader import read_document
from worker.db.engine import Sessions

SECRET = "s3cret-of-the-keys-service"
POLLING = {"BOT_TOKEN": TOKEN}
WEBHOOK = {**POLLING, "BOT_MODE": "webhook", "WEBHOOK_URL": "https://bot.example.com", "BOT_REPLICAS": "2"}
MODES = [pytest.param(POLLING, id="polling"), pytest.param(WEBHOOK, id="webhook")]
EXAMPLE = ROOT / ".env.example"


def copied_example() -> dict[str, str]:
    """What .env holds where somebody copied the whole example and filled in the token."""
    lines = [line for line in EXAMPLE.read_text().splitlines() if line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines) | POLLING


@pytest.fixture
def database_url(own_database_url: str) -> str:
    return own_database_url


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    async with fake_telegram() as telegram:
        yield telegram


@pytest.fixture
async def bot_url() -> AsyncIterator[str]:
    """Where a bot answers that is well."""
    registry = CollectorRegistry()
    BotMetrics(registry)

    async def ready(_: web.Request) -> web.Response:
        return web.json_response({"status": "ready"})

    async def metrics(_: web.Request) -> web.Response:
        return web.Response(body=render(registry))

    app = web.Application()
    app.router.add_get("/ready", ready)
    app.router.add_get("/metrics", metrics)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield "http://{}:{}/metrics".format(*runner.addresses[0])
    await runner.cleanup()


@pytest.fixture
def backup_url() -> Iterator[str]:
    """Where backups are that are well."""
    now = SystemClock().now().timestamp()
    with serving(Figures(last_success=now, interval=86_400), 0) as port:
        yield f"http://127.0.0.1:{port}/metrics"


@pytest.fixture
async def here(
    sessions: Sessions,
    database_url: str,
    valkey_url: str,
    telegram: FakeTelegram,
    bot_url: str,
    backup_url: str,
    tmp_path: Path,
) -> dict[str, str]:
    """What stands for the containers' addresses on this machine, by what Compose calls it."""
    await apply_document(sessions, read_document(BARBER.encode(), "b.yaml"), SystemClock())
    async with Redis.from_url(valkey_url) as redis:
        await redis.zadd(keys.REPLICAS, {"one": SystemClock().now().timestamp()})
    return stand_ins(tmp_path, database_url, valkey_url, bot_url, backup_url, telegram.url)


def stand_ins(
    directory: Path,
    database: str = "postgresql+asyncpg://bellhop@127.0.0.1:1/bellhop",
    queue: str = "redis://127.0.0.1:1",
    bot: str = "http://127.0.0.1:1/metrics",
    backup: str = "http://127.0.0.1:1/metrics",
    telegram: str = "http://127.0.0.1:1",
) -> dict[str, str]:
    """Return this machine's addresses by what Compose calls them; the keys' files are in the directory."""
    contents = {"url": database, "secret": SECRET, "queue": queue, "token": TOKEN}
    for name, content in contents.items():
        (directory / name).write_text(content)
    return {
        "/keys/database/url": str(directory / "url"),
        "/keys/webhook/secret": str(directory / "secret"),
        "/run/secrets/bot_token": str(directory / "token"),
        "/keys/queue/url": str(directory / "queue"),
        "http://bot:8080/metrics": bot,
        "http://backup:9102/metrics": backup,
        "https://api.telegram.org": telegram,
    }


def in_container(service: str, dotenv: dict[str, str], here: dict[str, str]) -> dict[str, str]:
    """A container's environment with this machine's addresses; only Telegram's is added."""
    given = {"TELEGRAM_API_URL": "https://api.telegram.org", **environment(service, dotenv)}
    return {name: here.get(value, value) for name, value in given.items()}


async def doctor(variables: dict[str, str]) -> tuple[int | None, str]:
    base = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "worker.doctor", cwd=ROOT, env=base | variables, stdout=PIPE, stderr=PIPE
    )
    output, errors = await process.communicate()
    return process.returncode, (output + errors).decode()


@pytest.mark.parametrize("dotenv", MODES)
@pytest.mark.parametrize("service", ["worker", "bellhop"])
async def test_the_doctor_finds_a_well_deployment_well(
    service: str, dotenv: dict[str, str], here: dict[str, str], telegram: FakeTelegram
) -> None:
    if dotenv is WEBHOOK:
        telegram.webhook["url"] = "https://bot.example.com/telegram/webhook"
    code, report = await doctor(in_container(service, dotenv, here))
    assert code == 0, report
    assert SECRET not in report


async def test_the_doctor_takes_a_copied_example(here: dict[str, str]) -> None:
    code, report = await doctor(in_container("bellhop", copied_example(), here))
    assert code == 0, report


async def test_the_doctor_finds_what_is_wrong_in_env(here: dict[str, str]) -> None:
    code, report = await doctor(in_container("bellhop", {**WEBHOOK, "WEBHOOK_URL": ""}, here))
    assert code == 2
    assert "BOT_MODE=webhook needs WEBHOOK_URL" in report


@pytest.mark.parametrize("dotenv", [*MODES, pytest.param({"BOT_TOKEN_FILE": "./token"}, id="file")])
@pytest.mark.parametrize(
    ("service", "settings"),
    [("bot", BotSettings), ("worker", WorkerSettings), ("bellhop", WorkerSettings), ("bellhop", BotSettings)],
)
def test_every_container_has_the_settings_that_its_process_needs(
    monkeypatch: pytest.MonkeyPatch,
    service: str,
    settings: type[BotSettings] | type[WorkerSettings],
    dotenv: dict[str, str],
    tmp_path: Path,
) -> None:
    for name in {field.upper() for kind in (BotSettings, WorkerSettings) for field in kind.model_fields}:
        monkeypatch.delenv(name, raising=False)
    for name, value in in_container(service, dotenv, stand_ins(tmp_path)).items():
        monkeypatch.setenv(name, value)
    loaded = load(settings)
    assert loaded.bot_token.get_secret_value() == TOKEN
    if isinstance(loaded, BotSettings) and dotenv is WEBHOOK:
        assert loaded.webhook_secret is not None
        assert loaded.webhook_secret.get_secret_value() == SECRET


def test_the_bot_has_no_token_of_the_payment_provider() -> None:
    dotenv = {**POLLING, "PAYMENT_PROVIDER_TOKEN": "1:TEST:secret"}
    given = {
        name: environment(name, dotenv)["PAYMENT_PROVIDER_TOKEN"] for name in ("bot", "worker", "bellhop")
    }
    assert given == {"bot": "", "worker": "1:TEST:secret", "bellhop": "1:TEST:secret"}


def test_the_token_is_asked_for_by_name_where_it_is_given_neither_way() -> None:
    needed = documents(SINGLE)[0]["x-needed"]
    assert interpolate(needed, {"BOT_TOKEN_FILE": "./token"}) == "./token"
    with pytest.raises(NotGivenError, match="BOT_TOKEN"):
        interpolate(needed, {})


def test_what_reads_the_token_gets_it_both_ways() -> None:
    for name, service in services(SINGLE).items():
        if "BOT_TOKEN" in service.get("environment", {}):
            assert service["secrets"] == ["bot_token"], name
    assert documents(SINGLE)[0]["secrets"]["bot_token"] == {"file": "${BOT_TOKEN_FILE:-/dev/null}"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("${A}-${B}", "1-"),
        ("${A:-x}${B:-y}${C:-z}", "1yz"),
        ("${B-y}${C-z}", "z"),
        ("${A:+set}${B:+set}${B+set}", "setset"),
        ("${C:-${B:-${A}}}!", "1!"),
        ("${A:?needed}", "1"),
    ],
)
def test_variables_are_filled_in_as_compose_does(text: str, value: str) -> None:
    assert interpolate(text, {"A": "1", "B": ""}) == value
