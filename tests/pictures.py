"""Takes the README's picture of the chat: `python -m tests.pictures [FILE]` or `make pictures`.

A customer, a specialist and the owner side by side after a booking, in a sandbox of its own.
"""

import asyncio
import shutil
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Page, ViewportSize, expect

from sandbox.options import DEMO_BUSINESS, Options
from sandbox.people import SHOWN
from sandbox.system import Sandbox
from tests.browser import chromium, column
from tests.client import ClientApi, text_of
from tests.e2e import walk
from tests.e2e.stage import PATIENT
from tests.running import ROOT, make_data_directory

PICTURE = ROOT / "docs" / "pictures" / "chat.png"
WINDOW: ViewportSize = {"width": 1280, "height": 800}
MOST_BYTES = 300_000
CARLOS, MARIA = 2002, 2003
NAMES = {
    CARLOS: {"first_name": "Carlos", "language_code": "en"},
    MARIA: {"first_name": "Maria", "language_code": "en"},
}


@asynccontextmanager
async def sandbox(
    business: Path | None = DEMO_BUSINESS, environment: Mapping[str, str] = PATIENT
) -> AsyncIterator[Sandbox]:
    """Run a new sandbox and leave nothing of it behind."""
    data = make_data_directory()
    running = Sandbox(Options(data=data, port=0, workers=1, business=business, environment=environment))
    try:
        await running.start()
        yield running
    finally:
        await running.kill()
        running.data.empty()
        shutil.rmtree(running.data.path)


async def act(api: ClientApi) -> None:
    """Have everyone do what the picture shows."""
    people = [await api.known_user(number) for number in SHOWN]
    anna, alice, olivia = people
    await walk.open_menu(alice)
    for number, who in ((CARLOS, "Boris"), (MARIA, "Alice")):
        guest = await api.known_user(number)
        await api.call("PUT", f"users/{number}", NAMES[number])
        await walk.book(guest, who=who)
    await walk.book(anna, who="Alice")
    await walk.tap(alice, await alice.wait_message("New visit"), "The day")
    await alice.wait_message("Anna")
    await olivia.say("/admin")
    week = await walk.tap(olivia, await olivia.wait_message("Visits ahead"), "Week")
    for _ in range(walk.WEEKS_AHEAD):
        if "Anna" in text_of(week):
            break
        week = await walk.tap(olivia, week, "›")
    await olivia.say("/admin")
    await olivia.wait_message("Visits ahead")
    for person in people:
        newest = (await person.messages())[-1]["message_id"]
        await api.call("POST", f"chats/{person.number}/read", {"message_id": newest})


async def photograph(page: Page, address: str, file: Path) -> None:
    """Wait until everyone's chat is drawn to its end, and take the picture."""
    await page.goto(f"{address}/?people={','.join(map(str, SHOWN))}")
    for person in SHOWN:
        await expect(column(page, person).get_by_test_id("inline-button").first).to_be_visible()
    await page.evaluate("document.fonts.ready")
    await page.screenshot(path=file, animations="disabled", caret="hide")


async def main(file: Path) -> None:
    """Take the picture."""
    async with sandbox() as running, ClientApi(running.addresses.client_api) as api, chromium() as browser:
        await act(api)
        window = await browser.new_context(
            viewport=WINDOW, device_scale_factor=1.25, locale="en-GB", timezone_id="Europe/Berlin"
        )
        await photograph(await window.new_page(), running.addresses.telegram_api, file)


def run(file: Path) -> None:
    """Take the picture and see that a page can afford it."""
    asyncio.run(main(file))
    size = file.stat().st_size
    sys.stdout.write(f"{file}: {size / 1000:.0f} kB\n")
    if size > MOST_BYTES:
        raise SystemExit(f"{file} is larger than {MOST_BYTES / 1000:.0f} kB")


if __name__ == "__main__":
    run(Path(sys.argv[1]) if len(sys.argv) > 1 else PICTURE)
