"""A served emulator for every test that asks for one."""

from collections.abc import AsyncIterator

import pytest

from tests.sandbox.emulator.driving import Telegram, config, running


@pytest.fixture
async def telegram() -> AsyncIterator[Telegram]:
    async with running(config()) as telegram:
        yield telegram
