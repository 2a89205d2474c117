import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio
from sqlalchemy import text

from sandbox.errors import ProcessStoppedError, SandboxError
from sandbox.locking import DirectoryLock
from sandbox.postgres import PostgresCluster
from sandbox.process import until
from tests.conftest import TEMPLATE
from worker.db.engine import Sessions


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where a cluster is made once, and started by each test that asks for it."""
    # Below pytest's private directory: as root, this is the case of a clone below /root.
    directory = tmp_path_factory.mktemp("postgres") / "postgres"
    yield directory
    PostgresCluster(directory).remove_data()


@pytest_asyncio.fixture
async def cluster(directory: Path) -> AsyncIterator[PostgresCluster]:
    cluster = await PostgresCluster(directory).start()
    yield cluster
    await cluster.stop("immediate")


async def query(cluster: PostgresCluster, sql: str, database: str = "postgres") -> object:
    connection = await asyncpg.connect(cluster.url(database).replace("+asyncpg", ""))
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()


async def test_it_keeps_data_through_every_way_of_stopping(cluster: PostgresCluster) -> None:
    await cluster.create_database("shop")
    await query(cluster, "CREATE TABLE visit (id int)", "shop")
    for expected, mode in enumerate(("fast", "immediate", "kill"), start=1):
        await query(cluster, "INSERT INTO visit VALUES (1)", "shop")
        if mode == "kill":
            await cluster.kill()
            await cluster.stop()
        else:
            await cluster.stop("fast" if mode == "fast" else "immediate")
        assert cluster.pid is None
        await cluster.start()
        assert await query(cluster, "SELECT count(*) FROM visit", "shop") == expected


async def test_it_is_durable_and_listens_on_loopback_alone(cluster: PostgresCluster) -> None:
    assert await query(cluster, "SHOW fsync") == "on"
    assert await query(cluster, "SHOW synchronous_commit") == "on"
    assert await query(cluster, "SHOW listen_addresses") == "127.0.0.1"


async def test_a_second_launcher_is_refused(cluster: PostgresCluster) -> None:
    second = PostgresCluster(cluster.directory)
    with pytest.raises(SandboxError, match=f"process {os.getpid()}.* is using"):
        await second.start()
    assert await cluster.answers()


async def test_a_server_left_by_a_killed_launcher_is_named(cluster: PostgresCluster) -> None:
    (cluster.directory / DirectoryLock.NAME).unlink()  # as if nobody held it
    second = PostgresCluster(cluster.directory)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sandbox.postgres.PREVIOUS_SECONDS", 0.1)
        with pytest.raises(SandboxError, match=rf"process {cluster.pid}\) still uses"):
            await second.start()


async def test_an_interrupted_first_start_leaves_nothing_behind(tmp_path: Path) -> None:
    cluster = PostgresCluster(tmp_path / "postgres")
    first = asyncio.create_task(cluster.start())
    await until((tmp_path / "postgres" / "initialising").exists)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    await cluster.start()
    await cluster.remove()
    assert not cluster.data.exists()


async def test_a_directory_half_made_by_a_killed_start_is_recognised(tmp_path: Path) -> None:
    (tmp_path / "postgres" / "data").mkdir(parents=True)
    (tmp_path / "postgres" / "initialising").touch()
    cluster = PostgresCluster(tmp_path / "postgres")
    with pytest.raises(SandboxError, match=r"half-made.*--fresh"):
        await cluster.start()
    await cluster.remove()
    await cluster.start()
    await cluster.remove()


async def test_a_damaged_directory_is_not_taken_for_an_empty_one(cluster: PostgresCluster) -> None:
    await cluster.stop()
    version = cluster.data / "PG_VERSION"
    aside = version.rename(version.with_suffix(".aside"))
    with pytest.raises(SandboxError, match=f"{cluster.data} holds a half-made database"):
        await cluster.start()
    aside.rename(version)


async def test_a_server_that_does_not_start_says_why(cluster: PostgresCluster) -> None:
    await cluster.stop()
    settings = cluster.data / "postgresql.auto.conf"
    kept = settings.read_text()
    settings.write_text("nonsense = 1\n")
    with pytest.raises(ProcessStoppedError, match='unrecognized configuration parameter "nonsense"'):
        await cluster.start()
    settings.write_text(kept)


async def test_a_paused_server_still_stops(cluster: PostgresCluster) -> None:
    assert cluster.process is not None
    cluster.process.signal(signal.SIGSTOP)
    await cluster.stop(grace=0.2)
    assert cluster.pid is None


async def test_a_database_from_the_template_is_separate(
    postgres_cluster: PostgresCluster, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        await session.execute(text("INSERT INTO person (business_id, id, first_name) VALUES (1, 1, 'Anna')"))
    await postgres_cluster.create_database("other", template=TEMPLATE)
    assert await postgres_cluster.has_database("other")
    assert await query(postgres_cluster, "SELECT count(*) FROM person", "other") == 0
    await postgres_cluster.drop_database("other")
    assert not await postgres_cluster.has_database("other")
