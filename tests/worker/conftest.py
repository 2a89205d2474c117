"""One shop for all tests of the worker: its database is made once and emptied of visits before each."""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from sqlalchemy import Engine, event, text

from sandbox.postgres import PostgresCluster
from tests.conftest import TEMPLATE
from tests.doubles import ManualClock
from tests.kit.business import BUSINESS_ID
from tests.kit.emptying import emptier, tables_with_rows
from tests.kit.engines import SHOP, engine_to
from tests.kit.scoping import Watch
from tests.worker.branches import BRANCHES
from tests.worker.shop import FILE, NOW, OpenedShop, Shop, open_shop, reopen_shop
from tests.worker.stage import Stage, on_stage
from tests.worker.two_businesses import Two, opened
from worker.business.apply import apply_document
from worker.business.reader import read_document
from worker.db.engine import make_sessions


@pytest.fixture(scope="session")
def watching() -> Iterator[Watch]:
    watch = Watch()
    event.listen(Engine, "before_cursor_execute", watch.look)
    yield watch
    event.remove(Engine, "before_cursor_execute", watch.look)


@pytest.fixture(autouse=True)
def watch(watching: Watch) -> Iterator[Watch]:
    """Fail a test in which the worker's code sends a statement that names no business."""
    yield watching
    found, watching.found = watching.found, []
    assert not found, "\n".join(found)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def opened_shop(postgres_cluster: PostgresCluster) -> AsyncIterator[OpenedShop]:
    url = await postgres_cluster.create_database(SHOP, template=TEMPLATE)
    async with engine_to(url) as engine:
        await apply_document(
            make_sessions(engine, BUSINESS_ID), read_document(FILE, "shop"), ManualClock(NOW)
        )
        async with engine.begin() as connection:
            await connection.execute(text("DELETE FROM business_event"))
            kept = await tables_with_rows(connection)
        shop = await reopen_shop(make_sessions(engine, BUSINESS_ID))
    async with emptier(url, kept, restored=["person"]) as found:
        yield OpenedShop(url, found, shop.services, shop.specialists)
    await postgres_cluster.drop_database(SHOP)


@pytest.fixture
def shop_url(opened_shop: OpenedShop) -> str:
    return opened_shop.url


@pytest_asyncio.fixture
async def shop(opened_shop: OpenedShop) -> AsyncIterator[Shop]:
    """The shop as it was when it opened: no visits, three customers."""
    await opened_shop.emptier.empty()
    async with engine_to(opened_shop.url) as engine:
        sessions = make_sessions(engine, BUSINESS_ID)
        yield Shop(sessions, ManualClock(NOW), dict(opened_shop.services), dict(opened_shop.specialists))


@pytest_asyncio.fixture
async def branches(postgres_cluster: PostgresCluster) -> AsyncIterator[Stage]:
    """Two places, in a database that the test may change."""
    url = await postgres_cluster.create_database("bellhop_branches", template=TEMPLATE)
    async with (
        engine_to(url) as engine,
        on_stage(await open_shop(make_sessions(engine, BUSINESS_ID), BRANCHES)) as found,
    ):
        yield found
    await postgres_cluster.drop_database("bellhop_branches")


@pytest.fixture
async def stage(shop: Shop) -> AsyncIterator[Stage]:
    async with on_stage(shop) as found:
        yield found


@pytest.fixture
async def two(own_database_url: str) -> AsyncIterator[Two]:
    async with opened(own_database_url) as found:
        yield found
