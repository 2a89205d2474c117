import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Unpack

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from sandbox.ports import free_port
from tests.browser import Context, browser, webchat
from tests.sandbox.webchat.world import TOKEN, World, connected

__all__ = ["browser"]

type Open = Callable[..., AbstractAsyncContextManager[Page]]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def world(browser: Browser) -> AsyncIterator[World]:  # noqa: ARG001 - no emulator without a browser
    """Give an emulator of our own, without flood limits."""
    async with emulator() as address, connected(address) as world:
        limits = {"global_per_second": 30, "chat_per_second": 1, "chat_burst": 1, "group_per_minute": 20}
        await world.client("PUT", "limits", {"enabled": False, **limits})
        yield world


@asynccontextmanager
async def emulator(*options: str, port: int = 0) -> AsyncIterator[str]:
    """Run an emulator as a process and give its address."""
    port = port or free_port()
    arguments = ["-m", "sandbox.emulator", "--port", str(port), "--token", TOKEN, *options]
    process = await asyncio.create_subprocess_exec(sys.executable, *arguments)
    try:
        await serving(process, f"http://127.0.0.1:{port}")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        await process.wait()


async def serving(process: asyncio.subprocess.Process, address: str) -> None:
    """Return once the emulator answers; fail when it has ended instead."""
    async with aiohttp.ClientSession() as session:
        while True:
            assert process.returncode is None, "the emulator has ended"
            try:
                async with session.get(f"{address}/client/health") as response:
                    assert response.ok
                    return
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.02)


@pytest.fixture
def open_chat(browser: Browser, world: World) -> Open:
    """Open the web chat as some people: `async with open_chat([maria]) as page`."""

    def opened(
        people: Sequence[int], *, strict: bool = True, **context: Unpack[Context]
    ) -> AbstractAsyncContextManager[Page]:
        return webchat(browser, world.address, people, strict=strict, **context)

    return opened
