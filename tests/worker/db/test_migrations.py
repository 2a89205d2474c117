"""Migrations go up and down one by one, end where the models are, and lock nothing for long."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from functools import partial
from io import StringIO
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
import pytest_asyncio
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.ext.asyncio import create_async_engine

from sandbox.postgres import PostgresCluster
from tests.queueing import until
from tests.running import ROOT
from worker.db.models import load_models
from worker.db.models.base import Base

load_models()
BIN = Path(sys.executable).parent
CONSTRAINTS = """
SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
FROM pg_constraint WHERE connamespace = 'public'::regnamespace ORDER BY 1
"""
SCHEMA = """
SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable
  || coalesce(' ' || column_default, '')
FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
FROM pg_constraint WHERE connamespace = 'public'::regnamespace
ORDER BY 1
"""


def scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(configuration())


def revisions() -> list[str]:
    """All revisions, the first one first."""
    return [script.revision for script in reversed(list(scripts().walk_revisions()))]


def configuration(output: StringIO | None = None) -> Config:
    return Config(toml_file=str(ROOT / "pyproject.toml"), output_buffer=output)


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("postgresql+asyncpg://x@127.0.0.1:1/x", "FAILED: The database cannot be reached: "),
        ("mysql://x", "FAILED: DATABASE_URL must start with postgresql+asyncpg://"),
    ],
)
def test_a_database_that_is_not_there_is_one_plain_sentence(url: str, sentence: str) -> None:
    arguments = [str(BIN / "alembic"), "upgrade", "head"]
    environment = {**os.environ, "DATABASE_URL": url}
    done = subprocess.run(
        arguments, capture_output=True, text=True, check=False, cwd=ROOT, env=environment, timeout=60
    )
    said = (done.stdout + done.stderr).strip()
    assert said.startswith(sentence)
    assert (done.returncode != 0, said.count("\n")) == (True, 0)


def squawk(file: Path) -> "subprocess.CompletedProcess[str]":
    arguments = [str(each) for each in (BIN / "squawk", "--config", ROOT / ".squawk.toml", file)]
    return subprocess.run(arguments, capture_output=True, text=True, check=False)


async def rows(url: str, sql: str) -> list[str]:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""), ssl=False)
    try:
        return [row[0] for row in await connection.fetch(sql)]
    finally:
        await connection.close()


async def run(url: str, sql: str) -> None:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""), ssl=False)
    try:
        await connection.execute(sql)
    finally:
        await connection.close()


@pytest_asyncio.fixture
async def empty_url(postgres_cluster: PostgresCluster) -> AsyncIterator[str]:
    """A database without a schema."""
    name = f"migrations_{uuid4().hex}"
    yield await postgres_cluster.create_database(name)
    await postgres_cluster.drop_database(name)


def test_there_is_one_head_and_no_gap() -> None:
    assert len(scripts().get_heads()) == 1
    assert len(revisions()) == len(list((ROOT / "worker/db/migrations/versions").glob("*.py")))


async def test_every_step_goes_up_down_and_up_again(empty_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same schema comes out each time, so that a step back leaves nothing behind."""
    monkeypatch.setenv("DATABASE_URL", empty_url)
    config, below = configuration(), "base"
    for revision in revisions():
        before = await rows(empty_url, SCHEMA)
        await asyncio.to_thread(command.upgrade, config, revision)
        there = await rows(empty_url, SCHEMA)
        await asyncio.to_thread(command.downgrade, config, below)
        if below != "base":
            assert await rows(empty_url, SCHEMA) == before
        await asyncio.to_thread(command.upgrade, config, revision)
        assert await rows(empty_url, SCHEMA) == there
        below = revision


BEFORE, AFTER = "0132", "0133"
"""A step that changes visits, then services."""
WAITS = "SELECT true FROM pg_locks WHERE NOT granted AND relation = 'service'::regclass"


