"""Takes a picture of each way through the chat for the pages for customers, specialists and owners.

`python -m tests.flow_pictures [FOLDER]` or `make pictures`, in a sandbox of its own where it is noon: what is
about today, or comes at no hour of the night, looks the same whenever the pictures are taken.
"""

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import asyncpg
from playwright.async_api import Browser

from sandbox.options import OWNER_ID
from sandbox.system import Sandbox
from tests.browser import chromium
from tests.chaos.business import where_it_is_noon
from tests.client import ChatUser, ClientApi, Json, buttons
from tests.e2e import walk
from tests.phone_pictures import ALICE, FOLDER, Scene, affordable, photograph, read
from tests.pictures import sandbox

FIRST_GUEST = 3001
BUSINESS = """
business: {{name: Barber & Co, timezone: {zone}, currency: EUR, language: en}}
locations:
  - {{name: Main street, address: "Unter den Linden 17, 10117 Berlin"}}
services:
  - {{name: Haircut, duration: 45m, price: 35, min_notice: 0m, reminders: [24h, 2h], confirm_until: 3h}}
  - {{name: Beard trim, duration: 20m, price: 18, min_notice: 0m}}
  - {{name: Colour, duration: 1h30m, price: {{from: 70}}, min_notice: 0m, approval: true}}
  - {{name: The full works, duration: 1h30m, price: 69, deposit: 10, min_notice: 0m}}
  - {{name: Shaving class, duration: 2h, price: 25, step: 1h, min_notice: 0m, capacity: 6, max_places: 4}}
  - {{name: Wedding style, duration: 1h, price: 90, min_notice: 0m}}
  - name: First visit
    duration: 30m
    price: free
    min_notice: 0m
    questions:
      - {{ask: How long is your hair?, choices: [Short, To the shoulders, Longer], required: true}}
      - {{ask: Anything that we should know?}}
specialists:
  - name: Alice
    telegram_id: 1001
    services: [Haircut, Beard trim, Colour, The full works, First visit]
    hours: {{mon-sun: ["09:00-13:30", "14:00-19:00"]}}
  - name: Boris
    services: [Haircut, Beard trim, The full works]
    hours: {{mon-sun: ["11:00-19:00"]}}
  - {{name: Chloé, services: [Shaving class], hours: {{mon-sun: ["16:00-20:00"]}}}}
  - {{name: Dora, services: [Wedding style], hours: {{mon-sun: ["10:00-11:00"]}}}}
roles: {{owner: [1000], admin: []}}
"""


@dataclass
class Cast:
    """Everybody who plays, and the database of the shop."""

    api: ClientApi
    database: "asyncpg.Connection[asyncpg.Record]"
    today: date
    guests: int = 0

    async def guest(self, name: str) -> ChatUser:
        """Bring in somebody new."""
        self.guests += 1
        return await self.api.user(FIRST_GUEST + self.guests, name)

    async def alice(self) -> ChatUser:
        """Have the specialist look at her chat from now on."""
        return await self.api.known_user(ALICE)

    async def olivia(self) -> ChatUser:
        """Have the owner look at hers."""
        return await self.api.known_user(OWNER_ID)


async def go(person: ChatUser, screen: Json, *labels: str) -> Json:
    """Tap buttons that begin so, one after the other, each in the screen that the one before led to."""
    for label in labels:
        screen = await walk.tap(person, screen, labelled(screen, label))
    return screen


def labelled(screen: Json, label: str) -> str:
    """Return the text of the first button that begins so. Raises AssertionError where there is none."""
    found = next((text for text in buttons(screen) if text.startswith(label)), None)
    assert found is not None, f"no button {label!r} among {buttons(screen)}"
    return found


async def soonest(person: ChatUser, *labels: str) -> Json:
    """Go from the menu to the soonest times."""
    return await go(person, await walk.open_menu(person), "Book a visit", *labels)


async def choose(person: ChatUser, *labels: str, time: int = 0) -> Json:
    """Go from the menu to the summary of one of the soonest times."""
    screen = await soonest(person, *labels)
    return await walk.tap(person, screen, list(walk.free_times(screen).values())[time])


async def booked(person: ChatUser, *labels: str, time: int = 0) -> Json:
    """Book one of the soonest times; return the card."""
    card = await go(person, await choose(person, *labels, time=time), "Confirm")
    await person.wait_event("message", lambda event: "document" in event["message"])
    return card


