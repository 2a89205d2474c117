"""A shop that may be changed, and who runs it."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from sandbox.postgres import PostgresCluster
from tests.conftest import TEMPLATE
from tests.kit.business import BUSINESS_ID
from tests.worker.editing.chatting import Keeper
from tests.worker.shop import ADMIN, ALICE, OWNER, open_shop
from tests.worker.stage import on_stage
from worker.db.engine import Sessions, make_engine, make_sessions

ELSEWHERE = "bellhop_elsewhere"


@pytest.fixture
async def keeper(own_database_url: str) -> AsyncIterator[Keeper]:
    """The owner, at a shop of their own."""
    engine = make_engine(own_database_url)
    async with on_stage(await open_shop(make_sessions(engine, BUSINESS_ID))) as stage:
        await stage.meet(OWNER, ADMIN, ALICE)
        yield Keeper(stage)
    await engine.dispose()


@pytest_asyncio.fixture
async def elsewhere(postgres_cluster: PostgresCluster) -> AsyncIterator[Sessions]:
    """An empty database."""
    engine = make_engine(await postgres_cluster.create_database(ELSEWHERE, template=TEMPLATE))
    yield make_sessions(engine, BUSINESS_ID)
    await engine.dispose()
    await postgres_cluster.drop_database(ELSEWHERE)
