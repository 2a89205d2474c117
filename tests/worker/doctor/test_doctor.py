import asyncio
import json
import os
import re
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from redis.asyncio import Redis
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import ExcludeConstraint

from compose.backup.figures import Figures, serving
from shared.clock import SystemClock
from shared.queue import keys
from shared.settings import QueueSettings, load
from tests.doubles import ManualClock
from tests.running import ROOT
from tests.worker.business.test_reader import BARBER
from tests.worker.doctor.fake_telegram import TOKEN, FakeTelegram, fake_telegram
from worker.business.apply import apply_document
from worker.business.reader import read_document
from worker.db.engine import Sessions
from worker.db.models.base import Base
from worker.doctor.examination import examine
from worker.doctor.findings import Finding, Level, exit_code
from worker.doctor.postgres import APPLY, GUARDS
from worker.health.rules import seen
from worker.health.watch import WEBHOOK, look

NOWHERE = "127.0.0.1:1"


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    async with fake_telegram() as telegram:
        yield telegram


@pytest.fixture
def database_url(own_database_url: str) -> str:
    return own_database_url


@pytest.fixture
async def healthy(
    monkeypatch: pytest.MonkeyPatch,
    sessions: Sessions,
    database_url: str,
    valkey_url: str,
    telegram: FakeTelegram,
) -> Sessions:
    monkeypatch.setenv("BOT_TOKEN", TOKEN)
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("REDIS_URL", valkey_url)
    monkeypatch.setenv("TELEGRAM_API_URL", telegram.url)
    await apply_document(sessions, read_document(BARBER.encode(), "b.yaml"), SystemClock())
    async with Redis.from_url(valkey_url) as redis:
        await redis.zadd(keys.REPLICAS, {"one": SystemClock().now().timestamp()})
    return sessions


async def unwell() -> dict[str, Finding]:
    findings = await examine(SystemClock())
    return {finding.name: finding for finding in findings if finding.level is not Level.OK}


@pytest.mark.usefixtures("healthy")
async def test_all_is_well() -> None:
    findings = await examine(SystemClock())
    assert [finding for finding in findings if finding.level is not Level.OK] == []
    assert exit_code(findings) == 0


@pytest.mark.usefixtures("healthy")
async def test_a_worker_asks_the_same_but_for_a_webhook_of_which_it_was_told_nothing(
    monkeypatch: pytest.MonkeyPatch, telegram: FakeTelegram
) -> None:
    monkeypatch.delenv("BOT_MODE", raising=False)
    telegram.webhook["url"] = "https://elsewhere.example/telegram"
    found = await look(SystemClock())
    assert WEBHOOK not in {finding.name for finding in found}
    assert not any(seen(found).values())
    monkeypatch.setenv("BOT_MODE", "polling")
    assert [trouble for trouble, there in seen(await look(SystemClock())).items() if there] == ["updates"]
    monkeypatch.setenv("BOT_TOKEN", f"987654321:{'x' * 35}")
    assert list(seen(await look(SystemClock()))) == ["refused"]


@pytest.mark.usefixtures("healthy")
async def test_a_dependency_that_is_down_hides_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"postgresql+asyncpg://bellhop:hush@{NOWHERE}/x")
    found = await unwell()
    assert found["PostgreSQL"].level is Level.FAILURE
    assert found["PostgreSQL"].hint
    assert found["outbox"].level is Level.SKIPPED
    assert not {"Redis", "queue", "Telegram"} & found.keys()


async def test_everything_down_names_everything_and_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_TOKEN", TOKEN)
    monkeypatch.setenv("DATABASE_URL", f"postgresql+asyncpg://bellhop:hush@{NOWHERE}/x")
    monkeypatch.setenv("REDIS_URL", f"redis://:hush@{NOWHERE}/0")
    monkeypatch.setenv("TELEGRAM_API_URL", f"http://{NOWHERE}")
    found = await unwell()
    assert {name for name, one in found.items() if one.level is Level.FAILURE} == {
        "PostgreSQL",
        "Redis",
        "Telegram",
    }
    assert "hush" not in str(found)
    assert TOKEN not in str(found)


