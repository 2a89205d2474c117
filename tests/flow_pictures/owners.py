"""What owners see."""

from collections.abc import AsyncIterator, Callable

from sandbox.options import OWNER_ID
from tests.client import ChatUser, Json
from tests.e2e import walk
from tests.flow_pictures.cast import Cast, ask, booked_on, go
from tests.phone_pictures import Scene


async def changing(cast: Cast) -> AsyncIterator[Scene]:
    """An owner closes a day of the week on which somebody is booked, and reads who."""
    olivia = await cast.olivia()
    for ahead, name in ((8, "Gil"), (15, "Hana")):
        await booked_on(await cast.guest(name), cast.day(ahead), "Wedding style", "Dora")
    weekday = cast.day(1).strftime("%a")[:2]
    screen = await go(olivia, await open_admin(olivia), "Hours", "Dora")
    await ask(olivia, screen, f"✓ {weekday}")
    question = await olivia.wait_screen(button="Closed")
    await go(olivia, question, "Closed", "Done")
    yield Scene("owner-consequences", OWNER_ID)


async def open_admin(olivia: ChatUser) -> Json:
    """Send /admin and return its page."""
    await olivia.say("/admin")
    return await olivia.wait_message("Visits ahead")


async def looking_back(cast: Cast) -> AsyncIterator[Scene]:
    """An owner looks at what happened to a visit, and to a service."""
    olivia, alice, eve = await cast.olivia(), await cast.alice(), await cast.guest("Eve")
    card = await booked_on(eve, cast.day(20), "Haircut", "Alice")
    times = await go(eve, card, "Move")
    summary = await walk.tap(eve, times, list(walk.free_times(times).values())[-1])
    await go(eve, summary, "Confirm")
    await alice.wait_message("Eve")
    screen = await go(olivia, await open_admin(olivia), "Services", "Haircut")
    await ask(olivia, screen, "Price")
    await olivia.wait_screen("Choose, or write an amount")
    await olivia.say("38")
    asked = await olivia.wait_screen(button="Apply")
    await go(olivia, asked, "Apply")
    screen = await go(olivia, await open_admin(olivia), "Services", "Haircut")
    await go(olivia, screen, "History")
    yield Scene("owner-history-service", OWNER_ID)
    await go(olivia, await open_admin(olivia), "History", "№", "History")
    yield Scene("owner-history-visit", OWNER_ID)


PARTS: tuple[Callable[[Cast], AsyncIterator[Scene]], ...] = (changing, looking_back)
