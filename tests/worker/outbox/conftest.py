from collections.abc import AsyncIterator

import pytest_asyncio

from tests.worker.outbox.sending import Sending, sending
from tests.worker.shop import Shop


@pytest_asyncio.fixture
async def replica(shop: Shop, valkey_url: str) -> AsyncIterator[Sending]:
    async with sending(shop, valkey_url) as opened:
        yield opened
