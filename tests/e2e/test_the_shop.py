"""An owner changes the shop by taps and short answers in the running system, and takes it home as a file."""

from datetime import UTC, datetime, timedelta

import pytest

from sandbox.options import OWNER_ID
from tests.client import ChatUser, buttons
from tests.e2e.stage import Stage
from worker.business.reader import read_document

pytestmark = pytest.mark.asyncio(loop_scope="session")

SERVICE = "Quince mask"
FAR_AHEAD = timedelta(days=400)
"""No visit of other tests is there."""


async def tap(person: ChatUser, label: str, saying: str) -> None:
    """Tap the newest button whose text begins so, and wait for the screen that says this."""
    for message in reversed(await person.messages()):
        found = [text for text in buttons(message) if text.startswith(label)]
        if found:
            await person.press(found[0], message)
            await person.wait_screen(saying)
            return
    raise AssertionError(label)


async def walk(person: ChatUser, *steps: tuple[str, str]) -> None:
    for label, saying in steps:
        await tap(person, label, saying)


async def open_admin(person: ChatUser) -> None:
    await person.say("/admin")
    await person.wait_screen("Visits ahead")


async def answer(person: ChatUser, words: str, saying: str) -> None:
    await person.say(words)
    await person.wait_screen(saying)


async def test_an_owner_adds_a_service_prices_it_and_changes_hours(stage: Stage) -> None:
    olivia = await stage.api.known_user(OWNER_ID)
    day = (datetime.now(UTC) + FAR_AHEAD).date()
    await open_admin(olivia)
    await walk(olivia, ("Services", "Services"), ("Add", "Name"))
    await answer(olivia, SERVICE, "Duration")
    await walk(olivia, ("30 min", f"{SERVICE} is new"), ("Apply", "Done."), ("« Back", "Services"))
    await walk(olivia, (SERVICE, SERVICE), ("Price", "Choose, or write an amount"))
    await answer(olivia, "a lot", "does not fit here")
    await answer(olivia, "25", "Price: — → €25")
    await walk(olivia, ("Apply", "Done."))
    await open_admin(olivia)
    await walk(
        olivia,
        ("Specialists", "Specialists"),
        ("Alice", "Alice"),
        ("Single dates", "Single dates"),
        ("Add", "date"),
    )
    await answer(olivia, f"{day}", "Choose, or write it as")
    await answer(olivia, "10-14", "Not applied yet")
    await walk(olivia, ("Done", "10:00-14:00"), ("Apply", "Done."))

    await open_admin(olivia)
    await olivia.press("Export")
    file = await stage.file(await olivia.wait_screen("The business as a file"))
    document = read_document(file, "business.yaml")
    [mask] = [each for each in document.services if each.name == SERVICE]
    assert (mask.duration, str(mask.price and mask.price.lowest)) == (30, "25")
    [alice] = [each for each in document.specialists if each.name == "Alice"]
    assert {each.date: each.hours for each in alice.exceptions}[day] == ((600, 840),)

    await open_admin(olivia)
    await walk(
        olivia,
        ("Services", "Services"),
        (SERVICE, SERVICE),
        ("Remove", "no longer offered"),
        ("Apply", "Done."),
    )
