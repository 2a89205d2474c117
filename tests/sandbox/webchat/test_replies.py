import pytest
from playwright.async_api import FilePayload, Page, expect

from tests.browser import button, column, message
from tests.sandbox.webchat.conftest import Open
from tests.sandbox.webchat.test_messages import PIXEL
from tests.sandbox.webchat.world import Json, World

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SKIP: list[list[Json]] = [[{"text": "Skip", "callback_data": "skip"}]]
QUESTION = {"inline_keyboard": SKIP, "force_reply": True}
SHARING = {
    "keyboard": [[{"text": "My number", "request_contact": True}, {"text": "Here", "request_location": True}]]
}


async def ask(world: World, person: int, text: str = "Your name?", markup: Json = QUESTION) -> int:
    """Ask as the bot and return the message's id."""
    asked = await world.bot("sendMessage", chat_id=person, text=text, reply_markup=markup)
    return int(asked["message_id"])


async def newest(world: World, person: int) -> Json:
    """Return the last message of a chat."""
    last: Json = (await world.client("GET", f"chats/{person}"))["messages"][-1]
    return last


async def share(page: Page, person: int, what: str) -> None:
    await column(page, person).get_by_test_id("attach").click()
    await page.get_by_test_id(f"share-{what}").click()


async def test_a_question_opens_a_reply_and_takes_the_answer(world: World, open_chat: Open) -> None:
    person = await world.person()
    async with open_chat([person]) as page:
        mine = column(page, person)
        await mine.get_by_test_id("composer").focus()
        asked = await ask(world, person)
        await expect(mine.get_by_test_id("reply-bar")).to_contain_text("Your name?")
        await expect(mine.get_by_test_id("composer")).to_have_attribute("placeholder", "Reply")
        await expect(mine.get_by_test_id("composer")).to_be_focused()
        await page.keyboard.type("Maria")
        await page.keyboard.press("Enter")
        await expect(mine.get_by_test_id("reply-bar")).to_be_hidden()
        await expect(mine.get_by_test_id("reply-to")).to_have_text("Your name?")
    said = await newest(world, person)
    assert (said["text"], said["reply_to_message"]["message_id"]) == ("Maria", asked)


async def test_a_question_that_is_over_wants_no_reply(world: World, open_chat: Open) -> None:
    person = await world.person()
    async with open_chat([person]) as page:
        bar = column(page, person).get_by_test_id("reply-bar")
        asked = await ask(world, person)
        await expect(bar).to_be_visible()
        await world.bot("editMessageText", chat_id=person, message_id=asked, text="Never mind")
        await expect(bar).to_be_hidden()
        await ask(world, person, "And now?")
        await expect(bar).to_contain_text("And now?")
        await column(page, person).get_by_test_id("reply-cancel").click()
        await expect(bar).to_be_hidden()
        await page.keyboard.type("Just talking")
        await page.keyboard.press("Enter")
        await expect(column(page, person).locator('[data-side="mine"]').last).to_contain_text("Just talking")
    assert "reply_to_message" not in await newest(world, person)


async def test_a_question_of_one_person_takes_no_focus_from_another(world: World, open_chat: Open) -> None:
    maria, alice = await world.person("Maria"), await world.person("Alice")
    async with open_chat([maria, alice]) as page:
        await column(page, alice).get_by_test_id("composer").focus()
        await ask(world, maria)
        await expect(column(page, maria).get_by_test_id("reply-bar")).to_be_visible()
        await expect(column(page, alice).get_by_test_id("composer")).to_be_focused()


async def test_force_reply_alone_has_its_placeholder(world: World, open_chat: Open) -> None:
    person = await world.person()
    await ask(world, person, "Note?", {"force_reply": True, "input_field_placeholder": "A few words"})
    async with open_chat([person]) as page:
        composer = column(page, person).get_by_test_id("composer")
        await expect(composer).to_have_attribute("placeholder", "A few words")
        await composer.fill("Bring a towel")
        await composer.press("Enter")
        await expect(composer).to_have_attribute("placeholder", "Message")


async def test_any_message_can_be_replied_to(world: World, open_chat: Open) -> None:
    person = await world.person()
    said = await world.say(person, "The first one")
    await world.say(person, "The second one")
    async with open_chat([person]) as page:
        await message(page, person, said).hover()
        await message(page, person, said).get_by_test_id("reply").click()
        await page.keyboard.type("About that")
        await page.keyboard.press("Enter")
        await expect(column(page, person).get_by_test_id("reply-to")).to_have_text("The first one")
    assert (await newest(world, person))["reply_to_message"]["message_id"] == said


