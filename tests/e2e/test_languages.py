"""The whole way in another language, without a word of English left over."""

import re

import pytest

from tests.client import Json, buttons, text_of
from tests.e2e import walk
from tests.e2e.stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="session")

NAMES = (
    "Barber & Co",
    "Haircut",
    "Beard trim",
    "Hot towel shave",
    "The full works",
    "Shaving class",
    "Alice",
    "Boris",
    "Chloé",
    "Main street",
    "Unter den Linden",
    "Berlin",
    "Europe",
    "English",
)
ZONE = re.compile(r"\b(CET|CEST)\b")
COMMAND = re.compile(r"/[a-z]+")
LATIN = re.compile(r"[A-Za-z]{2,}")


def leftovers(screen: Json) -> list[str]:
    """Find what is neither Russian nor a name."""
    text = "\n".join([text_of(screen), *buttons(screen)])
    for name in (*NAMES, screen["chat"]["first_name"]):
        text = text.replace(name, "")
    return LATIN.findall(COMMAND.sub("", ZONE.sub("", text)))


async def test_everything_in_russian_and_back(stage: Stage) -> None:
    maria = await stage.customer("Мария")
    await maria.say("/language")
    screen = await maria.wait_message("Which language do you prefer?")
    assert buttons(screen)[0] == "✓ English"
    settings = await walk.tap(maria, screen, "Русский")
    assert leftovers(settings) == []
    assert "Русский" in text_of(settings)

    for command in ("/help", "/settings", "/bookings", "/today", "/admin", "/nonsense"):
        await maria.say(command)
        assert leftovers(await maria.wait_message()) == [], command

    await maria.say("/start")
    screen = await maria.wait_message()
    seen = [screen]
    for index in (0, 0, 0):  # book, the first service, anyone
        screen = await walk.tap(maria, screen, walk.keys(screen)[index].text)
        seen.append(screen)
    screen = await walk.tap(maria, screen, "Другие дни")
    screen = await walk.tap(maria, screen, walk.turned(screen))
    named = [[key.text for key in row] for row in walk.rows(screen)]
    assert ["пн", "вт", "ср", "чт", "пт", "сб", "вс"] in named
    days = walk.free_days(screen)
    seen += [screen, times := await walk.tap(maria, screen, days[max(days)])]
    for part in list(walk.parts(times).values())[:1]:
        seen.append(times := await walk.tap(maria, times, part))
    offered = walk.free_times(times)
    seen.append(summary := await walk.tap(maria, times, offered[min(offered)]))
    heard, card = await walk.tap_and_hear(maria, summary, walk.keys(summary)[0].text)
    seen.append(card)
    assert LATIN.findall(heard["text"]) == []
    file = (await maria.wait_event("message", lambda event: "document" in event["message"]))["message"]
    assert LATIN.findall(text_of(file)) == []
    seen.append(question := await walk.tap(maria, card, walk.keys(card)[1].text))
    heard, cancelled = await walk.tap_and_hear(maria, question, walk.keys(question)[0].text)
    seen.append(cancelled)
    assert LATIN.findall(heard["text"]) == []
    assert {text_of(screen): leftovers(screen) for screen in seen if leftovers(screen)} == {}

    await maria.say("/language")
    screen = await walk.tap(maria, await maria.wait_message(button="English"), "English")
    assert "Language: English" in text_of(screen)
    assert buttons(await walk.open_menu(maria)) == ["Book a visit", "My bookings", "Language", "Help"]
