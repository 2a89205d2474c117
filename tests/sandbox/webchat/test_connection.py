from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.browser import message, webchat
from tests.sandbox.webchat.conftest import emulator, free_port
from tests.sandbox.webchat.world import connected

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_lost_connection_is_said_and_made_good(browser: Browser, tmp_path: Path) -> None:
    state = ("--state", str(tmp_path / "state"))
    port = free_port()
    async with emulator(*state, port=port) as address, connected(address) as world:
        person = await world.person()
        said = await world.say(person, "Before")
        opening = webchat(browser, address, [person], strict=False)
        page = await opening.__aenter__()
        await expect(message(page, person, said)).to_be_visible()
    await expect(page.get_by_test_id("banner")).to_be_visible()
    async with emulator(*state, port=port), connected(address) as world:
        again = await world.say(person, "After")
        await expect(message(page, person, again)).to_be_visible(timeout=20000)
        await expect(message(page, person, said)).to_be_visible()
        await expect(page.get_by_test_id("banner")).to_be_hidden()
        live = await world.say(person, "Live again")
        await expect(message(page, person, live)).to_be_visible()
        await opening.__aexit__(None, None, None)


async def test_a_new_sandbox_behind_the_same_page_is_shown_as_it_is(browser: Browser) -> None:
    port = free_port()
    async with emulator(port=port) as address, connected(address) as world:
        person = await world.person("Maria")
        old = [await world.say(person, f"Old {number}") for number in range(5)][-1]
        opening = webchat(browser, address, [person], strict=False)
        page = await opening.__aenter__()
        await expect(message(page, person, old)).to_be_visible()
    async with emulator(port=port), connected(address) as world:
        await world.person("Maria")
        new = await world.say(person, "New")
        await expect(message(page, person, new)).to_contain_text("New", timeout=20000)
        await expect(message(page, person, old)).to_have_count(0)
        live = await world.say(person, "Live")
        await expect(message(page, person, live)).to_be_visible()
        await opening.__aexit__(None, None, None)
