"""The people of one contender: they tap, and what comes back to them is timed at Telegram.

Of seven taps on the way to a visit on another day six only show something; so here: six days' free times, a
booking. Everybody's bookings are spread over four weeks of a hundred specialists.
"""

import asyncio
import time
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Literal

from sandbox.emulator import acting
from sandbox.emulator.world import Bot
from shared.buttons import pack
from shared.contracts.base import Command
from shared.contracts.booking import Book, ShowDay
from tests.benchmarks.contenders import NUMBERS
from tests.benchmarks.system import FIRST_PERSON, SPECIALISTS, Bench, Json, token

SHOWN_FOR_A_BOOKING = 6
FIRST_DAY, DAYS, TIMES = 2, 28, 36
STRIDE = 34_567  # shares no factor with the number of slots: it meets each once
OPENS, STEP = timedelta(hours=9), timedelta(minutes=15)
REPLIES = frozenset({"editMessageText", "sendMessage"})
SCREEN = {"inline_keyboard": [[{"text": "Book a visit", "callback_data": "s"}]]}

type Kind = Literal["show", "book"]


@dataclass(slots=True)
class Tap:
    """A tap, and when it was answered; instants are the emulator's, in Unix seconds."""

    kind: Kind
    person: int
    made_at: float
    late: float = 0.0
    """How long after its moment the load made it."""
    done: "asyncio.Future[float] | None" = None
    replied_at: float | None = None

    @property
    def milliseconds(self) -> float | None:
        """How long the reply took."""
        return None if self.replied_at is None else (self.replied_at - self.made_at) * 1000


@dataclass(slots=True)
class Person:
    """Somebody with one message to tap on."""

    number: int
    message_id: int
    waiting: deque[Tap] = field(default_factory=deque)
    visits: set[datetime] = field(default_factory=set)
    """When they have a visit already: nobody can be with two specialists at the same time."""


class Crowd:
    """Many people with one bot. Service and specialists have the ids that a new database gives them."""

    def __init__(self, bench: Bench, name: str) -> None:
        self._emulator = bench.emulator
        self.bot: Bot = bench.emulator.by_token[token(NUMBERS[name])]
        self._today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        self._slots, self._days, self._taps = count(), count(), count()
        self.people = {number: self._invite(number) for number in _numbers(bench.scale.people)}
        self._idle: deque[Person] = deque(self.people.values())
        self.calls = 0
        self.refused = 0
        bench.calls.listeners[self.bot.id] = self._heard

    def _invite(self, number: int) -> Person:
        world = self._emulator.world
        world.users.setdefault(
            number,
            {"id": number, "is_bot": False, "first_name": "Quill", "language_code": "en"},
        )
        chat = world.chat(self.bot, number)
        chat.started = True
        message = self._emulator.post(self.bot, chat, {"text": "Hello"}, SCREEN)
        return Person(number, message.id)

    @property
    def waiting(self) -> int:
        """How many taps have no reply yet."""
        return sum(len(person.waiting) for person in self.people.values())

    def forget(self) -> None:
        """Wait for nothing any more."""
        for person in self.people.values():
            person.waiting.clear()
        self._idle = deque(self.people.values())

    def tap(self) -> Tap:
        """Let the next idle person make the next tap of the mix."""
        book = next(self._taps) % (SHOWN_FOR_A_BOOKING + 1) == SHOWN_FOR_A_BOOKING
        return self.book() if book else self.show()

    def show(self) -> Tap:
        """Ask for a day's free times."""
        return self._press(self._next_person(), "show", self.look())

    def look(self) -> ShowDay:
        """Return the next day to look at."""
        turn = next(self._days)
        day = (self._today + timedelta(days=FIRST_DAY + turn % DAYS)).date()
        return ShowDay(service_id=1, specialist_id=1 + turn % SPECIALISTS, day=day)

    def book(self) -> Tap:
        """Confirm a visit at a time that nobody has taken, and at which this person has no other.

        Of those Bellhop shows the one there is, which a chat that shows it already refuses as not modified.
        """
        person = self._next_person()
        wish = self.wish()
        while wish.start in person.visits:
            wish = self.wish()
        person.visits.add(wish.start)
        return self._press(person, "book", wish)

    def wish(self) -> Book:
        """Return a visit that is free."""
        day, rest = divmod(next(self._slots) * STRIDE % (DAYS * TIMES * SPECIALISTS), TIMES * SPECIALISTS)
        specialist, slot = divmod(rest, TIMES)
        start = self._today + timedelta(days=FIRST_DAY + day) + OPENS + slot * STEP
        return Book(service_id=1, specialist_id=1 + specialist, start=start)

    def _next_person(self) -> Person:
        return self._idle.popleft() if self._idle else next(iter(self.people.values()))

    def _press(self, person: Person, kind: Kind, command: Command) -> Tap:
        button = {"callback_data": pack(command)}
        made_at = time.time()
        acting.press(self._emulator, self.bot, person.number, person.message_id, button)
        tap = Tap(kind, person.number, made_at)
        person.waiting.append(tap)
        return tap

    def _heard(self, call: Json) -> None:
        """Take a call for the reply to the oldest tap of its chat, where it is one."""
        self.calls += 1
        self.refused += call["status"] != 200
        if call["method"] not in REPLIES or call["status"] != 200:
            return
        person = self.people.get(call["chat_id"])
        if person is None or not person.waiting:
            return
        tap = person.waiting.popleft()
        tap.replied_at = call["at"]
        if tap.done is not None and not tap.done.done():
            tap.done.set_result(call["at"])
        if not person.waiting:
            self._idle.append(person)


def _numbers(people: int) -> range:
    return range(FIRST_PERSON, FIRST_PERSON + people)


def crowd(bench: Bench, name: str) -> Crowd:
    """Return a contender's people, the same ones each time."""
    key = f"crowd {name}"
    if key not in bench.made:
        bench.made[key] = Crowd(bench, name)
    found: Crowd = bench.made[key]
    return found
