"""A stage whose shop may be changed, with everybody who works there."""

from collections.abc import AsyncIterator

import pytest

from tests.kit.business import BUSINESS_ID
from tests.worker.shop import ADMIN, ALICE, BEN, BOB, CARLA, OWNER, open_shop
from tests.worker.stage import BOSS, Stage, on_stage
from worker.db.engine import make_engine, make_sessions


@pytest.fixture
async def stage(own_database_url: str) -> AsyncIterator[Stage]:
    engine = make_engine(own_database_url)
    async with on_stage(await open_shop(make_sessions(engine, BUSINESS_ID))) as stage:
        await stage.meet(ALICE, BOB, OWNER, ADMIN, BOSS, BEN, CARLA)
        yield stage
    await engine.dispose()
