"""Takes the pictures of the pages for customers, specialists and owners: what each sees on a phone.

`python -m tests.phone_pictures [FOLDER]` or `make pictures`, in a sandbox of its own.
"""

import asyncio
import base64
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Browser, Page, ViewportSize, expect

from sandbox.options import OWNER_ID
from tests.browser import chromium, column
from tests.client import ClientApi, buttons
from tests.e2e import walk
from tests.pictures import CARLOS, MARIA, NAMES, sandbox
from tests.running import ROOT

FOLDER = ROOT / "docs" / "pictures"
PHONE: ViewportSize = {"width": 390, "height": 780}
ANNA, ALICE = 2001, 1001
MOST_BYTES = 60_000
PATIENCE_MILLISECONDS = 60_000
QUALITY = 0.8
WEBP = """
async ([png, quality]) => {
    const image = new Image();
    image.src = "data:image/png;base64," + png;
    await image.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
    canvas.getContext("2d").drawImage(image, 0, 0);
    return canvas.toDataURL("image/webp", quality).split(",")[1];
}
"""


@dataclass(frozen=True, slots=True)
class Scene:
    """What somebody has on their phone, and the file that shows it."""

    file: str
    person: int


async def customers(api: ClientApi) -> AsyncIterator[Scene]:
    """A customer books."""
    anna = await api.known_user(ANNA)
    screen = await walk.follow(anna, await walk.open_menu(anna), ["Book a visit", walk.HAIRCUT, "Alice"])
    yield Scene("customer-soonest", ANNA)
    screen = await walk.tap(anna, screen, walk.OTHER_DAYS)
    screen = await walk.tap(anna, screen, walk.turned(screen))
    yield Scene("customer-days", ANNA)
    step = await walk.choose_time(anna, screen)
    await walk.tap(anna, step.screen, "Confirm")
    await anna.wait_event("message", lambda event: "document" in event["message"])
    yield Scene("customer-booked", ANNA)


async def specialists(api: ClientApi) -> AsyncIterator[Scene]:
    """A specialist looks at the day on which somebody booked."""
    alice = await api.known_user(ALICE)
    await walk.open_menu(alice)
    for number in (CARLOS, MARIA):
        guest = await api.known_user(number)
        await api.call("PUT", f"users/{number}", NAMES[number])
        await walk.book(guest, who="Alice")
    day = await walk.tap(alice, await alice.wait_message("Maria"), "The day")
    yield Scene("specialist-day", ALICE)
    visit = next(text for text in buttons(day) if "Maria" in text)
    card = await walk.tap(alice, day, visit)
    yield Scene("specialist-card", ALICE)
    day = await walk.tap(alice, card, "The day")
    await walk.tap(alice, day, "Picture")
    yield Scene("specialist-picture", ALICE)


async def owners(api: ClientApi) -> AsyncIterator[Scene]:
    """An owner raises a price."""
    olivia = await api.known_user(OWNER_ID)
    await olivia.say("/admin")
    screen = await olivia.wait_message("Visits ahead")
    yield Scene("owner-admin", OWNER_ID)
    screen = await walk.follow(olivia, screen, ["Services", walk.HAIRCUT])
    yield Scene("owner-service", OWNER_ID)
    price = next(text for text in buttons(screen) if text.startswith("Price"))
    await olivia.press(price, screen)
    await olivia.wait_screen("Choose, or write an amount")
    await olivia.say("40")
    await olivia.wait_screen(button="Apply")
    yield Scene("owner-change", OWNER_ID)


async def read(api: ClientApi, person: int) -> None:
    """Have somebody read all there is: their chat opens at its end."""
    newest = (await (await api.known_user(person)).messages())[-1]["message_id"]
    await api.call("POST", f"chats/{person}/read", {"message_id": newest})


async def photograph(
    browser: Browser, address: str, scene: Scene, folder: Path, zone: str = "Europe/Berlin"
) -> None:
    """Open the chat as a phone shows it, and take its picture once it is drawn to its end."""
    phone = await browser.new_context(
        viewport=PHONE, device_scale_factor=1.5, locale="en-GB", timezone_id=zone
    )
    page = await phone.new_page()
    await page.goto(f"{address}/?people={scene.person}")
    button = column(page, scene.person).get_by_test_id("inline-button").first
    await expect(button).to_be_visible(timeout=PATIENCE_MILLISECONDS)
    await page.evaluate("document.fonts.ready")
    await page.wait_for_load_state("networkidle")
    await save(page, folder, scene.file)
    await phone.close()


async def save(page: Page, folder: Path, name: str) -> None:
    """Keep a picture of what a page shows."""
    png = await page.screenshot(animations="disabled", caret="hide")
    (folder / f"{name}.webp").write_bytes(await _as_webp(page, png))


async def _as_webp(page: Page, png: bytes) -> bytes:
    """Have the browser write a picture anew: a quarter of its bytes, and as easy to read."""
    written = await page.evaluate(WEBP, [base64.b64encode(png).decode(), QUALITY])
    return base64.b64decode(written)


async def main(folder: Path) -> None:
    """Take them all."""
    async with sandbox() as running, ClientApi(running.addresses.client_api) as api, chromium() as browser:
        for told in (customers, specialists, owners):
            async for scene in told(api):
                await read(api, scene.person)
                await photograph(browser, running.addresses.telegram_api, scene, folder)


def run(folder: Path) -> None:
    """Take them and see that a page can afford them."""
    asyncio.run(main(folder))
    affordable(folder)


def affordable(folder: Path) -> None:
    """See that a page can afford the pictures. Raises SystemExit where it cannot."""
    for file in sorted(folder.glob("*.webp")):
        size = file.stat().st_size
        sys.stdout.write(f"{file}: {size / 1000:.0f} kB\n")
        if size > MOST_BYTES:
            raise SystemExit(f"{file} is larger than {MOST_BYTES / 1000:.0f} kB")


if __name__ == "__main__":
    run(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
