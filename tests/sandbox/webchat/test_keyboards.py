import pytest
from playwright.async_api import expect

from tests.browser import button, column, message
from tests.sandbox.webchat.conftest import Open
from tests.sandbox.webchat.world import Json, World

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_pressed_button_waits_for_its_answer_and_shows_the_toast(
    world: World, open_chat: Open
) -> None:
    person = await world.person()
    await world.say(person, "Ready?", [[{"text": "Yes", "callback_data": "yes", "style": "success"}]])
    async with open_chat([person]) as page:
        key = button(page, person, "Yes")
        await expect(key).to_have_attribute("data-style", "success")
        await key.click()
        await expect(key).to_have_attribute("data-waiting", "yes")
        query = await world.next_press(person)
        assert query["data"] == "yes"
        await world.bot("answerCallbackQuery", callback_query_id=query["id"], text="Noted")
        await expect(column(page, person).get_by_test_id("toast")).to_have_text("Noted")
        await expect(key).not_to_have_attribute("data-waiting", "yes")


async def test_an_alert_holds_its_column_until_it_is_read(world: World, open_chat: Open) -> None:
    person, other = await world.person("Maria"), await world.person("Alice")
    await world.say(person, "Ready?", [[{"text": "Yes", "callback_data": "yes"}]])
    async with open_chat([person, other]) as page:
        await button(page, person, "Yes").click()
        query = await world.next_press(person)
        await world.bot(
            "answerCallbackQuery", callback_query_id=query["id"], text="Too late", show_alert=True
        )
        mine = column(page, person)
        await expect(mine.get_by_test_id("alert-text")).to_have_text("Too late")
        await expect(mine.get_by_test_id("alert-ok")).to_be_focused()
        await column(page, other).get_by_test_id("composer").fill("Others go on")
        await mine.get_by_test_id("alert-ok").click()
        await expect(mine.get_by_test_id("alert")).to_have_count(0)


async def test_a_disabled_button_cannot_be_pressed(world: World, open_chat: Open) -> None:
    person = await world.person()
    await world.say(person, "Days", [[{"text": "1", "disabled": {}}, {"text": "2", "callback_data": "2"}]])
    async with open_chat([person]) as page:
        await expect(button(page, person, "1")).to_be_disabled()
        await expect(button(page, person, "2")).to_be_enabled()


async def test_links_and_copies_in_a_keyboard(world: World, open_chat: Open) -> None:
    person = await world.person()
    row: list[Json] = [
        {"text": "Site", "url": "https://example.com/"},
        {"text": "Copy", "copy_text": {"text": "BELL-42"}},
    ]
    await world.say(person, "More", [row])
    async with open_chat([person], permissions=["clipboard-read", "clipboard-write"]) as page:
        await expect(button(page, person, "Site")).to_have_attribute("href", "https://example.com/")
        await button(page, person, "Copy").click()
        await expect(page.get_by_test_id("toast")).to_have_text("Copied.")
        assert await page.evaluate("navigator.clipboard.readText()") == "BELL-42"


async def test_a_reply_keyboard_sends_its_text_and_goes_when_removed(world: World, open_chat: Open) -> None:
    person = await world.person()
    rows = [[{"text": "Today"}, {"text": "Week"}]]
    keyboard = {"keyboard": rows, "input_field_placeholder": "Pick a day"}
    async with open_chat([person]) as page:
        mine = column(page, person)
        await world.bot("sendMessage", chat_id=person, text="When?", reply_markup=keyboard)
        await expect(mine.get_by_test_id("composer")).to_have_attribute("placeholder", "Pick a day")
        await mine.get_by_test_id("reply-button").filter(has_text="Week").click()
        await expect(mine.locator('[data-side="mine"]').last).to_contain_text("Week")
        await world.bot("sendMessage", chat_id=person, text="Thanks", reply_markup={"remove_keyboard": True})
        await expect(mine.get_by_test_id("reply-keyboard")).to_have_count(0)
    assert await world.texts(person) == ["/start", "Week"]


async def test_the_focus_stays_on_the_keyboard_through_an_edit(world: World, open_chat: Open) -> None:
    person = await world.person()
    keyboard = [[{"text": "Back", "callback_data": "back"}, {"text": "Next", "callback_data": "next"}]]
    said = await world.say(person, "Page 1", keyboard)
    async with open_chat([person]) as page:
        await button(page, person, "Next").focus()
        await page.keyboard.press("Enter")
        await world.next_press(person)
        markup = {"inline_keyboard": keyboard}
        await world.bot(
            "editMessageText", chat_id=person, message_id=said, text="Page 2", reply_markup=markup
        )
        await expect(message(page, person, said).get_by_test_id("text")).to_have_text("Page 2")
        await expect(button(page, person, "Next")).to_be_focused()
