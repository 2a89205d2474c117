import time
from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser import height, message
from tests.sandbox.webchat.conftest import Open
from tests.sandbox.webchat.world import World

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

type Entity = dict[str, Any]


def entity(text: str, part: str, kind: str, **fields: object) -> Entity:
    """Return an entity over a part of the text, counted in UTF-16 units."""

    def units(piece: str) -> int:
        return len(piece.encode("utf-16-le")) // 2

    return {"type": kind, "offset": units(text[: text.index(part)]), "length": units(part), **fields}


async def test_entities_stand_where_their_utf16_offsets_say(world: World, open_chat: Open) -> None:
    person = await world.person()
    text = "🛎🛎 bold italic under struck code done"
    styles = {
        "bold": "bold",
        "italic": "italic",
        "under": "underline",
        "struck": "strikethrough",
        "code": "code",
    }
    said = await world.say(person, text, entities=[entity(text, part, kind) for part, kind in styles.items()])
    async with open_chat([person]) as page:
        shown = message(page, person, said).get_by_test_id("text")
        await expect(shown).to_have_text(text)
        for part, tag in zip(styles, ("b", "i", "u", "s", "code"), strict=True):
            await expect(shown.locator(tag)).to_have_text(part)


async def test_entities_nest(world: World, open_chat: Open) -> None:
    person = await world.person()
    said = await world.say(person, "<b>all <i>both <u>three</u></i> end</b>", parse_mode="HTML")
    async with open_chat([person]) as page:
        shown = message(page, person, said).get_by_test_id("text")
        await expect(shown.locator("b")).to_have_text(["all ", "both ", "three end"])
        await expect(shown.locator("b > i")).to_have_text(["both ", "three"])
        await expect(shown.locator("b > i > u")).to_have_text("three")


async def test_a_spoiler_shows_on_click(world: World, open_chat: Open) -> None:
    person = await world.person()
    said = await world.say(person, "code <tg-spoiler>4711</tg-spoiler>", parse_mode="HTML")
    async with open_chat([person]) as page:
        spoiler = message(page, person, said).get_by_role("button", name="Hidden text")
        await expect(spoiler.locator(".spoiler-text")).to_have_css("opacity", "0")
        await spoiler.click()
        await expect(page.locator(".spoiler-text")).to_have_css("opacity", "1")


async def test_links_are_only_made_of_http_and_tg(world: World, open_chat: Open) -> None:
    person = await world.person()
    text = "site https://example.com/a?b=1 here"
    said = await world.say(
        person, text, entities=[entity(text, "here", "text_link", url="https://example.org/")]
    )
    async with open_chat([person]) as page:
        links = message(page, person, said).locator("a")
        await expect(links).to_have_text(["https://example.com/a?b=1", "here"])
        assert await links.nth(0).get_attribute("href") == "https://example.com/a?b=1"
        assert await links.nth(1).get_attribute("rel") == "noopener noreferrer"


async def test_a_command_in_a_text_sends_itself(world: World, open_chat: Open) -> None:
    person = await world.person()
    said = await world.say(person, "Try /bookings now")
    async with open_chat([person]) as page:
        await message(page, person, said).get_by_role("button", name="/bookings").click()
        await expect(page.locator('[data-side="mine"]').last).to_contain_text("/bookings")
    assert await world.texts(person) == ["/start", "/bookings"]


async def test_quotes_and_listings(world: World, open_chat: Open) -> None:
    person = await world.person()
    long = "\n".join(f"line {number}" for number in range(12))
    html = f"<blockquote expandable>{long}</blockquote><pre><code class='language-python'>x = 1</code></pre>"
    said = await world.say(person, html, parse_mode="HTML")
    async with open_chat([person]) as page:
        shown = message(page, person, said)
        quote = shown.locator("blockquote .quote-body")
        await expect(shown.locator("pre")).to_have_text("x = 1")
        await expect(shown.get_by_text("python", exact=True)).to_be_visible()
        folded = await height(quote)
        await shown.get_by_role("button", name="Show all").click()
        await expect(shown.get_by_role("button", name="Show less")).to_be_visible()
        assert await height(quote) > folded * 2


async def test_instants_are_shown_in_the_viewers_zone_and_language(world: World, open_chat: Open) -> None:
    person = await world.person(language_code="en")
    text = "At the appointed time or soon"
    at = {"unix_time": 1790000000}  # Monday 21 September 2026, 14:13:20 UTC
    entities = [
        entity(text, "the appointed time", "date_time", date_time_format="wDt", **at),
        entity(text, "soon", "date_time", date_time_format="r", unix_time=int(time.time()) + 2 * 3600 + 1259),
    ]
    said = await world.say(person, text, entities=entities)
    async with open_chat([person], timezone_id="Asia/Tokyo") as page:
        times = message(page, person, said).get_by_test_id("text").locator("time")
        await expect(times.nth(0)).to_have_text("Monday, 21 September 2026 at 23:13")
        await expect(times.nth(0)).to_have_attribute("title", "Monday, 21 September 2026 at 23:13:20 GMT+9")
        await expect(times.nth(1)).to_have_text("in 2 hours")
        await page.clock.install()
        await page.reload()
        await expect(times.nth(1)).to_have_text("in 2 hours")
        await page.clock.fast_forward("02:00:00")
        await expect(times.nth(1)).to_have_text("in 20 minutes")


async def test_a_hostile_text_stays_a_text(world: World, open_chat: Open) -> None:
    attack = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    person = await world.person(attack[:60], last_name="<b>bold</b>")
    text = f"{attack} javascript:alert(3)"
    keyboard = [[{"text": attack, "callback_data": "x"}]]
    said = await world.say(person, text, keyboard)
    async with open_chat([person]) as page:
        page.on("dialog", lambda dialog: pytest.fail(dialog.message))
        shown = message(page, person, said)
        await expect(shown.get_by_test_id("text")).to_have_text(text)
        await expect(shown.get_by_test_id("inline-button")).to_have_text(attack)
        await expect(page.get_by_test_id("person-name")).to_contain_text("<b>bold</b>")
        assert await page.locator("main img, main script, .topbar img, a[href^='javascript']").count() == 0


async def test_thousands_of_emoji_and_endless_words_stay_inside(world: World, open_chat: Open) -> None:
    person = await world.person("\u202e\u200bReversed\u200b" + "🙂" * 10)
    texts = ["🙂" * 2048, "W" * 4096, "مرحبا بكم في الفندق"]
    sent = [await world.say(person, text) for text in texts]
    async with open_chat([person]) as page:
        for said in sent:
            await expect(message(page, person, said)).to_be_attached()
        log = page.get_by_test_id("log")
        assert await log.evaluate("log => log.scrollWidth <= log.clientWidth")
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        await expect(message(page, person, sent[2]).get_by_test_id("text")).to_have_css("direction", "rtl")
