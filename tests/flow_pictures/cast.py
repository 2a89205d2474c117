"""Who plays, and how they go through the chat."""

from dataclasses import dataclass
from datetime import date, timedelta

import asyncpg

from sandbox.options import OWNER_ID
from shared.contracts.booking import ShowDay
from tests.client import ChatUser, ClientApi, Json, buttons
from tests.e2e import walk
from tests.phone_pictures import ALICE

FIRST_GUEST = 3001
DORA = 1003
A_DAY = timedelta(days=1)


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

    async def dora(self) -> ChatUser:
        """Have the specialist with one time a day look at hers."""
        return await self.api.user(DORA, "Dora")

    def day(self, ahead: int) -> date:
        """Return the date so many days from today."""
        return self.today + ahead * A_DAY

    async def olivia(self) -> ChatUser:
        """Have the owner look at hers."""
        return await self.api.known_user(OWNER_ID)


async def go(person: ChatUser, screen: Json, *labels: str) -> Json:
    """Tap buttons that begin so, one after the other, each in the screen that the one before led to."""
    for label in labels:
        screen = await walk.tap(person, screen, labelled(screen, label))
    return screen


async def ask(person: ChatUser, screen: Json, label: str) -> None:
    """Tap a button that is answered by a question, a message of its own."""
    await person.press_only(labelled(screen, label), screen)


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


async def full_day(person: ChatUser, day: date, *labels: str) -> Json:
    """Go from the menu to a day of which all is taken."""
    weeks = await soonest(person, *labels, "Other days")
    shown = (key for key in walk.keys(weeks) if isinstance(key.command, ShowDay) and key.command.day == day)
    return await walk.tap(person, weeks, next(shown).text)


async def booked_on(person: ChatUser, day: date, *labels: str, time: int = 0) -> Json:
    """Book one of a day's times; return the card."""
    weeks = await soonest(person, *labels, "Other days")
    screen = await walk.open_day(person, weeks, day)
    times = walk.free_times(screen)
    summary = await walk.tap(person, screen, times[sorted(times)[time]])
    card = await go(person, summary, "Confirm")
    await person.wait_event("message", lambda event: "document" in event["message"])
    return card
