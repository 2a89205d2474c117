import base64

import pytest
from playwright.async_api import Page, expect

from tests.browser import column, message
from tests.sandbox.webchat.conftest import Open
from tests.sandbox.webchat.world import World

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


async def scroll(page: Page, to: int) -> None:
    await page.get_by_test_id("log").evaluate("(log, to) => log.scrollTo({top: to, behavior: 'instant'})", to)


async def test_an_edit_changes_the_message_in_place_without_a_jump(world: World, open_chat: Open) -> None:
    person = await world.person()
    sent = [await world.say(person, f"Message {number}\nwith a second line") for number in range(40)]
    await world.client("POST", f"chats/{person}/read", {"message_id": sent[-1]})
    async with open_chat([person]) as page:
        await expect(message(page, person, sent[-1])).to_be_in_viewport()
        await scroll(page, 900)
        await expect(page.get_by_test_id("scroll-down")).to_be_visible()
        middle = message(page, person, sent[20])
        await middle.evaluate("(element) => element.scrollIntoView({block: 'center', behavior: 'instant'})")
        before = await middle.bounding_box()
        await world.bot("editMessageText", chat_id=person, message_id=sent[2], text="longer\n" * 30)
        await expect(message(page, person, sent[2]).get_by_test_id("edited")).to_be_attached()
        assert await middle.bounding_box() == before
        await page.get_by_test_id("scroll-down").click()
        await expect(message(page, person, sent[-1])).to_be_in_viewport()


async def test_a_deleted_message_vanishes(world: World, open_chat: Open) -> None:
    person = await world.person()
    said = await world.say(person, "Gone soon")
    async with open_chat([person]) as page:
        await expect(message(page, person, said)).to_be_visible()
        await world.bot("deleteMessage", chat_id=person, message_id=said)
        await expect(message(page, person, said)).to_have_count(0)


async def test_a_document_can_be_downloaded_under_its_name(world: World, open_chat: Open) -> None:
    person = await world.person()
    data = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
    said = await world.upload(person, "sendDocument", "document", "visit.ics", data)
    async with open_chat([person]) as page:
        card = message(page, person, said).get_by_test_id("document")
        await expect(card).to_contain_text("visit.ics")
        await expect(card).to_contain_text(f"{len(data)} B")
        async with page.expect_download() as pending:
            await card.click()
        download = await pending.value
        assert download.suggested_filename == "visit.ics"
        assert (await download.path()).read_bytes() == data


async def test_a_photo_is_shown_and_opens(world: World, open_chat: Open) -> None:
    person = await world.person()
    said = await world.upload(person, "sendPhoto", "photo", "dot.png", PIXEL)
    async with open_chat([person]) as page:
        image = message(page, person, said).locator("img")
        await expect(image).to_have_js_property("complete", value=True)
        assert await image.evaluate("image => image.naturalWidth") == 1
        await image.click()
        await expect(page.get_by_test_id("lightbox").locator("img")).to_be_visible()


async def test_a_location_is_a_card_with_its_degrees(world: World, open_chat: Open) -> None:
    person = await world.person()
    place = {"latitude": 52.52, "longitude": 13.405}
    sent = await world.bot("sendLocation", chat_id=person, **place)
    async with open_chat([person]) as page:
        card = message(page, person, sent["message_id"]).get_by_test_id("location")
        await expect(card).to_contain_text("52.52000° N 13.40500° E")
        await column(page, person).get_by_test_id("attach").click()
        await page.get_by_test_id("share-location").click()
        await page.get_by_test_id("location-dialog").get_by_test_id("save").click()
        await expect(page.locator('[data-side="mine"] [data-testid="location"]')).to_be_visible()


async def test_the_bots_typing_is_shown_until_it_writes(world: World, open_chat: Open) -> None:
    person = await world.person()
    async with open_chat([person]) as page:
        status = column(page, person).get_by_test_id("status")
        await expect(status).not_to_contain_text("typing")
        await world.bot("sendChatAction", chat_id=person, action="typing")
        await expect(status).to_contain_text("is typing…")
        await world.say(person, "Here I am")
        await expect(status).not_to_contain_text("typing")


async def test_unread_messages_are_counted_until_they_are_seen(world: World, open_chat: Open) -> None:
    maria, alice = await world.person("Maria"), await world.person("Alice")
    async with open_chat([maria, alice]) as page:
        await page.get_by_test_id("layout-button").click()
        badge = page.locator(f'[data-testid="tag"][data-user="{alice}"]').get_by_test_id("unread")
        await expect(badge).to_be_hidden()
        for number in range(2):
            await world.say(alice, f"Number {number}")
        await expect(badge).to_have_text("2")
        assert (await page.title()).startswith("(")
        await page.locator(f'[data-testid="tag"][data-user="{alice}"]').click()
        await expect(column(page, alice).get_by_test_id("unread-mark")).to_be_visible()
        await expect(badge).to_be_hidden()


async def test_messages_below_the_screen_stay_unread(world: World, open_chat: Open) -> None:
    person = await world.person()
    sent = [await world.say(person, f"Message {number}\nand more") for number in range(30)]
    async with open_chat([person]) as page:
        await expect(page.get_by_test_id("unread-mark")).to_be_in_viewport()
        await expect(message(page, person, sent[-1])).not_to_be_in_viewport()
        await page.get_by_test_id("scroll-down").click()
        await expect(page.get_by_test_id("scroll-down")).to_be_hidden()
        await scroll(page, 0)
        await expect(page.get_by_test_id("scroll-down")).to_be_visible()
        last = await world.say(person, "Below")
        await expect(page.get_by_test_id("unread-below")).to_have_text("1")
        await expect(message(page, person, last)).not_to_be_in_viewport()
        await page.get_by_test_id("scroll-down").click()
        await expect(page.get_by_test_id("scroll-down")).to_be_hidden()
    read = (await world.client("GET", f"chats/{person}"))["messages"]
    assert all(entry["read"] for entry in read)


async def test_older_messages_come_when_scrolled_to(world: World, open_chat: Open) -> None:
    person = await world.person()
    sent = [await world.say(person, f"Message {number}") for number in range(130)]
    await world.client("POST", f"chats/{person}/read", {"message_id": sent[-1]})
    async with open_chat([person]) as page:
        await expect(message(page, person, sent[-1])).to_be_in_viewport()
        await expect(message(page, person, sent[0])).to_have_count(0)
        await scroll(page, 0)
        await expect(message(page, person, sent[0])).to_have_count(1)
        await expect(page.get_by_test_id("message")).to_have_count(131)
