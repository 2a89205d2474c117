"""Promises about bookings, made ready: read when they are sent, so that they say what is true then."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from shared.clock import Clock
from shared.i18n.translator import Translator, Translators
from shared.models.delivery import Outbox
from shared.models.people import Person
from shared.telegram.client import Upload
from worker.booking import notices, records, views
from worker.booking.calendar_file import calendar_file
from worker.booking.details import Details, load
from worker.delivery.deliverer import Kind, Parcel
from worker.delivery.messenger import Messenger
from worker.replies import View


@dataclass(frozen=True, slots=True)
class Silent:
    """A parcel that only changes what is in the chat."""

    async def settle(self, session: AsyncSession, message_id: int | None) -> None:
        """Leave no trace."""


@dataclass(frozen=True, slots=True)
class Card:
    """The living card."""

    chat_id: int
    message_id: int | None
    booking_id: int
    view: View

    async def send(self, messenger: Messenger) -> int | None:
        """Show it where the customer tapped."""
        return await messenger.show(self.chat_id, self.message_id, self.view)

    async def settle(self, session: AsyncSession, message_id: int | None) -> None:
        """Remember where it is shown."""
        if message_id is not None:
            await records.note_card(session, self.booking_id, message_id)


@dataclass(frozen=True, slots=True)
class Refresh(Silent):
    """The card's earlier message, brought up to date."""

    chat_id: int
    message_id: int
    view: View

    async def send(self, messenger: Messenger) -> int | None:
        """Edit it if it is still there."""
        await messenger.refresh(self.chat_id, self.message_id, self.view)
        return self.message_id


@dataclass(frozen=True, slots=True)
class Message(Silent):
    """A message of its own: a reminder, a notice."""

    chat_id: int
    view: View

    async def send(self, messenger: Messenger) -> int | None:
        """Send it."""
        return await messenger.send(self.chat_id, self.view)


@dataclass(frozen=True, slots=True)
class CalendarFile:
    """The .ics file; an earlier one goes once the new one is there."""

    chat_id: int
    booking_id: int
    upload: Upload
    caption: str
    replaces: int | None

    async def send(self, messenger: Messenger) -> int | None:
        """Send it and take the earlier one away."""
        message_id = await messenger.send_file(self.chat_id, self.upload, self.caption)
        if self.replaces is not None:
            await messenger.delete(self.chat_id, self.replaces)
        return message_id

    async def settle(self, session: AsyncSession, message_id: int | None) -> None:
        """Remember where it is."""
        if message_id is not None:
            await records.note_calendar(session, self.booking_id, message_id)


@dataclass(frozen=True, slots=True)
class Withdrawal(Silent):
    """A calendar file that is no longer true."""

    chat_id: int
    message_id: int

    async def send(self, messenger: Messenger) -> int | None:
        """Take it away."""
        await messenger.delete(self.chat_id, self.message_id)
        return None


class BookingKinds:
    """Makes parcels of what `worker.booking.records` promises."""

    def __init__(self, translators: Translators, clock: Clock) -> None:
        self._translators = translators
        self._clock = clock

    def by_name(self) -> dict[str, Kind]:
        """Return what makes each kind of promise ready."""
        return {
            records.CARD: self._card,
            records.REFRESH: self._refresh,
            records.CALENDAR: self._calendar,
            records.WITHDRAW: self._withdrawal,
            records.REMINDER: self._reminder,
            records.NOTICE: self._notice,
        }

    async def _card(self, session: AsyncSession, row: Outbox) -> Parcel | None:
        details = await _details(session, row)
        if details is None or details.version != row.payload["version"]:
            return None  # the newer version's own card says it
        return Card(row.chat_id, row.payload["message_id"], details.id, self._view(details))

    async def _refresh(self, session: AsyncSession, row: Outbox) -> Parcel | None:
        details = await _details(session, row)
        return (
            None if details is None else Refresh(row.chat_id, row.payload["message_id"], self._view(details))
        )

    async def _calendar(self, session: AsyncSession, row: Outbox) -> Parcel | None:
        details = await _details(session, row)
        if details is None or details.version != row.payload["version"] or not details.is_live:
            return None
        texts = self._texts(details)
        upload = calendar_file(texts, details, self._clock.now())
        caption = texts.text("For your calendar.")
        return CalendarFile(row.chat_id, details.id, upload, caption, row.payload["replaces"])

    async def _withdrawal(self, _: AsyncSession, row: Outbox) -> Parcel | None:
        return Withdrawal(row.chat_id, row.payload["message_id"])

    async def _reminder(self, session: AsyncSession, row: Outbox) -> Parcel | None:
        details = await _details(session, row)
        if details is None or details.version != row.payload["version"] or not details.is_live:
            return None
        return Message(row.chat_id, notices.reminder(self._texts(details), details))

    async def _notice(self, session: AsyncSession, row: Outbox) -> Parcel | None:
        details = await _details(session, row)
        person = await session.scalar(select(Person).where(Person.id == row.chat_id))
        if details is None or person is None or not person.reachable:
            return None  # this specialist does not use the bot
        texts = self._translators.choose(person.language, person.language_hint)
        was = row.payload["was"]
        moved_from = None if was is None else datetime.fromisoformat(was)
        return Message(row.chat_id, notices.for_specialist(texts, details, row.payload["what"], moved_from))

    def _texts(self, details: Details) -> Translator:
        return self._translators.choose(details.customer_language)

    def _view(self, details: Details) -> View:
        return views.card(self._texts(details), details, self._clock.now())


async def _details(session: AsyncSession, row: Outbox) -> Details | None:
    return None if row.booking_id is None else await load(session, row.booking_id)
