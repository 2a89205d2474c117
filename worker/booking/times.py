"""The two statements that give a visit its time; each answers with what is to be promised about it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import BigInteger, Boolean, Text, TextualSelect, bindparam, column, text
from sqlalchemy.dialects.postgresql import INT4RANGE, TSTZRANGE, Range
from sqlalchemy.ext.asyncio import AsyncSession

from worker.booking.details import Visit, copies_of
from worker.db.engine import fetch
from worker.db.models.booking import IS_LIVE, Status


@dataclass(frozen=True, slots=True)
class NewVisit:
    """A visit that is not there yet."""

    customer_id: int
    currency: str
    alone: bool = False
    """Whether the customer may have no other visit of this service at that very start."""


@dataclass(frozen=True, slots=True)
class Time:
    """What a visit takes of whom."""

    service_id: int
    specialist_id: int
    seats: Range[int]
    during: Range[datetime]
    busy: Range[datetime]


_TYPES: Final = {
    "service_id": BigInteger,
    "specialist_id": BigInteger,
    "seats": INT4RANGE,
    "during": TSTZRANGE,
    "busy": TSTZRANGE,
}


_COLUMNS: Final = (
    *("id", "version", "customer_id", "specialist_id", "start"),
    *("card_copies", "card_message_id", "calendar_message_id", "reminders", "telegram_id"),
)


def _typed(statement: str, **types: Any) -> TextualSelect:  # noqa: ANN401 - SQLAlchemy's types and their classes
    parameters = (bindparam(name, type_=each) for name, each in {**_TYPES, **types}.items())
    return text(statement.format(**_OURS)).bindparams(*parameters).columns(*map(column, _COLUMNS))


# Said by the statement that writes: asking for it would be another round trip in each booking.
_VISIT: Final = """
    RETURNING booking.id, booking.version, booking.customer_id, booking.specialist_id,
        lower(booking.during) AS start, booking.card_copies, booking.card_message_id,
        booking.calendar_message_id,
        (SELECT service.reminders FROM service WHERE service.id = booking.service_id) AS reminders,
        (SELECT telegram_id FROM specialist WHERE specialist.id = booking.specialist_id) AS telegram_id
"""
_OURS: Final = {"visit": _VISIT, "is_live": IS_LIVE, "confirmed": Status.CONFIRMED}
"""What stands in the statements by name."""
# What the catalogue says, the price and the place, is looked up while the row is written.
_INSERT: Final = _typed(
    """
    INSERT INTO booking (
        service_id, specialist_id, location_id, customer_id, during, busy, seats, status, price, currency
    )
    SELECT service.id, :specialist_id,
        (SELECT location.id FROM location WHERE location.active
         ORDER BY location.position, location.id LIMIT 1),
        :customer_id, :during, :busy, :seats, '{confirmed}', service.price, :currency
    FROM service
    WHERE service.id = :service_id AND NOT (:alone AND EXISTS (
        SELECT FROM booking AS own
        WHERE own.{is_live} AND own.customer_id = :customer_id AND own.service_id = :service_id
            AND lower(own.during) = lower(:during)
    ))
    ON CONFLICT DO NOTHING
    {visit}
    """,
    customer_id=BigInteger,
    currency=Text,
    alone=Boolean,
)
_MOVE: Final = _typed(
    """
    UPDATE booking SET specialist_id = :specialist_id, during = :during, busy = :busy, seats = :seats,
        version = version + 1, attending_at = NULL
    WHERE booking.id = :booking_id AND booking.service_id = :service_id
    {visit}
    """,
    booking_id=BigInteger,
)


async def insert(session: AsyncSession, new: NewVisit, time: Time) -> Visit | None:
    """Write a new visit; None where another has its time, or the customer has this visit already."""
    about = {"customer_id": new.customer_id, "currency": new.currency, "alone": new.alone}
    return await _write(session, _INSERT, time, **about)


async def move(session: AsyncSession, booking_id: int, time: Time) -> Visit | None:
    """Write when a visit is now; None where there is none.

    Raises IntegrityError where another has its time.
    """
    return await _write(session, _MOVE, time, booking_id=booking_id)


async def _write(session: AsyncSession, statement: TextualSelect, time: Time, **more: object) -> Visit | None:
    values = {name: getattr(time, name) for name in _TYPES}
    rows = await fetch(session, statement, {**values, **more})
    if not rows:
        return None
    [row] = rows
    return Visit(
        id=row.id,
        version=row.version,
        customer_id=row.customer_id,
        start=row.start,
        specialist_id=row.specialist_id,
        specialist_telegram_id=row.telegram_id,
        reminders=[timedelta(minutes=offset) for offset in row.reminders],
        copies=copies_of(row.card_copies, row.card_message_id),
        calendar_message_id=row.calendar_message_id,
    )
