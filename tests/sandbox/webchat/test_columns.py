import pytest
from playwright.async_api import expect

from tests.browser import column, message
from tests.sandbox.webchat.conftest import Open
from tests.sandbox.webchat.world import World

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_three_people_stand_side_by_side_each_with_their_own_chat(
    world: World, open_chat: Open
) -> None:
    people = [await world.person(name) for name in ("Maria", "Alice", "Olga")]
    async with open_chat(people) as page:
        await expect(page.get_by_test_id("column")).to_have_count(3)
        for person, name in zip(people, ("Maria", "Alice", "Olga"), strict=True):
            await expect(column(page, person).get_by_test_id("person-name")).to_have_text(name)
        said = await world.say(people[1], "Only for Alice")
        await expect(message(page, people[1], said)).to_be_visible()
        await expect(page.get_by_text("Only for Alice")).to_have_count(1)


async def test_the_open_people_are_remembered_in_the_address_and_in_the_browser(
    world: World, open_chat: Open
) -> None:
    maria, alice = await world.person("Maria"), await world.person("Alice")
    async with open_chat([maria]) as page:
        await page.get_by_test_id("people-button").click()
        await page.get_by_test_id("people-panel").get_by_placeholder("Find a person").fill(str(alice))
        await page.get_by_test_id("person-toggle").click()
        await page.keyboard.press("Escape")
        await expect(column(page, alice)).to_be_visible()
        assert page.url.endswith(f"?people={maria},{alice}")
        await page.goto(world.address)
        await expect(column(page, alice)).to_be_visible()
        await column(page, maria).get_by_test_id("close-column").click()
        await expect(column(page, maria)).to_have_count(0)


async def test_one_at_a_time_shows_the_chosen_person_alone(world: World, open_chat: Open) -> None:
    maria, alice = await world.person("Maria"), await world.person("Alice")
    async with open_chat([maria, alice]) as page:
        await page.get_by_test_id("layout-button").click()
        await expect(column(page, maria)).to_be_visible()
        await expect(column(page, alice)).to_be_hidden()
        await page.locator(f'[data-testid="tag"][data-user="{alice}"]').click()
        await expect(column(page, alice)).to_be_visible()
        await expect(column(page, maria)).to_be_hidden()
        await page.get_by_test_id("layout-button").click()
        await expect(column(page, maria)).to_be_visible()


async def test_a_person_can_be_added_and_renamed(world: World, open_chat: Open) -> None:
    async with open_chat([await world.person()]) as page:
        await page.get_by_test_id("add-person").click()
        form = page.get_by_test_id("person-dialog")
        await form.get_by_label("First name").fill("Anna")
        await form.get_by_label("Language").fill("ru")
        person = int(await form.get_by_label("Telegram id").input_value())
        await form.get_by_test_id("save").click()
        await expect(column(page, person).get_by_test_id("person-name")).to_have_text("Anna")
        await column(page, person).get_by_test_id("chat-menu").click()
        await column(page, person).get_by_test_id("menu-edit").click()
        await form.get_by_label("First name").fill("Anne")
        await form.get_by_test_id("save").click()
        await expect(column(page, person).get_by_test_id("person-name")).to_have_text("Anne")
    users = {user["id"]: user for user in (await world.client("GET", "users"))["result"]}
    assert users[person]["first_name"] == "Anne"
    assert users[person]["language_code"] == "ru"


async def test_the_theme_can_be_chosen(world: World, open_chat: Open) -> None:
    async with open_chat([await world.person()], color_scheme="light") as page:
        paper = "getComputedStyle(document.querySelector('[data-testid=column]')).backgroundColor"
        await expect(page.get_by_test_id("column")).to_be_visible()
        light = await page.evaluate(paper)
        await page.get_by_test_id("theme-button").click()
        assert await page.evaluate(paper) == light
        await page.get_by_test_id("theme-button").click()
        dark = await page.evaluate(paper)
        assert dark != light
        await page.reload()
        await expect(page.get_by_test_id("column")).to_be_visible()
        assert await page.evaluate(paper) == dark


async def test_a_phone_has_no_sideways_scrolling(world: World, open_chat: Open) -> None:
    person, other = await world.person("Maria"), await world.person("Alice")
    calendar = [[{"text": str(day), "callback_data": f"day:{day}"} for day in range(1, 8)]] * 5
    said = await world.say(person, "A" * 300, calendar)
    for width in (320, 360, 390):
        async with open_chat([person, other], viewport={"width": width, "height": 740}) as page:
            await expect(message(page, person, said)).to_be_visible()
            await expect(column(page, other)).to_be_hidden()
            assert await page.evaluate("document.documentElement.scrollWidth") == width
            log = column(page, person).get_by_test_id("log")
            assert await log.evaluate("log => log.scrollWidth <= log.clientWidth")
