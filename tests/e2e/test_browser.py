"""A booking clicked in the web chat, at a desk and on a phone."""

import re

import pytest
from playwright.async_api import Browser, Locator, Page, ViewportSize, expect

from tests.browser import button, column, webchat
from tests.e2e.stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

DAY = re.compile(r"^\d{1,2}$")
TIME = re.compile(r"^\d\d:\d\d$")
PART = re.compile(r"^(Morning|Afternoon|Evening)\b")
TIME_OR_PART = re.compile(f"{TIME.pattern}|{PART.pattern}")


def keys(page: Page, person: int, text: re.Pattern[str]) -> Locator:
    """Return the buttons whose whole text fits."""
    return column(page, person).get_by_test_id("inline-button").filter(has_text=text)


async def book(page: Page, person: int) -> None:
    """Click a visit together, from /start to the confirmation."""
    await column(page, person).get_by_test_id("start").click()
    for text in ("Book a visit", "Haircut", "Alice", "Other days"):
        await button(page, person, text).click()
    await expect(button(page, person, "›")).to_be_visible()
    months = column(page, person).get_by_test_id("inline-button").nth(1)  # between ‹ and ›
    shown = await months.inner_text()
    await button(page, person, "›").click()
    await expect(months).not_to_have_text(shown)
    await keys(page, person, DAY).last.click()
    offered = keys(page, person, TIME_OR_PART).first
    folded = PART.search(await offered.inner_text())
    await offered.click()
    if folded:
        await keys(page, person, TIME).first.click()
    await button(page, person, "Confirm").click()
    mine = column(page, person)
    await expect(mine.get_by_text("Booked. See you then!")).to_be_visible()
    await expect(mine.get_by_test_id("document")).to_be_visible()
    await expect(mine.get_by_test_id("message")).to_have_count(3)  # /start, the card, the calendar file


@pytest.mark.parametrize(
    "viewport",
    [
        pytest.param({"width": 1400, "height": 900}, id="desk"),
        pytest.param({"width": 390, "height": 844}, id="phone"),
    ],
)
async def test_a_booking_by_clicks_alone(browser: Browser, stage: Stage, viewport: ViewportSize) -> None:
    person = (await stage.customer()).number
    address = stage.sandbox.addresses.telegram_api
    async with webchat(browser, address, [person], viewport=viewport) as page:
        await book(page, person)
        assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    own = "SELECT count(*) FROM booking WHERE customer_id = $1 AND status = 'confirmed'"
    assert await stage.count(own, person) == 1
