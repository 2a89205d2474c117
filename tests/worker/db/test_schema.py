"""A worker and a database of different ages: who waits for what, and what is said meanwhile."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from prometheus_client import CollectorRegistry
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from structlog.testing import capture_logs

from tests.kit.business import BUSINESS_ID
from tests.queueing import until
from tests.running import ROOT
from worker.db import migrations
from worker.db.engine import Sessions, make_engine, make_sessions
from worker.db.errors import SchemaMismatchError, cause_of
from worker.db.outages import is_outage
from worker.db.schema import MigrationGate, age_of, minding_the_schema, revisions

NEWER = "of tomorrow"


@pytest.fixture(autouse=True)
async def migrated(sessions: Sessions) -> AsyncIterator[None]:
    """Leave the database to other tests as old as it was."""
    await set_revision(sessions, revisions().head)
    yield
    await set_revision(sessions, revisions().head)


async def set_revision(sessions: Sessions, revision: str | None) -> None:
    async with sessions.begin() as session:
        await session.execute(text("DELETE FROM alembic_version"))
        if revision is not None:
            await session.execute(text("INSERT INTO alembic_version VALUES (:one)"), {"one": revision})


def test_the_migrations_are_alembics() -> None:
    script = ScriptDirectory(str(Path(migrations.__file__).parent))
    assert revisions().head == script.get_current_head()
    assert revisions().known == {each.revision for each in script.walk_revisions()}


async def test_ages(sessions: Sessions) -> None:
    age = await age_of(sessions)
    assert (age.is_ours, age.is_older, age.is_newer) == (True, False, False)
    for revision, older, said in (
        ("0001", True, "The database's schema is at 0001, this release needs"),
        (None, True, "There are no tables in the database yet, this release needs"),
        (NEWER, False, "The database's schema is at of tomorrow, this release knows"),
    ):
        await set_revision(sessions, revision)
        age = await age_of(sessions)
        assert (age.is_ours, age.is_older, age.is_newer) == (False, older, not older)
        assert str(age).startswith(said)


async def test_migrating_leaves_a_newer_releases_schema_and_is_no_failure(
    sessions: Sessions, database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever goes back a release starts nothing otherwise: bot and worker start after `migrate`."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    await set_revision(sessions, NEWER)
    await asyncio.to_thread(command.upgrade, Config(toml_file=str(ROOT / "pyproject.toml")), "head")
    assert "a newer release's, at of tomorrow: it stays" in capsys.readouterr().out
    assert (await age_of(sessions)).current == NEWER


async def test_a_worker_waits_for_the_migration_and_says_so(sessions: Sessions) -> None:
    async def said() -> bool:
        return gate.reason is not None

    registry = CollectorRegistry()
    gate = MigrationGate(sessions, registry)
    await set_revision(sessions, "0001")
    with capture_logs() as lines:
        waiting = asyncio.create_task(gate.wait())
        await until(said)
        assert "alembic upgrade head" in str(gate.reason)
        assert registry.get_sample_value("bellhop_schema_behind") == 1
        await set_revision(sessions, revisions().head)
        assert await asyncio.wait_for(waiting, 20)
    assert not await said()
    assert registry.get_sample_value("bellhop_schema_behind") == 0
    assert ["reason" in line for line in lines] == [True]


async def test_a_newer_schema_is_none_to_wait_for(sessions: Sessions) -> None:
    await set_revision(sessions, NEWER)
    assert await MigrationGate(sessions, CollectorRegistry()).wait()


async def test_a_database_that_is_away_is_waited_for_until_it_is_too_late() -> None:
    async def said() -> bool:
        return gate.reason is not None

    engine = make_engine("postgresql+asyncpg://nobody@127.0.0.1:1/none")
    gate = MigrationGate(make_sessions(engine, BUSINESS_ID), CollectorRegistry())
    with capture_logs() as lines:
        waiting = asyncio.create_task(gate.wait())
        await until(said)
        gate.stop()
        assert not await asyncio.wait_for(waiting, 20)
    await engine.dispose()
    assert lines[0]["reason"].startswith("The database cannot be reached: ")


@pytest.mark.parametrize(
    "sql", ["SELECT nonsense", "SELECT 1 FROM nowhere", "INSERT INTO booking DEFAULT VALUES"]
)
async def test_tables_of_another_release_are_an_outage_and_ours_are_not(sessions: Sessions, sql: str) -> None:
    async def ask() -> None:
        async with sessions() as session:
            await session.execute(text(sql))

    async def run() -> None:
        async with minding_the_schema(sessions), asyncio.TaskGroup() as beside_others:
            beside_others.create_task(ask())

    with pytest.RaisesGroup(DBAPIError) as own:
        await run()
    assert not is_outage(own.value)
    for revision in (NEWER, "0001"):
        await set_revision(sessions, revision)
        with pytest.raises(SchemaMismatchError) as others:
            await run()
        assert is_outage(others.value)
        assert "SchemaMismatchError: The database's schema is at" in cause_of(others.value)


async def test_what_is_wrong_in_itself_stays_so_in_any_schema(sessions: Sessions) -> None:
    await set_revision(sessions, NEWER)
    with pytest.raises(DBAPIError, match="division by zero"):
        async with minding_the_schema(sessions), sessions() as session:
            await session.execute(text("SELECT 1/0"))
