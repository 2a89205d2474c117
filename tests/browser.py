"""Chromium for the browser tests, and the web chat's hooks.

Import the `browser` fixture into a conftest, mark the tests `browser` and give them the session's
loop (`pytest.mark.asyncio(loop_scope="session")`); then

    async with webchat(browser, address, people=[2001, 1001]) as page: ...

opens the web chat and fails when the page has reported an error by the end. What the tests may hold on to:

- `[data-person="2001"]`: a person's column (`column(page, 2001)`). In it:
  `[data-message-id="17"]` (also `data-testid="message"`): a message with its buttons, its `data-side` `mine`
  or `theirs`; in it `text`, `edited`, `reply`, `reply-to`, `document`, `voice`, `sticker`, `location`,
  `inline-keyboard`, `inline-button`
  (`data-waiting` until the callback is answered, `disabled` where Telegram shows it so);
  `person-name`, `status` (`data-busy` while the bot types), `log`, `composer`, `send`, `start`,
  `commands-button`, `commands`, `command`, `reply-keyboard`, `reply-button`, `keyboard-toggle`, `toast`,
  `alert`, `alert-text`, `alert-ok`, `unread-mark`, `unread-below`, `scroll-down`, `blocked`, `unblock`,
  `reply-bar` with `reply-cancel`; `attach` with `share-photo`, `share-document`, `share-voice`,
  `share-sticker`, `share-location`, `share-contact`;
  `chat-menu` with `menu-edit`, `menu-block`, `menu-unblock`, `menu-close`; `close-column`.
  All are `data-testid`.
- Above: `tag` with `data-user`, in it `unread`; `add-person`, `people-button`, `layout-button`,
  `theme-button`, `banner`. Instead of columns: `nobody` (with `add-first`), `unreachable`.
- Over the page: `person-dialog`, `people-panel` (`person-toggle`, `people-add`), `location-dialog`,
  `contact-dialog`, `voice-dialog`, `sticker-dialog`, `lightbox`; `save` and `problem` in forms.
"""

import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Literal, TypedDict, Unpack

import pytest
import pytest_asyncio
from playwright.async_api import Browser, ConsoleMessage, Error, Locator, Page, ViewportSize, async_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class Context(TypedDict, total=False):
    """What a test may ask of its browser."""

    viewport: ViewportSize
    locale: str
    timezone_id: str
    color_scheme: Literal["dark", "light"]
    permissions: Sequence[str]
    device_scale_factor: float


USUAL: Context = {
    "viewport": {"width": 1400, "height": 900},
    "locale": "en-GB",
    "timezone_id": "Europe/Berlin",
}


def chromium_path() -> str:
    """Return the installed Chromium; skips the test, with the reason, where there is none."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    return found or pytest.skip(f"no Chromium is installed (looked for {', '.join(NAMES)})")


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Run a headless Chromium."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS)
        try:
            yield browser
        finally:
            await browser.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One Chromium for the whole run; each test opens a context of its own."""
    async with chromium() as running:
        yield running


@asynccontextmanager
async def webchat(
    browser: Browser,
    address: str,
    people: Sequence[int] = (),
    *,
    strict: bool = True,
    **context: Unpack[Context],
) -> AsyncIterator[Page]:
    """Open the web chat as these people; when strict, what the page reports as an error fails the test."""
    window = await browser.new_context(**(USUAL | context))
    try:
        page = await window.new_page()
        errors = watch(page)
        await page.goto(f"{address}/?people={','.join(map(str, people))}" if people else address)
        yield page
        assert errors == [] or not strict
    finally:
        await window.close()


def watch(page: Page) -> list[str]:
    """Collect the page's errors and warnings from now on."""
    errors: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            errors.append(message.text)

    def failed(error: Error) -> None:
        errors.append(str(error))

    page.on("console", heard)
    page.on("pageerror", failed)
    return errors


def column(page: Page, person: int) -> Locator:
    """Return a person's column."""
    return page.locator(f'[data-person="{person}"]')


def message(page: Page, person: int, message_id: int) -> Locator:
    """Return a message in a person's column."""
    return column(page, person).locator(f'[data-message-id="{message_id}"]')


def button(page: Page, person: int, text: str) -> Locator:
    """Return the newest inline button with exactly this text in a person's column."""
    keys = column(page, person).get_by_test_id("inline-button")
    return keys.filter(has=page.get_by_text(text, exact=True)).last


async def height(locator: Locator) -> float:
    """Return how high an element is."""
    box = await locator.bounding_box()
    assert box is not None, "the element is not shown"
    return box["height"]