async def test_what_waits_too_long_is_told(healthy: Sessions, valkey_url: str) -> None:
    async with healthy.begin() as session:
        await session.execute(
            text("""
                INSERT INTO outbox (business_id, kind, chat_id, dedupe_key, due_at)
                VALUES (1, 'x', 1, 'x', now() - interval '2 hours')
            """)
        )
        await session.execute(
            text("INSERT INTO dead_command (business_id, job_id, kind, reason) VALUES (1, 'u', 'k', 'r')")
        )
        await session.execute(
            text("""
                INSERT INTO timer (business_id, kind, key, due_at)
                VALUES (1, 'waitlist.lapse', 'a', now() - interval '2 minutes')
            """)
        )
    async with Redis.from_url(valkey_url) as redis:
        await redis.zadd(keys.REPLICAS, {"one": SystemClock().now().timestamp() - 60})
        since = (datetime.now(UTC) - timedelta(seconds=20)).timestamp() * 1000
        await redis.lpush(keys.INTERACTIVE + keys.READY, "u:1:1")
        await redis.hset(keys.INTERACTIVE + keys.DUE, "u:1:1", int(since))
    found = await unwell()
    levels = {name: finding.level.value for name, finding in found.items()}
    assert levels == {
        "outbox": "failure",
        "timers": "warning",
        "dead commands": "warning",
        "workers": "failure",
        "queue": "warning",
    }
    assert found["timers"].message.startswith("1 due, the oldest for 12")
    async with healthy.begin() as session:
        await session.execute(text("DROP INDEX uq_booking_same"))
    found = await unwell()
    assert "uq_booking_same" in found["overlap constraints"].message


def test_all_that_the_database_refuses_is_looked_for() -> None:
    waiting = ("waitlist_entry", "waitlist_offer", "waitlist_choice")
    guarded = ("booking", *waiting, "swap", "gathering", "gathering_place")
    tables = [Base.metadata.tables[name] for name in guarded]
    constraints = {c.name for table in tables for c in table.constraints if isinstance(c, ExcludeConstraint)}
    assert set(GUARDS) == constraints | {i.name for table in tables for i in table.indexes if i.unique}


async def test_a_schema_of_another_age_is_told(healthy: Sessions) -> None:
    async with healthy.begin() as session:
        await session.execute(text("ALTER TABLE booking DROP CONSTRAINT ex_booking_overlap"))
        await session.execute(text("UPDATE alembic_version SET version_num = 'future'"))
        await session.execute(text("UPDATE business SET timezone = 'Mars/Olympus'"))
    found = await unwell()
    assert {name: finding.level.value for name, finding in found.items()} == {
        "PostgreSQL schema": "warning",
        "overlap constraints": "failure",
        "business time zone": "failure",
    }


@pytest.mark.usefixtures("healthy")
async def test_redis_that_forgets_is_told(valkey_url: str) -> None:
    async with Redis.from_url(valkey_url) as redis:
        await redis.config_set("appendfsync", "everysec")
        await redis.config_set("maxmemory-policy", "allkeys-lru")
        try:
            found = await unwell()
        finally:
            await redis.config_set("appendfsync", "always")
            await redis.config_set("maxmemory-policy", "noeviction")
    assert found["Redis persistence"].level is Level.WARNING
    assert found["Redis eviction"].level is Level.FAILURE


@pytest.mark.usefixtures("healthy")
async def test_telegram_troubles_are_told(telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch) -> None:
    telegram.webhook["url"] = "https://bell.example"
    assert (await unwell())["Telegram updates"].level is Level.FAILURE
    telegram.webhook |= {"url": "", "pending_update_count": 500}
    assert (await unwell())["Telegram updates"].level is Level.WARNING
    monkeypatch.setenv("BOT_TOKEN", TOKEN[:-1] + "x")
    assert "Unauthorized" in (await unwell())["Telegram"].message


def test_a_business_is_loaded_as_the_operators_page_has_it() -> None:
    command, *_ = APPLY.removeprefix("`").split("`")
    assert f"\n{command}\n" in (ROOT / "docs/operate.md").read_text()


