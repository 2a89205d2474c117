from typing import Any

import pytest
from playwright.async_api import Locator, Page, Route, expect

from tests.browser import column, height
from tests.sandbox.webchat.conftest import Open
from tests.sandbox.webchat.world import World

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

COMMANDS = [{"command": "book", "description": "Book a visit"}, {"command": "help", "description": "Help"}]
RUSSIAN = [{"command": "book", "description": "Записаться"}]


async def mine(page: Page | Locator, text: str) -> None:
    await expect(page.locator('[data-side="mine"]').last.get_by_test_id("text")).to_have_text(text)


async def test_an_empty_chat_offers_to_start(world: World, open_chat: Open) -> None:
    person = await world.person(started=False)
    async with open_chat([person]) as page:
        await column(page, person).get_by_test_id("start").click()
        await mine(page, "/start")
        await expect(column(page, person).get_by_test_id("start")).to_be_hidden()
    assert await world.texts(person) == ["/start"]


async def test_enter_sends_and_shift_enter_breaks_the_line(world: World, open_chat: Open) -> None:
    person = await world.person()
    async with open_chat([person]) as page:
        composer = column(page, person).get_by_test_id("composer")
        low = await height(composer)
        await composer.press_sequentially("one")
        await composer.press("Shift+Enter")
        await composer.press_sequentially("two")
        assert await height(composer) > low
        await composer.press("Enter")
        await mine(page, "one\ntwo")
        await expect(composer).to_have_value("")
        await expect(composer).to_be_focused()
    assert await world.texts(person) == ["/start", "one\ntwo"]


async def test_commands_are_offered_in_the_persons_language(world: World, open_chat: Open) -> None:
    await world.bot("setMyCommands", commands=COMMANDS)
    await world.bot("setMyCommands", commands=RUSSIAN, language_code="ru")
    english, russian = await world.person(language_code="en"), await world.person(language_code="ru")
    async with open_chat([english, russian]) as page:
        await column(page, russian).get_by_test_id("commands-button").click()
        await expect(column(page, russian).get_by_test_id("command")).to_have_text(["/bookЗаписаться"])
        composer = column(page, english).get_by_test_id("composer")
        await composer.press_sequentially("/")
        commands = column(page, english).get_by_test_id("command")
        await expect(commands).to_have_text(["/bookBook a visit", "/helpHelp"])
        await composer.press_sequentially("h")
        await expect(commands).to_have_text(["/helpHelp"])
        await composer.press("Enter")
        await mine(page.locator(f'[data-person="{english}"]'), "/help")
        await expect(column(page, english).get_by_test_id("commands")).to_be_hidden()
    assert await world.texts(english) == ["/start", "/help"]


async def test_blocking_shows_and_ends_in_the_chat(world: World, open_chat: Open) -> None:
    person = await world.person()
    async with open_chat([person]) as page:
        mine = column(page, person)
        await mine.get_by_test_id("chat-menu").click()
        await mine.get_by_test_id("menu-block").click()
        await expect(mine.get_by_test_id("blocked")).to_be_visible()
        await expect(mine.get_by_test_id("composer")).to_be_hidden()
        await expect(mine.get_by_test_id("status")).to_contain_text("has blocked")
        assert (await world.client("GET", f"chats/{person}"))["blocked"]
        await mine.get_by_test_id("unblock").click()
        await expect(mine.get_by_test_id("composer")).to_be_focused()
    assert not (await world.client("GET", f"chats/{person}"))["blocked"]


async def test_a_refusal_is_a_sentence_and_the_draft_comes_back(world: World, open_chat: Open) -> None:
    person = await world.person()

    async def refuse(route: Route) -> None:
        answer: dict[str, Any] = {"error": "the house is full"}
        await route.fulfill(status=409, json=answer)

    async with open_chat([person], strict=False) as page:
        await page.route("**/client/chats/*/messages", refuse)
        composer = column(page, person).get_by_test_id("composer")
        await composer.fill("Hello")
        await composer.press("Enter")
        await expect(column(page, person).get_by_test_id("toast")).to_have_text("The house is full.")
        await expect(composer).to_have_value("Hello")


async def test_a_page_without_anybody_invites_to_add_somebody(world: World, open_chat: Open) -> None:
    async def nobody(route: Route) -> None:
        await route.fulfill(json=[])

    async with open_chat([]) as page:
        await page.route("**/client/users", nobody)
        await page.goto(world.address)
        await expect(page.get_by_test_id("nobody")).to_contain_text("Nobody is here yet")
        await page.get_by_test_id("add-first").click()
        await expect(page.get_by_test_id("person-dialog")).to_be_visible()


async def test_a_silent_sandbox_is_said_on_the_page(world: World, open_chat: Open) -> None:
    async with open_chat([], strict=False) as page:
        await page.route("**/client/users", lambda route: route.abort())
        await page.goto(world.address)
        await expect(page.get_by_test_id("unreachable")).to_contain_text("The sandbox does not answer")
