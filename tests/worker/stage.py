"""The worker's use cases between a real PostgreSQL and a served emulator, on a clock that stands still."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from icalendar import Calendar
from sqlalchemy import select

from sandbox.emulator import acting
from shared.buttons import pack
from shared.contracts.base import Command
from shared.contracts.booking import Book
from shared.envelope import Actor, AnyCommand, Envelope, ReplyTo
from shared.telegram.client import TelegramClient
from tests.kit.promises import Promise, promised, promising
from tests.kit.wiring import WorkerParts, database_of, make_settings, wire
from tests.sandbox.emulator.driving import Telegram, config, running
from tests.worker.shop import ANNA, Shop, at
from worker.capabilities import HANDLERS
from worker.db.models.booking import Booking, BookingEvent
from worker.db.models.delivery import Outbox, ProcessedUpdate
from worker.db.models.people import Person
from worker.outbox.messenger import Messenger
from worker.runtime.capability import Handler
from worker.runtime.jobs.leases import NullLease
from worker.runtime.jobs.runner import JobContext

BOSS = 9001
CLAIM_OVER = timedelta(seconds=30)
"""After this nobody claims a promise that was not delivered at once."""


@dataclass
class Stage:
    """Everything from a command to what the customer sees."""

    shop: Shop
    telegram: Telegram
    client: TelegramClient
    parts: WorkerParts
    languages: dict[int, str] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    """What people are called who are not Anna."""
    _updates: "count[int]" = field(default_factory=lambda: count(1))

    # What people do

    async def meet(self, *people: int) -> None:
        """Let people start the bot, so that it may write to them."""
        for number in people:
            await self.telegram.started(number)

    def envelope(self, command: AnyCommand, person: int = ANNA, to: ReplyTo | None = None) -> Envelope:
        name, language = self.names.get(person, "Anna"), self.languages.get(person)
        actor = Actor(id=person, first_name=name, language_code=language)
        return Envelope(
            bot_id=self.shop.business_id,
            update_id=next(self._updates),
            received_at=self.shop.clock.now(),
            actor=actor,
            reply_to=to or ReplyTo(chat_id=person),
            command=command,
        )

    async def screen(self, person: int = ANNA) -> int:
        """Send the person a message to tap on; return its id."""
        sent = await self.client.call("sendMessage", {"chat_id": person, "text": "screen"})
        return int(sent["message_id"])

    async def tapped(self, command: AnyCommand, person: int = ANNA, message: int | None = None) -> Envelope:
        """Tap a button with this command under a message; return the envelope that comes of it."""
        message = message or await self.screen(person)
        emulator = self.telegram.emulator
        button = {"callback_data": pack(command)}
        query, _ = acting.press(emulator, emulator.bot(None), person, message, button)
        return self.envelope(command, person, ReplyTo(chat_id=person, message_id=message, callback_id=query))

    async def tap(self, command: AnyCommand, person: int = ANNA, message: int | None = None) -> "Answer":
        """Tap a button and have the command run; return what came of it."""
        envelope = await self.tapped(command, person, message)
        await self.run(envelope)
        return self.answer(envelope)

    async def run(self, envelope: Envelope, waited: float = 0.0) -> None:
        """Run a command as the queue does, which says for how many seconds it has waited."""
        context = JobContext(envelope.job_id, waited, NullLease())
        await self.parts.job.run(context, envelope.model_dump(mode="json"))

    async def type(self, command: AnyCommand, person: int = ANNA) -> str:
        """Have a typed command run; return the newest message's text."""
        await self.run(self.envelope(command, person))
        return self.texts(person)[-1]

    def answer(self, envelope: Envelope) -> "Answer":
        to = envelope.reply_to
        callback = self.telegram.emulator.world.callbacks[str(to.callback_id)]
        return Answer(
            callback.answer, int(to.message_id or 0), self.text(to.chat_id, int(to.message_id or 0))
        )

    async def book(
        self, clock: str = "10:00", days: int = 3, person: int = ANNA, service: str = "Cut",
        specialist: str | None = "Alice",
    ) -> int:  # fmt: skip
        """Book a visit in the chat; return its id."""
        answer = await self.tap(self.booking(clock, days, service, specialist), person)
        assert answer.toast == "Booked!", answer
        return (await self.newest()).id

    def booking(
        self, clock: str = "10:00", days: int = 3, service: str = "Cut", specialist: str | None = "Alice"
    ) -> Book:
        wish = self.shop.wish(service, specialist, clock, days)
        return Book(service_id=wish.service_id, specialist_id=wish.specialist_id, start=at(clock, days))

    # What there is afterwards

    def messages(self, person: int = ANNA) -> list[dict[str, Any]]:
        """Return what the bot has sent this person and what is still there."""
        emulator = self.telegram.emulator
        chat = emulator.world.chat(emulator.bot(None), person)
        return [each.api for each in chat.messages.values() if not each.outgoing and not each.deleted]

    def texts(self, person: int = ANNA) -> list[str]:
        return [each.get("text") or each.get("caption", "") for each in self.messages(person)]

    def text(self, person: int, message: int) -> str:
        return next(
            (each.get("text", "") for each in self.messages(person) if each["message_id"] == message), ""
        )

    def buttons(self, message: int, person: int = ANNA) -> dict[str, str | None]:
        """Return a message's buttons with their data."""
        [found] = [each for each in self.messages(person) if each["message_id"] == message]
        rows = found["reply_markup"]["inline_keyboard"]
        return {button["text"]: button.get("callback_data") for row in rows for button in row}

    def calendars(self, person: int = ANNA) -> list[Calendar]:
        """Return the calendar files in the chat, parsed."""
        files = [each["document"]["file_id"] for each in self.messages(person) if "document" in each]
        stored = self.telegram.emulator.world.files
        return [Calendar.from_ical(stored[file].data) for file in files]

    async def newest(self) -> Booking:
        async with self.shop.sessions() as session:
            found = await session.scalars(
                select(Booking)
                .where(Booking.business_id == self.shop.business_id)
                .order_by(Booking.id.desc())
                .limit(1)
            )
            return found.one()

    async def outbox(self, kind: str = "") -> Sequence[Outbox]:
        """Return the promises of a kind, in the order they were made."""
        async with self.shop.sessions() as session:
            rows = await session.scalars(
                select(Outbox).where(Outbox.business_id == self.shop.business_id).order_by(Outbox.id)
            )
            return [row for row in rows if row.kind.startswith(kind)]

    async def states(self, kind: str = "") -> list[tuple[str, str]]:
        return [(row.kind.partition(".")[2], row.state) for row in await self.outbox(kind)]

    async def promised(self, *expected: Promise, of: str | None = None) -> None:
        """Assert that just this is promised, of the kinds it names or those that begin with `of`."""
        await promised(self.shop.sessions, *expected, of=of)

    def promising(self, *expected: Promise, of: str | None = None) -> AbstractAsyncContextManager[None]:
        """Assert that just this is promised by what is done inside."""
        return promising(self.shop.sessions, *expected, of=of)

    async def events(self) -> list[str]:
        async with self.shop.sessions() as session:
            rows = await session.scalars(
                select(BookingEvent)
                .where(BookingEvent.business_id == self.shop.business_id)
                .order_by(BookingEvent.id)
            )
            return [row.kind for row in rows]

    async def processed(self) -> set[int]:
        async with self.shop.sessions() as session:
            return set(await session.scalars(select(ProcessedUpdate.update_id)))

    async def person(self, number: int = ANNA) -> Person:
        async with self.shop.sessions() as session:
            return await session.get_one(Person, (self.shop.business_id, number))

    # Time and faults

    async def advance(self, by: timedelta) -> None:
        """Let time pass, and the pollers look once."""
        self.shop.clock.advance(by)
        await self.parts.timers.run_once()
        await self.parts.poller.run_once()

    async def advance_to(self, moment: datetime) -> None:
        await self.advance(moment - self.shop.clock.now())

    async def fault(self, kind: str, method: str, **more: object) -> None:
        """Let the next call of a method go wrong."""
        await self.telegram.post("/faults", kind=kind, method=method, **{"count": 1, **more})

    async def calls(self, method: str) -> int:
        return len(await self.telegram.get("/calls", method=method))

    def figure(self, name: str, **labels: str) -> float:
        return self.parts.registry.get_sample_value(name, labels) or 0


@dataclass(frozen=True)
class Answer:
    """What came of a tap: the word on it, and the tapped message as it is now."""

    callback: dict[str, Any] | None
    message: int
    text: str

    @property
    def toast(self) -> str | None:
        return None if self.callback is None else self.callback.get("text")

    @property
    def alert(self) -> bool:
        return self.callback is not None and bool(self.callback.get("show_alert"))


@asynccontextmanager
async def on_stage(
    shop: Shop,
    handlers: Mapping[type[Command], Handler] = HANDLERS,
    **settings: Any,  # noqa: ANN401 - settings of every type
) -> AsyncIterator[Stage]:
    """Open a stage on the shop, with settings that differ from the tests' usual ones."""
    async with (
        running(config(limits_enabled=False)) as telegram,
        TelegramClient(telegram.token, telegram.url) as client,
        database_of(shop.sessions) as database,
    ):
        chosen = make_settings(admin_ids=frozenset({BOSS}), **settings)
        parts = wire(database, shop.clock, Messenger(client), settings=chosen, handlers=handlers)
        stage = Stage(shop, telegram, client, parts)
        await stage.meet(ANNA)
        yield stage
