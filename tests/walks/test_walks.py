"""A few steps of everybody's, before anybody lands anything; `make walk` goes on."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from sandbox.postgres import PostgresCluster
from tests.conftest import TEMPLATE
from tests.kit.engines import engine_to
from tests.walks.walking import walk_through

SEED, STEPS = 1, 160


@pytest.fixture
async def empty(postgres_cluster: PostgresCluster) -> AsyncIterator[AsyncEngine]:
    """A database for what the shop exports."""
    url = await postgres_cluster.create_database("exported", template=TEMPLATE)
    async with engine_to(url) as engine:
        yield engine
    await postgres_cluster.drop_database("exported")


async def test_whatever_people_do_everything_stays_true(own_database_url: str, empty: AsyncEngine) -> None:
    walk, found = await walk_through(own_database_url, empty, seed=SEED, steps=STEPS)
    assert not found, "\n".join([*walk.steps, *found])
    assert len(walk.phones.kinds) > STEPS / 10