async def test_a_keyboard_that_asks_for_a_contact_and_a_place(world: World, open_chat: Open) -> None:
    person = await world.person()
    asked = await ask(world, person, "Who and where?", SHARING)
    async with open_chat([person]) as page:
        mine = column(page, person)
        await mine.get_by_test_id("reply-button").filter(has_text="My number").click()
        await page.get_by_test_id("contact-dialog").get_by_test_id("save").click()
        await expect(mine.locator('[data-side="mine"]').last).to_contain_text("+49 30 1234567")
        said = await newest(world, person)
        assert (said["contact"]["user_id"], said["reply_to_message"]["message_id"]) == (person, asked)
        await mine.get_by_test_id("reply-button").filter(has_text="Here").click()
        await page.get_by_test_id("location-dialog").get_by_test_id("save").click()
        await expect(mine.locator('[data-side="mine"]').last.get_by_test_id("location")).to_be_visible()
        await ask(world, person, "Thanks", {"remove_keyboard": True})
        await expect(mine.get_by_test_id("reply-keyboard")).to_have_count(0)
    assert (await world.client("GET", f"chats/{person}"))["keyboard"] is None


async def test_a_question_leaves_the_keyboard_below_where_it_is(world: World, open_chat: Open) -> None:
    person = await world.person()
    await ask(world, person, "Who and where?", SHARING)
    await ask(world, person)
    async with open_chat([person]) as page:
        await expect(column(page, person).get_by_test_id("reply-keyboard")).to_be_visible()
        await expect(column(page, person).get_by_test_id("reply-bar")).to_be_visible()


async def test_files_voices_and_stickers_are_sent(world: World, open_chat: Open) -> None:
    person = await world.person()
    async with open_chat([person]) as page:
        mine = column(page, person)
        await mine.get_by_test_id("composer").fill("My hair")
        for what, name in (("photo", "dot.png"), ("document", "plan.txt")):
            async with page.expect_file_chooser() as chooser:
                await share(page, person, what)
            file: FilePayload = {"name": name, "mimeType": "", "buffer": PIXEL}
            await (await chooser.value).set_files(file)
            await expect(
                mine.locator(f'[data-side="mine"] .{what if what == "photo" else "file"}')
            ).to_be_visible()
        await share(page, person, "voice")
        await page.get_by_test_id("voice-dialog").get_by_test_id("save").click()
        await expect(mine.get_by_test_id("voice")).to_contain_text("0:03")
        await share(page, person, "sticker")
        await page.get_by_test_id("sticker-dialog").get_by_test_id("save").click()
        await expect(mine.get_by_test_id("sticker")).to_have_text("👍")
    *_, photo, document, voice, sticker = (await world.client("GET", f"chats/{person}"))["messages"]
    assert (photo["caption"], photo["photo"][0]["width"]) == ("My hair", 1)
    assert (document["document"]["file_name"], document.get("caption")) == ("plan.txt", None)
    assert (voice["voice"]["duration"], sticker["sticker"]["emoji"]) == (3, "👍")


async def test_a_photo_has_buttons_and_takes_the_place_of_a_text(world: World, open_chat: Open) -> None:
    person = await world.person()
    said = await world.say(person, "Haircut", SKIP)
    shown = await world.upload(person, "sendPhoto", "photo", "dot.png", PIXEL, reply_markup=QUESTION)
    photo = (await newest(world, person))["photo"]
    async with open_chat([person]) as page:
        await expect(message(page, person, shown).get_by_test_id("inline-button")).to_have_text("Skip")
        media = {"type": "photo", "media": photo[0]["file_id"], "caption": "With a picture"}
        markup = {"inline_keyboard": SKIP}
        await world.bot("editMessageMedia", chat_id=person, message_id=said, media=media, reply_markup=markup)
        await expect(message(page, person, said).locator("img")).to_be_visible()
        await expect(message(page, person, said).get_by_test_id("text")).to_have_text("With a picture")
        await button(page, person, "Skip").click()
        assert (await world.next_press(person))["message"]["message_id"] == shown


async def test_a_venue_is_a_card_with_buttons(world: World, open_chat: Open) -> None:
    person = await world.person()
    place = {"latitude": 52.52, "longitude": 13.4, "title": "Barber & Co", "address": "1 Main St"}
    markup = {"inline_keyboard": SKIP}
    sent = await world.bot("sendVenue", chat_id=person, **place, reply_markup=markup)
    async with open_chat([person]) as page:
        card = message(page, person, sent["message_id"])
        await expect(card.get_by_test_id("location")).to_contain_text("Barber & Co")
        await expect(card.get_by_test_id("location")).to_contain_text("1 Main St")
        await expect(card.get_by_test_id("inline-button")).to_have_text("Skip")
