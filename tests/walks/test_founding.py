"""A founder's first steps, before anybody lands anything; `make walk-founders` takes ten thousand."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from sandbox.postgres import PostgresCluster
from tests.conftest import TEMPLATE
from tests.kit.engines import engine_to
from tests.walks.founding import found_shop

SEED, STEPS = 7, 100


@pytest.fixture
async def empty(postgres_cluster: PostgresCluster) -> AsyncIterator[AsyncEngine]:
    """A database for what the shop exports."""
    url = await postgres_cluster.create_database("founded", template=TEMPLATE)
    async with engine_to(url) as engine:
        yield engine
    await postgres_cluster.drop_database("founded")


async def test_whatever_a_founder_does_nothing_is_left_by_half(
    own_database_url: str, empty: AsyncEngine
) -> None:
    founded = await found_shop(own_database_url, empty, seed=SEED, steps=STEPS)
    assert not founded.findings, "\n".join([*founded.steps, *founded.findings])
    assert founded.opened