async def holding(cast: Cast) -> AsyncIterator[Scene]:
    """A time is kept while somebody looks at the summary."""
    anna = await cast.guest("Anna")
    await choose(anna, "Haircut", "Alice", time=1)
    yield Scene("customer-held", anna.number)
    lea = await cast.guest("Lea")
    await choose(lea, "Haircut", "Add a service", "Beard trim", "Anyone", time=1)
    yield Scene("customer-several", lea.number)
    mia = await cast.guest("Mia")
    summary = await choose(mia, "Shaving class", "Chloé", time=1)
    summary = await go(mia, summary, "3")
    yield Scene("customer-places", mia.number)


async def asking(cast: Cast) -> AsyncIterator[Scene]:
    """Somebody asks for a time, and is proposed another one."""
    alice, eric = await cast.alice(), await cast.guest("Eric")
    await go(eric, await choose(eric, "Colour", "Alice", time=1), "Confirm")
    yield Scene("customer-asked", eric.number)
    request = await alice.wait_message(button="Propose another time")
    yield Scene("specialist-request", ALICE)
    times = await go(alice, request, "Propose another time")
    summary = await walk.tap(alice, times, list(walk.free_times(times).values())[-1])
    await walk.tap(alice, summary, labelled(summary, "Confirm"))
    await eric.wait_message(button="Other times")
    yield Scene("customer-proposed", eric.number)


async def answering(cast: Cast) -> AsyncIterator[Scene]:
    """A service asks something first; another one asks for money."""
    fay = await cast.guest("Fay")
    times = await soonest(fay, "First visit", "Alice")
    await fay.press_only(list(walk.free_times(times).values())[1], times)
    await fay.wait_screen("How long is your hair?")
    yield Scene("customer-question", fay.number)
    oli = await cast.guest("Oli")
    await go(oli, await choose(oli, "The full works", "Boris", time=1), "Confirm")
    await oli.wait_event("message", lambda event: "invoice" in event["message"])
    yield Scene("customer-invoice", oli.number)


async def running_late(cast: Cast) -> AsyncIterator[Scene]:
    """Somebody has a visit today and is late; somebody else is reminded."""
    gus = await cast.guest("Gus")
    card = await booked(gus, "Haircut", "Alice")
    alice = await cast.alice()
    await go(gus, card, "Running late", "+10")
    yield Scene("customer-late", gus.number)
    await alice.wait_message("Gus")
    yield Scene("specialist-late", ALICE)
    ben = await cast.guest("Ben")
    await booked(ben, "Haircut", "Alice", time=2)
    await cast.database.execute(
        "UPDATE outbox SET due_at = now() WHERE kind = 'booking.reminder' AND chat_id = $1", ben.number
    )
    await ben.wait_message(button="I'll be there")
    yield Scene("customer-reminder", ben.number)


PARTS: tuple[Callable[[Cast], AsyncIterator[Scene]], ...] = (
    holding,
    asking,
    answering,
    running_late,
)


@asynccontextmanager
async def playing(running: Sandbox, api: ClientApi, zone: str) -> AsyncIterator[Cast]:
    """Bring everybody together."""
    database = await asyncpg.connect(running.addresses.database_url.replace("+asyncpg", ""), ssl=False)
    try:
        yield Cast(api, database, datetime.now(ZoneInfo(zone)).date())
    finally:
        await database.close()


async def take(browser: Browser, cast: Cast, address: str, zone: str, folder: Path) -> None:
    """Have everybody do what they do, and take each picture when it is there."""
    for staff in (await cast.alice(), await cast.olivia()):
        await walk.open_menu(staff)
    for part in PARTS:
        async for scene in part(cast):
            await read(cast.api, scene.person)
            await photograph(browser, address, scene, folder, zone)


async def main(folder: Path) -> None:
    """Take them all."""
    zone = where_it_is_noon()
    with tempfile.TemporaryDirectory() as directory:
        business = Path(directory) / "business.yaml"
        business.write_text(BUSINESS.format(zone=zone), encoding="utf-8")
        async with (
            sandbox(business) as running,
            ClientApi(running.addresses.client_api) as api,
            playing(running, api, zone) as cast,
            chromium() as browser,
        ):
            await take(browser, cast, running.addresses.telegram_api, zone, folder)


if __name__ == "__main__":
    chosen = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    asyncio.run(main(chosen))
    affordable(chosen)
