"""Promises about bookings, made ready: read when they are sent, so that they say what is true then."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from shared.clock import Clock
from shared.i18n.translator import Translator, Translators
from shared.telegram.client import Upload
from worker.booking import copies, notices, records, repository, views
from worker.booking.calendar_file import calendar_file
from worker.booking.details import Details, load
from worker.db.models.delivery import State
from worker.db.models.people import Person
from worker.outbox import repository as outbox
from worker.outbox.deliverer import Kind, Parcel
from worker.outbox.messenger import Messenger
from worker.outbox.repository import Promise
from worker.ui.view import View


@dataclass(frozen=True, slots=True)
class Rendering:
    """What a message about a booking was made from: a version of the booking, for a row."""

    row: Promise
    booking_id: int
    version: int
    at: datetime

    async def catch_up(self, session: AsyncSession, message_id: int | None) -> None:
        """Promise the message the newer view, where the booking changed while this one was on its way."""
        if message_id is None or await repository.is_current(session, self.booking_id, self.version):
            return
        await self.promise_newer(session, message_id)

    async def promise_newer(self, session: AsyncSession, message_id: int) -> None:
        """Promise that the message becomes what the booking is now."""
        await records.promise_catch_up(session, self.row, self.booking_id, message_id, self.at)

    async def give_up(self, session: AsyncSession) -> None:
        """Note on the booking that its customer is out of reach."""
        await repository.note_unreachable(session, self.booking_id, self.at)


@dataclass(frozen=True, slots=True)
class Silent:
    """A parcel that only changes what is in the chat."""

    async def settle(self, session: AsyncSession, message_id: int | None) -> None:
        """Leave no trace."""

    async def give_up(self, session: AsyncSession) -> None:
        """Leave no trace."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A view of a booking for its customer; `message_id` is the message that becomes it.

    It follows the booking from then on: nobody reads of a time that is no longer theirs.
    """

    of: Rendering
    message_id: int | None
    view: View
    confirms: ClassVar[bool] = False
    """Whether it is what confirms a version to its customer."""

    async def send(self, messenger: Messenger) -> int | None:
        """Show it where the customer tapped, else in a message of its own."""
        return await messenger.show(self.of.row.chat_id, self.message_id, self.view)

    async def settle(self, session: AsyncSession, message_id: int | None) -> None:
        """Remember where it is shown, and see whether it is still how things stand."""
        if message_id is None:
            return
        of = self.of
        shown = repository.Copy(of.booking_id, message_id, of.version, confirms=self.confirms)
        if not await copies.note(session, of.row.chat_id, shown, of.at):
            await of.promise_newer(session, message_id)

    async def give_up(self, session: AsyncSession) -> None:
        """Note that the customer is out of reach."""
        await self.of.give_up(session)


@dataclass(frozen=True, slots=True)
class Card(Shown):
    """The living card."""

    confirms: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class Edit(Silent):
    """What a message of earlier becomes."""

    chat_id: int
    message_id: int
    view: View

    async def send(self, messenger: Messenger) -> int | None:
        """Edit it if it is still there."""
        await messenger.refresh(self.chat_id, self.message_id, self.view)
        return self.message_id


@dataclass(frozen=True, slots=True)
class Refresh(Edit):
    """A message that showed the booking earlier, brought up to date."""

    of: Rendering

    async def settle(self, session: AsyncSession, message_id: int | None) -> None:
        """See whether it is still how things stand."""
        await self.of.catch_up(session, message_id)


@dataclass(frozen=True, slots=True)
class Message(Silent):
    """A message of its own: a notice."""

    chat_id: int
    view: View

    async def send(self, messenger: Messenger) -> int | None:
        """Send it."""
        return await messenger.send(self.chat_id, self.view)


@dataclass(frozen=True, slots=True)
class CalendarFile:
    """The .ics file."""

    of: Rendering
    upload: Upload
    caption: str

    async def send(self, messenger: Messenger) -> int | None:
        """Send it."""
        return await messenger.send_file(self.of.row.chat_id, self.upload, self.caption)

    async def settle(self, session: AsyncSession, message_id: int | None) -> None:
        """Remember where it is."""
        if message_id is not None:
            await repository.note_calendar(session, self.of.booking_id, message_id)

    async def give_up(self, session: AsyncSession) -> None:
        """Note that the customer is out of reach."""
        await self.of.give_up(session)


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
            copies.RETIRE: self._retired,
            records.CALENDAR: self._calendar,
            records.WITHDRAW: self._withdrawal,
            records.REMINDER: self._reminder,
            records.ATTENDING: self._attending,
            records.NOTICE: self._notice,
        }

    async def _card(self, session: AsyncSession, row: Promise) -> Parcel | None:
        details = await _details(session, row)
        if details is None:
            return None
        passed_on = await _passed_on(session, row)
        if details.version != row.payload["version"]:
            return None if passed_on else self._overtaken(row, details)
        message_id = None if passed_on else row.payload["message_id"]
        return Card(self._rendering(row, details), message_id, self._view(details))

    def _overtaken(self, row: Promise, details: Details) -> Parcel | None:
        """Leave it to the newer version's own card, unless this row may have been sent before, and late."""
        if not row.attempts or row.payload["message_id"] is None:
            return None
        return self._up_to_date(row, details)

    async def _refresh(self, session: AsyncSession, row: Promise) -> Parcel | None:
        details = await _details(session, row)
        if details is None or await _passed_on(session, row):
            return None
        return self._up_to_date(row, details)

    def _up_to_date(self, row: Promise, details: Details) -> Refresh:
        rendering = self._rendering(row, details)
        return Refresh(row.chat_id, row.payload["message_id"], self._view(details), rendering)

    async def _retired(self, session: AsyncSession, row: Promise) -> Parcel | None:
        details = await _details(session, row)
        if details is None or row.payload["message_id"] in details.copies:
            return None  # it shows the card again
        return Edit(row.chat_id, row.payload["message_id"], views.retired(self._texts(details)))

    async def _attending(self, session: AsyncSession, row: Promise) -> Parcel | None:
        details = await _details(session, row)
        if details is None:
            return None
        if details.version != row.payload["version"] or not details.is_live:
            return self._overtaken(row, details)
        view = notices.see_you(self._texts(details), details)
        return Shown(self._rendering(row, details), row.payload["message_id"], view)

    async def _calendar(self, session: AsyncSession, row: Promise) -> Parcel | None:
        details = await _details(session, row)
        if details is None or details.version != row.payload["version"] or not details.is_live:
            return None
        texts = self._texts(details)
        upload = calendar_file(texts, details, self._clock.now())
        caption = texts.text("For your calendar.")
        return CalendarFile(self._rendering(row, details), upload, caption)

    async def _withdrawal(self, _: AsyncSession, row: Promise) -> Parcel | None:
        return Withdrawal(row.chat_id, row.payload["message_id"])

    async def _reminder(self, session: AsyncSession, row: Promise) -> Parcel | State | None:
        details = await _details(session, row)
        if details is None or details.version != row.payload["version"] or not details.is_live:
            return None
        if details.start <= self._clock.now():
            return State.EXPIRED
        rendering = self._rendering(row, details)
        if not details.customer_reachable:
            await rendering.give_up(session)
            return State.FAILED
        return Shown(rendering, None, notices.reminder(self._texts(details), details))

    async def _notice(self, session: AsyncSession, row: Promise) -> Parcel | None:
        details = await _details(session, row)
        person = await session.scalar(select(Person).where(Person.id == row.chat_id))
        if details is None or person is None or not person.reachable:
            return None  # this specialist does not use the bot
        texts = self._translators.choose(
            person.language, person.language_hint, details.customer_languages[-1]
        )
        at, was = row.payload["at"], row.payload["was"]
        news = notices.News(
            row.payload["what"],
            datetime.fromisoformat(at),
            None if was is None else datetime.fromisoformat(was),
        )
        return Message(row.chat_id, notices.for_specialist(texts, details, news))

    def _rendering(self, row: Promise, details: Details) -> Rendering:
        return Rendering(row, details.id, details.version, self._clock.now())

    def _texts(self, details: Details) -> Translator:
        return self._translators.choose(*details.customer_languages)

    def _view(self, details: Details) -> View:
        return views.card(self._texts(details), details, self._clock.now())


async def _passed_on(session: AsyncSession, row: Promise) -> bool:
    """Tell whether a row that comes late finds its message given to another booking's card."""
    message_id = row.payload["message_id"]
    if message_id is None or not row.attempts:
        return False
    return await outbox.is_promised_later(session, row, records.CARD, message_id)


async def _details(session: AsyncSession, row: Promise) -> Details | None:
    return None if row.booking_id is None else await load(session, row.booking_id)
