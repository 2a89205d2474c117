"""People who book: as many lanes as specialists, each with one person after the other."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count

from shared.contracts.booking import ShowMonth
from tests.client import ChatUser, ClientApi, Json, buttons
from tests.e2e import walk

SPECIALISTS = 16
SERVICE = "Haircut"
FIRST_PERSON = 700_001
PATIENCE = 120.0
"""Longer than any part is away."""


def business() -> str:
    """Write the business file: enough specialists and hours for thousands of visits."""
    people = "\n".join(
        f"  - {{name: {name(number)}, services: [{SERVICE}], hours: {{mon-sun: ['06:00-22:00']}}}}"
        for number in range(SPECIALISTS)
    )
    return (
        "business: {name: Smoke & Co, timezone: UTC, currency: EUR, language: en}\n"
        f"services:\n  - {{name: {SERVICE}, duration: 15m, price: 35, step: 15m, min_notice: 1h, "
        "horizon: 70d, cancel_until: 1h, reminders: [2h]}\n"
        f"specialists:\n{people}\nroles: {{owner: [1000], admin: []}}\n"
    )


def name(number: int) -> str:
    """Name a specialist."""
    return f"Specialist {number + 1:02}"


@dataclass
class Crowd:
    """Everyone who has booked, and everyone who is about to."""

    api: ClientApi
    booked: list[int] = field(default_factory=list)
    _numbers: "count[int]" = field(default_factory=lambda: count(FIRST_PERSON))

    async def book(self, bookings: int) -> None:
        """Book so many visits, in all lanes at once."""
        async with asyncio.TaskGroup() as lanes:
            for number, share in enumerate(_shares(bookings)):
                lanes.create_task(self._lane(number, share))

    async def book_until(self, done: asyncio.Event) -> None:
        """Book for as long as something else takes."""
        async with asyncio.TaskGroup() as lanes:
            for number in range(SPECIALISTS):
                lanes.create_task(self._lane(number, None, done))

    async def _lane(self, number: int, share: int | None, done: asyncio.Event | None = None) -> None:
        made = 0
        while made != share and not (done and done.is_set()):
            customer = await self.api.user(next(self._numbers), "Quill")
            await book(customer, name(number))
            self.booked.append(customer.number)
            made += 1


async def book(person: ChatUser, specialist: str) -> None:
    """Go from /start to the card and its calendar file, however long each step takes.

    A show that an outage cut short runs again, so that a screen may come twice: each step waits for its own.
    """
    await person.say("/start")
    screen = await person.wait_message(button="Book a visit", seconds=PATIENCE)
    screen = await _tap(person, screen, "Book a visit", lambda found: SERVICE in buttons(found))
    screen = await _tap(person, screen, SERVICE, lambda found: specialist in buttons(found))
    screen = await _tap(person, screen, specialist, lambda found: walk.OTHER_DAYS in buttons(found))
    weeks = await _tap(person, screen, walk.OTHER_DAYS, _has_weeks)
    screen = await _tap(
        person,
        weeks,
        walk.turned(weeks),
        lambda found: _has_weeks(found) and found["reply_markup"] != weeks["reply_markup"],
    )
    days = walk.free_days(screen)
    screen = await _tap(person, screen, days[min(days)], lambda found: _has_times(found) or walk.parts(found))
    for part in list(walk.parts(screen).values())[:1]:
        screen = await _tap(person, screen, part, _has_times)
    times = walk.free_times(screen)
    screen = await _tap(person, screen, times[min(times)], lambda found: "Confirm" in buttons(found))
    await person.press_only("Confirm", screen)
    await person.wait_event("message", lambda event: "document" in event["message"], seconds=PATIENCE)


async def _tap(person: ChatUser, screen: Json, button: str, fits: Callable[[Json], object]) -> Json:
    await person.press_only(button, screen)

    def is_next(event: Json) -> bool:
        message = event["message"]
        return bool(message["message_id"] == screen["message_id"] and fits(message))

    edited: Json = (await person.wait_event("edit", is_next, seconds=PATIENCE))["message"]
    return edited


def _has_weeks(screen: Json) -> bool:
    return any(key.text == "›" and isinstance(key.command, ShowMonth) for key in walk.keys(screen))


def _has_times(screen: Json) -> bool:
    return bool(walk.free_times(screen)) and walk.OTHER_DAYS not in buttons(screen)


def _shares(bookings: int) -> Sequence[int]:
    return [len(range(number, bookings, SPECIALISTS)) for number in range(SPECIALISTS)]
