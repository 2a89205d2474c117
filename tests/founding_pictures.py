"""Takes the pictures of how a shop comes to be, and times it: `python -m tests.founding_pictures [FOLDER]`.

An owner and then a customer click and type in the web chat alone, on a phone's screen and at a person's pace,
in a sandbox with an empty database and with the settings of an installation.
"""

import asyncio
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from playwright.async_api import Browser, Locator, Page, expect

from sandbox.options import OWNER_ID
from tests.browser import chromium, column, webchat
from tests.phone_pictures import ANNA, FOLDER, PATIENCE_MILLISECONDS, PHONE, affordable, save
from tests.pictures import sandbox

READ_SECONDS = 3.0
"""Somebody looks so long at what is new before they tap."""
KEY_MILLISECONDS = 200
"""Somebody types a letter in so long on a phone."""
TIME = re.compile(r"^\w{3} \d{1,2}, \d\d:\d\d$")
MOST_TAPS = 40
MOST_SECONDS = 300.0


@dataclass
class Phone:
    """A phone in somebody's hand. Each tap counts, and so does each text that is sent."""

    page: Page
    person: int
    folder: Path
    taps: int = 0

    @property
    def chat(self) -> Locator:
        """What is on its screen."""
        return column(self.page, self.person)

    async def start(self) -> None:
        """Tap Start."""
        await self._tap(self.chat.get_by_test_id("start"))

    async def tap(self, label: str | re.Pattern[str]) -> None:
        """Tap the newest button that begins so, or fits."""
        begins = label if isinstance(label, re.Pattern) else re.compile(f"^{re.escape(label)}")
        await self._tap(self.chat.get_by_test_id("inline-button").filter(has_text=begins).last)

    async def _tap(self, key: Locator) -> None:
        await expect(key).to_be_visible(timeout=PATIENCE_MILLISECONDS)
        await asyncio.sleep(READ_SECONDS)
        await key.click()
        self.taps += 1

    async def write(self, text: str, *, to: str) -> None:
        """Answer a question."""
        await self.sees(to)
        await asyncio.sleep(READ_SECONDS)
        await self.chat.get_by_test_id("composer").press_sequentially(text, delay=KEY_MILLISECONDS)
        await self.chat.get_by_test_id("send").click()
        self.taps += 1

    async def sees(self, text: str) -> None:
        """Wait until something is on the screen."""
        await expect(self.chat.get_by_text(text).last).to_be_visible(timeout=PATIENCE_MILLISECONDS)

    async def photograph(self, name: str) -> None:
        """Keep a picture of the screen."""
        await self.page.evaluate("document.fonts.ready")
        await self.page.wait_for_load_state("networkidle")
        await save(self.page, self.folder, name)


@asynccontextmanager
async def phone(browser: Browser, address: str, person: int, folder: Path) -> AsyncIterator[Phone]:
    """Hand somebody a phone."""
    async with webchat(browser, address, [person], viewport=PHONE, device_scale_factor=1.5) as page:
        yield Phone(page, person, folder)


async def found(owner: Phone) -> None:
    """Set a shop up, from Start to the card with its link."""
    await owner.start()
    await owner.tap("Set it up")
    await owner.write("Kati's", to="What is your shop called?")
    await owner.tap("Europe")
    await owner.tap("Berlin")
    await owner.sees("What can be booked?")
    await owner.photograph("owner-setup")
    await owner.tap("Barber")
    await owner.write("35", to="an amount of EUR")
    await owner.tap("I do")
    await owner.tap("Mo–Fr")
    await owner.tap("Germany")
    await owner.sees("Opening hours")
    await owner.photograph("owner-setup-summary")
    await owner.tap("Apply")
    await owner.sees("is open.")
    await owner.photograph("owner-open")


async def book(customer: Phone) -> None:
    """Book the first visit, from Start to the confirmation."""
    await customer.start()
    await customer.tap("Book a visit")
    await customer.tap("Haircut")
    await customer.tap("Anyone")
    await customer.tap(TIME)
    await customer.tap("Confirm")
    await customer.sees("Booked. See you then!")


async def main(folder: Path) -> str:
    """Take the pictures; return how long it took. Raises SystemExit where it took too long."""
    async with sandbox(None, {}) as running, chromium() as browser:
        address = running.addresses.telegram_api
        async with (
            phone(browser, address, OWNER_ID, folder) as owner,
            phone(browser, address, ANNA, folder) as customer,
        ):
            begun = monotonic()
            await found(owner)
            opened = monotonic() - begun
            await book(customer)
            seconds, taps = monotonic() - begun, owner.taps + customer.taps
    told = f"open after {opened:.0f} s and {owner.taps} taps, booked after {seconds:.0f} s and {taps}"
    if taps > MOST_TAPS or seconds > MOST_SECONDS:
        raise SystemExit(f"Too long: {told}")
    return told


if __name__ == "__main__":
    chosen = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    sys.stdout.write(f"{asyncio.run(main(chosen))}\n")
    affordable(chosen)
