"""What specialists and owners see of the same visits."""

import re

import pytest

from sandbox.options import OWNER_ID
from shared.contracts.absence import ShowTimeOffDay
from tests.client import ChatUser, buttons, text_of
from tests.e2e import walk
from tests.e2e.stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="session")

ALICE, BORIS = 1001, 1002
WORKING = range(5)
"""Weekdays on which Alice works, Monday to Friday."""
MOST_PAGES = 10
"""Of a week: what other tests book is in it, too."""


async def ask(person: ChatUser, command: str, saying: str = "") -> str:
    """Send a command and return the answer's text: a message that says this, for notices come between."""
    await person.say(command)
    return text_of(await person.wait_message(saying))


async def test_a_specialist_hears_of_a_new_visit_and_finds_it_in_the_day(stage: Stage) -> None:
    alice = await stage.api.known_user(ALICE)
    menu = await walk.open_menu(alice)
    assert {"Today", "Week"} <= set(buttons(menu))
    assert "Administration" not in buttons(menu)

    anna = await stage.customer("Annabelle")
    await walk.book(anna, who="Alice")
    notice = await alice.wait_message("New visit")
    assert "Haircut, Annabelle" in text_of(notice)
    day = await walk.tap(alice, notice, "The day")
    assert re.search(r"\d\d:\d\d–\d\d:\d\d Haircut, Annabelle", text_of(day))
    assert "(Alice)" not in text_of(day)  # her own visits need no name beside them

    question = await walk.tap(anna, (await anna.messages())[1], "Cancel")
    await walk.tap(anna, question, "Yes, cancel")
    gone = await alice.wait_message("Visit cancelled")
    assert "Annabelle" in text_of(gone)
    assert "Annabelle" not in text_of(await walk.tap(alice, gone, "The day"))


async def test_the_commands_of_a_specialist(stage: Stage) -> None:
    alice = await stage.api.known_user(ALICE)
    assert "/today, /week" in await ask(alice, "/help")
    assert "people who work here" not in await ask(alice, "/today")
    assert "people who work here" not in await ask(alice, "/week")
    assert await ask(alice, "/admin") == "This is for administrators."


async def test_a_specialist_is_off_for_a_day_and_takes_it_back(stage: Stage) -> None:
    alice = await stage.api.known_user(ALICE)
    assert "/off" in await ask(alice, "/help")
    await alice.say("/off")
    weeks = await walk.tap(alice, await alice.wait_message("Time off: Alice"), "Other days")
    ahead = [
        (key.text, key.command.day) for key in walk.keys(weeks) if isinstance(key.command, ShowTimeOffDay)
    ]
    numbers = [text for text, _ in ahead]
    *_, working = (text for text, day in ahead if day.weekday() in WORKING and numbers.count(text) == 1)
    day = await walk.tap(alice, weeks, working)
    shown = await walk.tap(alice, await walk.tap(alice, day, "Day off"), "Discard")
    assert "Which day is it about?" in text_of(shown)
    await alice.say("/off")
    again = await alice.wait_message("Time off: Alice")
    day = await walk.tap(alice, await walk.tap(alice, again, "Other days"), working)
    applied = await walk.tap(alice, await walk.tap(alice, day, "Day off"), "Apply")
    assert "closes" in text_of(applied)
    assert "opens" in text_of(await walk.tap(alice, applied, "Undo"))


async def test_an_owner_sees_everyones_visits_and_the_figures(stage: Stage) -> None:
    olivia, boris = await stage.api.known_user(OWNER_ID), await stage.api.known_user(BORIS)
    await ask(boris, "/start")
    menu = await walk.open_menu(olivia)
    assert "Administration" in buttons(menu)
    before = await figures(olivia)
    customer = await stage.customer("Benedikta")
    visit = await walk.book(customer, who="Boris")
    after = await figures(olivia)
    assert after["Visits ahead"] == before["Visits ahead"] + 1
    assert after["People"] == before["People"] + 1
    assert after["Services"] == 5
    assert after["Specialists"] == 3
    assert after["Failed commands"] == 0

    await olivia.say("/week")
    week = await olivia.wait_message(button="Today")
    for _ in range(MOST_PAGES * walk.WEEKS_AHEAD):
        if "Benedikta" in text_of(week):
            break
        week = await walk.tap(olivia, week, "›")  # the next page of the week, behind the last the next week
    assert "Benedikta" in text_of(week)
    assert f"{visit.start:%d}".lstrip("0") in text_of(week)
    assert re.search(r"Haircut, Benedikta \(Boris\)", text_of(week))
    await olivia.say("/today")
    await olivia.wait_message(button="Week")


async def figures(olivia: ChatUser) -> dict[str, int]:
    """Read the figures of /admin."""
    found = re.findall(r"^([A-Z][a-z ]+): (\d+)", await ask(olivia, "/admin", "Visits ahead"), re.MULTILINE)
    return {name: int(number) for name, number in found}
