"""Who would like to go to a class together."""

from collections.abc import AsyncIterator

import pytest

from shared.contracts.menu import ShowHome
from tests.worker.gathering.company import Company
from tests.worker.shop import ALICE
from tests.worker.stage import Stage


@pytest.fixture
async def company(stage: Stage) -> AsyncIterator[Company]:
    await stage.meet(ALICE)
    await stage.type(ShowHome(), ALICE)
    found = Company(stage)
    await found.meet()
    yield found
    await found.change(price=None, cancel_until=0, min_notice=0, approval=False, deposit=None)
    await found.pause(paused=False)
