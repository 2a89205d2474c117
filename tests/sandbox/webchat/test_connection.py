from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from sandbox.ports import HeldPorts
from tests.browser import message, webchat
from tests.sandbox.webchat.conftest import emulator
from tests.sandbox.webchat.world import connected

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PATIENCE_MS = 20_000
"""The browser itself decides when it connects again."""


async def test_a_lost_connection_is_said_and_made_good(browser: Browser, tmp_path: Path) -> None:
    state, held = ("--state", str(tmp_path / "state")), HeldPorts()
    [port] = held.numbers
    async with AsyncExitStack() as window:
        async with emulator(*state, port=port) as address, connected(address) as world:
            person = await world.person()
            before = await world.say(person, "Before")
            page = await window.enter_async_context(webchat(browser, address, [person], strict=False))
            await expect(message(page, person, before)).to_be_visible()
        await expect(page.get_by_test_id("banner")).to_contain_text("Trying again")
        async with emulator(*state, port=port) as address, connected(address) as world:
            after = await world.say(person, "After")
            await expect(message(page, person, after)).to_be_visible(timeout=PATIENCE_MS)
            await expect(message(page, person, before)).to_be_visible()
            await expect(page.get_by_test_id("banner")).to_be_hidden()
            live = await world.say(person, "Live again")
            await expect(message(page, person, live)).to_be_visible()


async def test_a_new_sandbox_behind_the_same_page_is_shown_as_it_is(browser: Browser) -> None:
    held = HeldPorts()
    [port] = held.numbers
    async with AsyncExitStack() as window:
        async with emulator(port=port) as address, connected(address) as world:
            person = await world.person()
            old = [await world.say(person, f"Old {number}") for number in range(5)][-1]
            page = await window.enter_async_context(webchat(browser, address, [person], strict=False))
            await expect(message(page, person, old)).to_be_visible()
        await expect(page.get_by_test_id("banner")).to_be_visible()
        async with emulator(port=port) as address, connected(address) as world:
            await world.person()
            new = await world.say(person, "New")
            await expect(message(page, person, new)).to_contain_text("New", timeout=PATIENCE_MS)
            await expect(message(page, person, old)).to_have_count(0)
            live = await world.say(person, "Live")
            await expect(message(page, person, live)).to_be_visible()
