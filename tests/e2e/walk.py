"""Ways through the chat. Days differ by the day the tests run, so each step takes what is offered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from shared.buttons import unpack
from shared.contracts.base import Command
from shared.contracts.booking import ShowDay, ShowMonth, ShowSummary
from tests.client import ChatUser, Json
from worker.scheduling.parts import DayPart

HAIRCUT, ANYONE, OTHER_DAYS = "Haircut", "Anyone", "Other days"
WEEKS_AHEAD = 10
"""No visit is further ahead: the second five weeks end before."""
FEWEST_TIMES = 4
"""A day with fewer is no day to walk through: opening hours of one day are data, not what is tried."""


@dataclass(frozen=True)
class Key:
    """A button: its text, and what it asks for; None where it opens an address."""

    text: str
    command: Command | None


@dataclass(frozen=True)
class Step:
    """A screen in which something has been chosen on the way."""

    screen: Json
    start: datetime


def rows(screen: Json) -> list[list[Key]]:
    """Read a screen's keyboard."""
    return [[_key(button) for button in row] for row in screen["reply_markup"]["inline_keyboard"]]


def keys(screen: Json) -> list[Key]:
    """Read a screen's buttons in order."""
    return [key for row in rows(screen) for key in row]


def _key(button: Json) -> Key:
    data = button.get("callback_data")
    assert (data is None) == ("url" in button)
    return Key(button["text"], None if data is None else unpack(data))


def free_days(screen: Json) -> dict[date, str]:
    """Return the days that have a free time, with their buttons' texts."""
    days = (key for key in keys(screen) if key.text.isdecimal())
    return {key.command.day: key.text for key in days if isinstance(key.command, ShowDay)}


def free_times(screen: Json) -> dict[datetime, str]:
    """Return the times that can be tapped, with their buttons' texts."""
    return {key.command.start: key.text for key in keys(screen) if isinstance(key.command, ShowSummary)}


def parts(screen: Json) -> dict[DayPart, str]:
    """Return the parts that a day with many times is folded into, with their buttons' texts."""
    shown = (key for key in keys(screen) if isinstance(key.command, ShowDay) and key.command.part)
    return {DayPart(key.command.part): key.text for key in shown if isinstance(key.command, ShowDay)}


def turned(screen: Json) -> str:
    """Return the button to the next weeks."""
    last = [key for key in keys(screen) if isinstance(key.command, ShowMonth)][-1]
    return last.text


async def next_edit(person: ChatUser, message: Json) -> Json:
    """Wait for the message's next edit."""
    event = await person.wait_event(
        "edit", lambda event: event["message"]["message_id"] == message["message_id"]
    )
    edited: Json = event["message"]
    return edited


async def tap(person: ChatUser, screen: Json, button: str) -> Json:
    """Tap a button that leads to another screen in the same message; return that."""
    await person.press_only(button, screen)
    return await next_edit(person, screen)


async def tap_and_hear(person: ChatUser, screen: Json, button: str) -> tuple[Json, Json]:
    """Tap such a button; return the answer to the tap too, and first."""
    pressed = await person.press_only(button, screen)
    return await person.answer(pressed["callback_query_id"]), await next_edit(person, screen)


async def follow(person: ChatUser, screen: Json, buttons: Sequence[str]) -> Json:
    """Tap one button after the other."""
    for button in buttons:
        screen = await tap(person, screen, button)
    return screen


async def open_menu(person: ChatUser) -> Json:
    """Send /start and return the menu."""
    await person.say("/start")
    return await person.wait_message(button="Book a visit")


async def choose_weeks(person: ChatUser, screen: Json, service: str = HAIRCUT, who: str = ANYONE) -> Json:
    """Go from the menu to the next five weeks: their days are free, and far enough away to change."""
    screen = await follow(person, screen, ["Book a visit", service, who, OTHER_DAYS])
    return await tap(person, screen, turned(screen))


async def open_day(person: ChatUser, weeks: Json, day: date, part: DayPart | None = None) -> Json:
    """Go to a day's times: where they are folded, to a part of them, by default to the fullest."""
    screen = await tap(person, weeks, free_days(weeks)[day])
    folded = parts(screen)
    if not folded:
        return screen
    counts = {each: int(text.partition("(")[2].rstrip(")")) for each, text in folded.items()}
    return await tap(person, screen, folded[part or max(counts, key=counts.__getitem__)])


async def choose_day(person: ChatUser, weeks: Json, *, apart_from: date | None = None) -> Json:
    """Go from weeks to the times of their last day with enough of them."""
    days = free_days(weeks)
    for day in sorted(days.keys() - {apart_from}, reverse=True):
        screen = await open_day(person, weeks, day)
        if len(free_times(screen)) >= FEWEST_TIMES:
            return screen
        weeks = await tap(person, screen, "« Back")
    raise AssertionError(f"no day of {sorted(days)} has {FEWEST_TIMES} free times")


async def choose_time(
    person: ChatUser, weeks: Json, *, time: int = 0, apart_from: date | None = None
) -> Step:
    """Go from weeks to the summary: by default to such a day's first time."""
    screen = await choose_day(person, weeks, apart_from=apart_from)
    times = free_times(screen)
    start = sorted(times)[time]
    return Step(await tap(person, screen, times[start]), start)


async def choose(person: ChatUser, service: str = HAIRCUT, who: str = ANYONE) -> Step:
    """Go from /start to the summary."""
    menu = await open_menu(person)
    return await choose_time(person, await choose_weeks(person, menu, service, who))


async def book(person: ChatUser, service: str = HAIRCUT, who: str = ANYONE) -> Step:
    """Go all the way; return the card, with the calendar file in the chat."""
    summary = await choose(person, service, who)
    card = await tap(person, summary.screen, "Confirm")
    await person.wait_event("message", lambda event: "document" in event["message"])
    return Step(card, summary.start)
