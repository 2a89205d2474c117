import logging
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import structlog
from hypothesis import Phase, settings
from redis.asyncio import Redis
from sqlalchemy import text
from xdist.scheduler import LoadScopeScheduling

from sandbox.addresses import SETTINGS
from sandbox.postgres import OWNER, PostgresCluster
from sandbox.valkey import ValkeyServer
from shared.environment import ENV_FILE
from shared.starting import disable_gc, freeze_gc
from tests.client import ClientApi
from tests.kit.business import BUSINESS_ID
from tests.kit.emptying import Emptier, emptier
from tests.kit.engines import EMPTIED, engine_to
from tests.prepared import cluster_directory, data_directory, make_prepared
from tests.running import SandboxRun, make_data_directory, running_sandbox
from worker.db.engine import Sessions, make_sessions
from worker.due.rows import CLAIM

# Whoever explains a failure traces each line, and in CPython 3.12 every line stays traced for the rest of the
# process: all that follows took 1.6 times as long, after each `find`, which ends by what is a failure to it.
settings.register_profile(
    "bellhop", derandomize=True, deadline=None, phases=[each for each in Phase if each is not Phase.explain]
)
settings.load_profile("bellhop")

PREPARED = pytest.StashKey[Path]()
SHARED = "prepared"
TEMPLATE = "bellhop_template"
NOBODY_RECONNECTS = """
    SELECT pg_sleep(greatest(0, :seconds - extract(epoch FROM now() - pg_postmaster_start_time())))
"""
"""Waits until PostgreSQL has been up for so long that lapsed claims are free, as everywhere but then."""
TESTS = Path(__file__).parent
STAGE = "e2e"
"""The folder whose tests share one running system."""
ALONE = "test_smoke.py"
"""Its tests share nothing, and each takes a minute."""
FIRST = ("chaos", STAGE)
"""What takes longest, so that no process is left with it at the end."""


def folder_of(test: str) -> str:
    """Return the room that a test stands in, by its id, which begins with `tests/`."""
    return test.split("/")[1]


def group_of(test: str) -> str:
    """Say what a test has to stay together with."""
    if folder_of(test) == STAGE:
        return STAGE
    path, _, _ = test.partition("::")
    return test if path.endswith(ALONE) else path


def pytest_configure(config: pytest.Config) -> None:
    """Keep the settings of whoever runs the tests from the tests and from every process they start."""
    os.environ[ENV_FILE] = ""
    for name in SETTINGS:
        os.environ.pop(name, None)
        os.environ.pop(f"{name}_FILE", None)
    given = getattr(config, "workerinput", {}).get(SHARED)
    config.stash[PREPARED] = Path(given) if given else make_data_directory(in_memory=True)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:  # noqa: ANN401 - pytest-xdist is not typed
    """Let all processes of a run use what one of them makes."""
    node.workerinput[SHARED] = str(node.config.stash[PREPARED])


def pytest_unconfigure(config: pytest.Config) -> None:
    """Throw away what all processes of the run used; the one that spreads the tests ends last."""
    if not hasattr(config, "workerinput"):
        shutil.rmtree(config.stash[PREPARED], ignore_errors=True)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Collect no garbage while tests are imported, and never search what is there from then on."""
    disable_gc()
    try:
        return (yield)
    finally:
        freeze_gc()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest."""
    items.sort(key=lambda item: (*FIRST, folder_of(item.nodeid)).index(folder_of(item.nodeid)))


class Together(LoadScopeScheduling):  # type: ignore[misc]  # it comes without types
    """Spreads files over the processes: one makes a file's parts, and one the stage for all its files."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Together:  # noqa: ANN401 - xdist's own
    """Have xdist keep together what belongs together; marks for its `loadgroup` say nothing to pytest 9.2."""
    return Together(config, log)


@pytest.fixture(autouse=True, scope="session")
def _loggers_not_kept() -> Iterator[None]:
    """Let a test see what is logged, also where an earlier one configured logs the way a process does."""
    configure = structlog.configure

    def configure_anew(**options: Any) -> None:  # noqa: ANN401 - structlog's own
        configure(**{**options, "cache_logger_on_first_use": False})

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(structlog, "configure", configure_anew)
        yield


@pytest.fixture(autouse=True)
def _logs_as_they_were() -> Iterator[None]:
    """Begin with plain logs, as the page of a provoked error takes a second to draw; undo what a test set."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    structlog.configure(processors=[structlog.processors.KeyValueRenderer()])
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def prepared(pytestconfig: pytest.Config) -> Path:
    """PostgreSQL's data for whoever copies them; see tests.prepared."""
    where = pytestconfig.stash[PREPARED]
    await make_prepared(where)
    return where


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def postgres_cluster(prepared: Path) -> AsyncIterator[PostgresCluster]:
    """One PostgreSQL for all tests, with the schema in the database TEMPLATE."""
    cluster = PostgresCluster(cluster_directory(prepared), fsync=False)
    await cluster.start()
    try:
        template = await cluster.create_database(TEMPLATE, template=OWNER)
        async with engine_to(template) as engine, engine.connect() as connection:
            await connection.execute(text(NOBODY_RECONNECTS), {"seconds": CLAIM.total_seconds()})
        yield cluster
    finally:
        await cluster.remove()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def emptied_database(postgres_cluster: PostgresCluster) -> AsyncIterator[tuple[str, Emptier]]:
    """One database for all tests that only put rows into it, and what empties it."""
    url = await postgres_cluster.create_database(EMPTIED, template=TEMPLATE)
    async with emptier(url) as found:
        yield url, found


@pytest_asyncio.fixture
async def database_url(emptied_database: tuple[str, Emptier]) -> AsyncIterator[str]:
    """A database with the schema, no rows, and nobody else in it."""
    url, emptied = emptied_database
    yield url
    await emptied.end_others()
    await emptied.empty()


@pytest_asyncio.fixture
async def own_database_url(postgres_cluster: PostgresCluster) -> AsyncIterator[str]:
    """A database that the test may change as it likes, with the schema and no rows."""
    yield await postgres_cluster.create_database("own", template=TEMPLATE)
    await postgres_cluster.drop_database("own")


@pytest_asyncio.fixture
async def sessions(database_url: str) -> AsyncIterator[Sessions]:
    async with engine_to(database_url) as engine:
        yield make_sessions(engine, BUSINESS_ID)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def valkey_server() -> AsyncIterator[ValkeyServer]:
    """One Valkey for all tests."""
    with tempfile.TemporaryDirectory(prefix="bellhop-valkey-") as directory:
        server = await ValkeyServer(Path(directory)).start()
        yield server
        await server.kill()


@pytest_asyncio.fixture
async def valkey_url(valkey_server: ValkeyServer) -> str:
    """The address of an empty Valkey."""
    url = valkey_server.url()
    async with Redis.from_url(url) as redis:
        await redis.flushall()
    return url


@pytest.fixture(scope="session")
def sandbox_run(prepared: Path) -> Iterator[SandboxRun]:
    """One sandbox for all tests that only use it: people of their own keep them apart."""
    data = data_directory(prepared)
    try:
        with running_sandbox(data) as run:
            yield run
    finally:
        shutil.rmtree(data, ignore_errors=True)


@pytest_asyncio.fixture
async def client_api(sandbox_run: SandboxRun) -> AsyncIterator[ClientApi]:
    """The client API of the shared sandbox; `await client_api.user(3001, "Nora")` makes a person."""
    async with ClientApi(sandbox_run.client_api) as api:
        yield api