@pytest.mark.usefixtures("healthy")
async def test_clocks_apart_are_told() -> None:
    findings = await examine(ManualClock(datetime.now(UTC) - timedelta(seconds=10)))
    apart = {one.name for one in findings if one.level is Level.WARNING}
    assert {"PostgreSQL clock", "Redis clock"} <= apart


@pytest.mark.usefixtures("healthy")
async def test_whoever_asks_with_a_clock_that_is_ahead_misses_no_worker() -> None:
    findings = await examine(ManualClock(datetime.now(UTC) + timedelta(hours=2)))
    assert {one.name: one.level for one in findings}["workers"] is Level.OK


async def test_settings_and_secret_files_are_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BOT_TOKEN_FILE", str(tmp_path / "none"))
    findings = {one.name: one for one in await examine(SystemClock(), offline=True)}
    assert findings["worker settings"].level is Level.FAILURE
    assert findings["secret files"].message == "BOT_TOKEN_FILE: No such file or directory"
    assert set(findings) == {"worker settings", "bot settings", "secret files", "time zones"}


@pytest.mark.parametrize("page", ["docs/operate.md", "docs/configure.md"])
async def test_a_pages_own_example_of_a_token_is_told_readably(
    page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Secrets are taken out of what is said, and the example is then one of them."""
    example = re.findall(r"\d+:AA\w*…", (ROOT / page).read_text())[0]
    monkeypatch.setenv("BOT_TOKEN", example)
    findings = {one.name: one for one in await examine(SystemClock(), offline=True)}
    assert findings["worker settings"].message.endswith("one that looks like 7012345678:AAE…")


@pytest.mark.parametrize("address", ["localhost:6379", "http://redis:6379", "redis://host:port/0"])
async def test_an_address_that_is_no_redis_is_told(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("BOT_TOKEN", TOKEN)
    monkeypatch.setenv("REDIS_URL", address)
    findings = {one.name: one for one in await examine(SystemClock(), offline=True)}
    assert findings["worker settings"].level is Level.FAILURE
    assert findings["worker settings"].message.startswith("REDIS_URL must be an address like redis://")


@pytest.mark.parametrize("address", ["rediss://:hush@redis.example:6380/1", "unix:///run/valkey.sock"])
def test_an_address_of_a_redis_is_taken(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("REDIS_URL", address)
    assert load(QueueSettings).redis_url == address


HOUR = 3600


@pytest.mark.usefixtures("healthy")
@pytest.mark.parametrize(("age_hours", "message"), [(1, ""), (27, "27 h old"), (None, "there is none yet")])
async def test_an_old_backup_is_told_by_the_figures_of_the_real_process(
    monkeypatch: pytest.MonkeyPatch, age_hours: int | None, message: str
) -> None:
    now = SystemClock().now().timestamp()
    figures = Figures(last_success=0.0 if age_hours is None else now - age_hours * HOUR)
    with serving(figures, 0) as port:
        monkeypatch.setenv("BACKUP_METRICS_URL", f"http://127.0.0.1:{port}/metrics")
        found = await unwell()
        monkeypatch.setenv("BACKUP_METRICS_URL", f"http://127.0.0.1:{port}/health")
        odd = await unwell()
    assert [(one.name, one.level, one.message) for one in found.values()] == (
        [("last backup", Level.WARNING, message)] if message else []
    )
    assert (odd["last backup"].level, bool(odd["last backup"].hint)) == (Level.WARNING, True)


@pytest.mark.usefixtures("healthy")
async def test_a_backup_process_that_is_not_there_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BACKUP_METRICS_URL", f"http://{NOWHERE}/metrics")
    found = await unwell()
    assert list(found) == ["last backup"]
    assert exit_code(found.values()) == 1


async def test_as_a_process() -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "worker.doctor", "--offline", "--json"),
        env={**os.environ, "BOT_TOKEN": TOKEN},
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await process.communicate()
    report = json.loads(out)
    assert (process.returncode, report["status"]) == (0, "ok")
    assert report["checks"][0]["name"] == "worker settings"