async def test_a_deadlock_with_somebody_who_books_is_tried_again(
    empty_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who books reads services, then visits: the other way round than the step."""
    monkeypatch.setenv("DATABASE_URL", empty_url)
    await asyncio.to_thread(command.upgrade, configuration(), BEFORE)
    somebody = await asyncpg.connect(empty_url.replace("+asyncpg", ""), ssl=False)
    try:
        await somebody.execute("SET deadlock_timeout = '60s'")  # so that the step is the one that is ended
        async with somebody.transaction(), asyncio.timeout(60):
            await somebody.fetch("SELECT id FROM service")
            step = asyncio.create_task(asyncio.to_thread(command.upgrade, configuration(), AFTER))
            await until(partial(rows, empty_url, WAITS))
            await somebody.fetch("SELECT id FROM booking")
        await step
    finally:
        await somebody.close()
    assert "tried again" in capsys.readouterr().out
    assert await rows(empty_url, "SELECT version_num FROM alembic_version") == [AFTER]


VISITS_BEFORE = """
INSERT INTO business (id, name, timezone, currency, language) VALUES (1, 'B', 'UTC', 'EUR', 'en');
INSERT INTO person (business_id, id, first_name) VALUES (1, 5, 'P');
INSERT INTO specialist (business_id, name, position, active) VALUES (1, 'A', 0, true);
INSERT INTO service (business_id, name, duration, price, buffer_before, buffer_after, step, min_notice,
  horizon, cancel_until, capacity, approval, reminders, position, active)
SELECT 1, 'S' || price, 30, price, 0, 0, 15, 0, 100, 0, 1, false, '{}', 0, true
FROM unnest(ARRAY[35.5, 0]) AS price;
INSERT INTO booking (business_id, service_id, specialist_id, customer_id, during, busy, status, price,
  currency)
SELECT 1, service.id, specialist.id, 5, visit, visit, 'confirmed', price, 'EUR'
FROM service, specialist,
  LATERAL (SELECT now() + service.id * interval '1 h' AS start) AS its,
  LATERAL (SELECT tstzrange(start, start + interval '30 min') AS visit) AS range
"""


async def test_prices_that_were_kept_stay_and_every_visit_has_a_calendar_id(
    empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", empty_url)
    config = configuration()
    await asyncio.to_thread(command.upgrade, config, "0050")
    await run(empty_url, VISITS_BEFORE)
    await asyncio.to_thread(command.upgrade, config, "0060")
    kept = ["[0.00,0.00]", "[35.50,35.50]"]
    assert await rows(empty_url, "SELECT price::text FROM service ORDER BY price") == kept
    assert await rows(empty_url, "SELECT price::text FROM booking ORDER BY price") == kept
    assert len(set(await rows(empty_url, "SELECT calendar_uid FROM booking"))) == 2
    await asyncio.to_thread(command.downgrade, config, "0050")
    assert await rows(empty_url, "SELECT price::text FROM booking ORDER BY price") == ["0.00", "35.50"]


def differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(
        connection, opts={"compare_type": True, "compare_server_default": True}
    )
    return list(compare_metadata(context, Base.metadata))


async def test_the_migrations_make_what_the_models_say(database_url: str) -> None:
    engine = create_async_engine(database_url)
    async with engine.connect() as connection:
        found = await connection.run_sync(differences)
    await engine.dispose()
    assert found == []


async def test_even_the_constraints_that_alembic_does_not_compare(
    database_url: str, postgres_cluster: PostgresCluster
) -> None:
    """Checks and exclusions, as PostgreSQL itself writes them."""
    name = f"models_{uuid4().hex}"
    url = await postgres_cluster.create_database(name)
    for extension in ("btree_gist", "pg_trgm"):
        await rows(url, f"CREATE EXTENSION {extension}")
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    await engine.dispose()
    of_models = await rows(url, CONSTRAINTS)
    await postgres_cluster.drop_database(name)
    of_migrations = await rows(database_url, CONSTRAINTS)
    assert [each for each in of_migrations if not each.startswith("alembic_version")] == of_models
    assert sum("EXCLUDE USING gist" in each for each in of_migrations) == len(exclusions(Base.metadata))


def exclusions(metadata: MetaData) -> list[ExcludeConstraint]:
    every = (each for table in metadata.tables.values() for each in table.constraints)
    return [each for each in every if isinstance(each, ExcludeConstraint)]


def test_the_sql_locks_nothing_for_long(tmp_path: Path) -> None:
    """Squawk reads the SQL; .squawk.toml says which of its rules do not fit, and why."""
    file, sql = tmp_path / "upgrade.sql", StringIO()
    command.upgrade(configuration(sql), "head", sql=True)
    file.write_text(sql.getvalue())
    read = squawk(file)
    assert read.returncode == 0, read.stdout + read.stderr


def test_squawk_would_object(tmp_path: Path) -> None:
    """A migration that rewrites or locks is refused: the check above is alive."""
    file = tmp_path / "bad.sql"
    file.write_text("ALTER TABLE booking ADD COLUMN x int NOT NULL;\nCREATE INDEX i ON booking (x);\n")
    assert squawk(file).returncode == 1
