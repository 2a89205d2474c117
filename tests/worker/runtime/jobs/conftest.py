from collections.abc import AsyncIterator

import pytest

from tests.queueing import Line, line


@pytest.fixture
async def queue(valkey_url: str) -> AsyncIterator[Line]:
    async with line(valkey_url) as found:
        yield found
