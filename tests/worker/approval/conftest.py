"""A stage on which a cut has to be agreed on."""

from collections.abc import AsyncIterator

import pytest_asyncio

from shared.contracts.menu import ShowHome
from tests.worker.approval.asking import ASKING
from tests.worker.shop import ALICE, BEN, OWNER, open_shop
from tests.worker.stage import Stage, on_stage
from worker.db.engine import Sessions


@pytest_asyncio.fixture
async def stage(sessions: Sessions) -> AsyncIterator[Stage]:
    """A shop in which a cut has to be agreed on."""
    async with on_stage(await open_shop(sessions, ASKING)) as found:
        await found.meet(ALICE, BEN, OWNER)
        for person in (ALICE, BEN, OWNER):
            await found.type(ShowHome(), person)
        yield found
