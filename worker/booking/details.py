"""A booking with everything that cards, files and agendas say about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final, Self

from sqlalchemy import ColumnElement, bindparam, func, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from worker.db.engine import AnyRow, fetch
from worker.db.models.booking import LIVE, Booking, Status
from worker.db.models.catalogue import Business, Location, Service, Specialist
from worker.db.models.people import Person

MOST = 1000
"""More than any message shows."""


# Built once: each message about a booking asks it. Of plain columns: the ORM's classes would double its CPU.
_EVERYTHING: Final = (
    select(
        Booking.id,
        Booking.version,
        Booking.status,
        Booking.during,
        Booking.price,
        Booking.currency,
        Booking.card_copies,
        Booking.card_message_id,
        Booking.calendar_message_id,
        Booking.attending_at,
        Service.id.label("service_id"),
        Service.name.label("service"),
        Service.cancel_until,
        Service.reminders,
        Specialist.id.label("specialist_id"),
        Specialist.name.label("specialist"),
        Specialist.telegram_id,
        Person.id.label("customer_id"),
        Person.first_name,
        Person.last_name,
        Person.language,
        Person.language_hint,
        Person.reachable,
        Business.name.label("business"),
        Business.timezone,
        Business.language.label("language_here"),
        Location.name.label("place"),
        Location.address,
        Location.latitude,
        Location.longitude,
    )
    .select_from(Booking)
    .join(Service, Service.id == Booking.service_id)
    .join(Specialist, Specialist.id == Booking.specialist_id)
    .join(Person, Person.id == Booking.customer_id)
    .join(Business, Business.id == 1)
    .outerjoin(Location, Location.id == Booking.location_id)
)
_ONE: Final = _EVERYTHING.where(Booking.id == bindparam("booking_id"))
_ONE_LOCKED: Final = _ONE.with_for_update(of=Booking)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the visit happens."""

    name: str
    address: str
    latitude: float | None
    longitude: float | None

    @classmethod
    def of(cls, location: Location | None) -> Self | None:
        """Take it from the table, where the business has said where it is."""
        return (
            None
            if location is None
            else cls(location.name, location.address, location.latitude, location.longitude)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What the promises about a booking go by. Instants are in UTC."""

    id: int
    version: int
    customer_id: int
    start: datetime
    specialist_id: int
    specialist_telegram_id: int | None
    reminders: Sequence[timedelta]
    copies: Sequence[int]
    """The messages that show it, the newest last."""
    calendar_message_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Details(Visit):
    """What is known of one booking."""

    status: Status
    service_id: int
    service: str
    specialist: str
    customer: str
    customer_languages: Sequence[str | None]
    """What they would like to be spoken to in, the best first; the last is the business's own."""
    end: datetime
    price: Decimal
    currency: str
    place: Place | None
    cancel_until: timedelta
    business: str
    timezone: str
    customer_reachable: bool = True
    attending: bool = False
    """Whether the customer has said that they will be there."""

    @property
    def is_live(self) -> bool:
        """Whether the visit still stands."""
        return self.status in LIVE

    @property
    def change_until(self) -> datetime:
        """The last instant at which the customer may move or cancel."""
        return self.start - self.cancel_until


async def load(session: AsyncSession, booking_id: int, *, lock: bool = False) -> Details | None:
    """Load one booking; with `lock`, nobody else changes it before this transaction ends."""
    found = await fetch(session, _ONE_LOCKED if lock else _ONE, {"booking_id": booking_id})
    return _details(found[0]) if found else None


async def load_own(
    session: AsyncSession, booking_id: int, customer_id: int, *, lock: bool = False
) -> Details | None:
    """Load one booking of this customer's; None where it is somebody else's too."""
    details = await load(session, booking_id, lock=lock)
    return details if details is not None and details.customer_id == customer_id else None


async def find_own(
    session: AsyncSession, customer_id: int, service_id: int, start: datetime
) -> list[Details]:
    """Load the customer's own visits of this service at this very start: a second tap finds the first's."""
    return await _load(session, *_own(customer_id, service_id, start))


def _own(customer_id: int, service_id: int, start: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        Booking.status.in_(LIVE),
        Booking.customer_id == customer_id,
        Booking.service_id == service_id,
        func.lower(Booking.during) == start,
    )


async def load_upcoming(session: AsyncSession, customer_id: int, now: datetime) -> list[Details]:
    """Load a customer's visits that have not ended, soonest first."""
    return await _load_live(session, Booking.customer_id == customer_id, func.upper(Booking.during) > now)


async def load_between(
    session: AsyncSession, begin: datetime, end: datetime, specialist_id: int | None, now: datetime
) -> list[Details]:
    """Load the visits that begin in a stretch of time: one specialist's, or everyone's."""
    # Those that are done are in no index: they are looked for only where there can be any.
    statuses = LIVE if begin > now - timedelta(days=1) else (*LIVE, Status.DONE)
    start = func.lower(Booking.during)
    own = () if specialist_id is None else (Booking.specialist_id == specialist_id,)
    near = Booking.busy.overlaps(Range(begin, end))
    return await _load(session, Booking.status.in_(statuses), near, start >= begin, start < end, *own)


async def _load_live(session: AsyncSession, *conditions: ColumnElement[bool]) -> list[Details]:
    return await _load(session, Booking.status.in_(LIVE), *conditions)


async def _load(session: AsyncSession, *conditions: ColumnElement[bool]) -> list[Details]:
    statement = _EVERYTHING.where(*conditions).order_by(func.lower(Booking.during), Booking.id).limit(MOST)
    return [_details(row) for row in await fetch(session, statement, {})]


def copies_of(copies: Sequence[int] | None, card_message_id: int | None) -> list[int]:
    """Return the messages that show a card, also of one that a release noted which knew but one."""
    if copies is None:
        return [] if card_message_id is None else [card_message_id]
    return list(copies)


def _details(row: AnyRow) -> Details:
    start, end = row.during.lower, row.during.upper
    if start is None or end is None:
        raise ValueError(f"booking {row.id} has no beginning or no end")
    return Details(
        id=row.id,
        version=row.version,
        status=Status(row.status),
        service_id=row.service_id,
        service=row.service,
        specialist_id=row.specialist_id,
        specialist=row.specialist,
        specialist_telegram_id=row.telegram_id,
        customer_id=row.customer_id,
        customer=" ".join(filter(None, (row.first_name, row.last_name))),
        customer_languages=(row.language, row.language_hint, row.language_here),
        start=start,
        end=end,
        price=row.price,
        currency=row.currency,
        place=_place(row),
        cancel_until=timedelta(minutes=row.cancel_until),
        reminders=[timedelta(minutes=offset) for offset in row.reminders],
        business=row.business,
        timezone=row.timezone,
        copies=copies_of(row.card_copies, row.card_message_id),
        calendar_message_id=row.calendar_message_id,
        customer_reachable=row.reachable,
        attending=row.attending_at is not None,
    )


def _place(row: AnyRow) -> Place | None:
    return None if row.place is None else Place(row.place, row.address, row.latitude, row.longitude)
