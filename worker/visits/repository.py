"""Visits as they stand, and what is written to them beside their time (worker.placement writes that)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    DateTime,
    TextualSelect,
    and_,
    bindparam,
    column,
    text,
)
from sqlalchemy.ext.asyncio import AsyncSession

from shared.envelope import NOBODY
from worker.db import locks
from worker.db.engine import AnyRow, fetch
from worker.db.models.booking import BOOKED, IS_BOOKED, Awaited, Booking, KeptFor, Mark, Status
from worker.db.scope import BUSINESS_ID, scope
from worker.deposit import DEPOSIT_TERMS, DepositTerms, PaidDeposit
from worker.price import Price
from worker.ui.deadlines import Deadlines
from worker.ui.names import shown_name
from worker.visits.answers import ASKS, STORED_ANSWERS, VisitAnswer, answers_of
from worker.visits.changing import EXPLAINABLE, IN_SWAP, MOVES_LEFT, WANTS_EARLIER
from worker.visits.columns import minutes, offsets
from worker.visits.deposits import PAID_DEPOSIT
from worker.visits.parts import GOES_ON, REPEATABLE, STORED_PARTS, VisitPart, WithParts, parts_of
from worker.visits.place import Place
from worker.visits.seats import BOOKED_SERVICE, PLACES

MOST: Final = 5000
"""More than anybody turns pages for."""
UNREACHABLE: Final = "unreachable"


def _stored(sql: str, read: Callable[[Any], Any] | None = None) -> Any:  # noqa: ANN401 - a field of any type
    """Declare a field with the SQL that yields it, and how its value is read."""
    return field(metadata={"sql": sql, "read": read})


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit(WithParts):
    """A booking with everything that cards, files, promises and agendas say about it. Instants are UTC."""

    id: int = _stored("booking.id")
    version: int = _stored("booking.version")
    status: Status = _stored("booking.status", Status)
    start: datetime = _stored("lower(booking.during)")
    end: datetime = _stored("upper(booking.during)")
    service_id: int = _stored("service.id")
    service: str = _stored(BOOKED_SERVICE)
    """Its name as it shows, with how many places are booked of it, where they are several."""
    specialist_id: int = _stored("specialist.id")
    specialist: str = _stored("specialist.name")
    specialist_telegram_id: int | None = _stored("specialist.telegram_id")
    specialist_active: bool = _stored("specialist.active")
    specialist_reached: bool = _stored("specialist.active AND staff.id IS NOT NULL")
    customer_id: int = _stored("person.id")
    customer: str = _stored("ARRAY[person.first_name, person.last_name, person.username]", shown_name)
    """Their name as it shows; empty where none does."""
    customer_username: str | None = _stored("person.username")
    customer_languages: Sequence[str | None] = _stored(
        "ARRAY[person.language, person.language_hint, business.language]"
    )
    """What they would like to be spoken to in, the best first; the last is the business's own."""
    customer_reachable: bool = _stored("person.reachable")
    customer_phone: str | None = _stored("person.phone")
    """Their phone number in E.164, where staff wrote it down."""
    staff_note: str | None = _stored("person.staff_note")
    """What the staff notes of the customer; nobody else reads it."""
    price: Price | None = _stored("booking.price", Price.of)
    """What was agreed when it was booked; None where nothing was said."""
    currency: str = _stored("booking.currency")
    location_id: int | None = _stored("booking.location_id")
    place: Place | None = _stored(
        "CASE WHEN location.id IS NOT NULL THEN ARRAY[location.name, location.address,"
        " location.latitude::text, location.longitude::text] END",
        Place.of,
    )
    cancel_until: timedelta = _stored("service.cancel_until", minutes)
    move_until: timedelta = _stored("coalesce(service.move_until, service.cancel_until)", minutes)
    reminders: Sequence[timedelta] = _stored("service.reminders", offsets)
    business: str = _stored("business.name")
    contact: str = _stored("business.contact")
    """Whom to call where it is too late to do it here; empty where the business names nobody."""
    late_text: str = _stored("business.late_text")
    """What a customer reads besides, once it is too late to cancel; empty is nothing."""
    timezone: str = _stored("business.timezone")
    copies: Sequence[int] = _stored(
        "coalesce(booking.card_copies, array_remove(ARRAY[booking.card_message_id], NULL))"
    )
    """The messages that show it, the newest last."""
    calendar_uid: UUID = _stored("booking.calendar_uid")
    """What calendars know it by."""
    calendar_message_id: int | None = _stored("booking.calendar_message_id")
    kept_until: datetime | None = _stored("booking.kept_until")
    """When the hold is over, or the request lapses."""
    kept_for: KeptFor | None = _stored("booking.kept_for", lambda value: value and KeptFor(value))
    awaits: Awaited | None = _stored(
        "CASE WHEN booking.status = 'pending' THEN booking.awaits END",
        lambda value: value and Awaited(value),
    )
    """Whom a request waits for; None is those who work here."""
    moved: bool = _stored("booking.moved")
    """Whether it was moved to another time since it was booked."""
    outside: bool = _stored("booking.outside")
    """Whether staff booked it outside of the working hours."""
    attending: bool = _stored("booking.attending_at IS NOT NULL")
    """Whether the customer has said that they will be there."""
    asked_at: datetime | None = _stored("booking.asked_at")
    """When they were first asked, by a reminder."""
    confirm_until: timedelta | None = _stored("service.confirm_until", minutes)
    confirm_by: datetime | None = _stored("booking.confirm_by")
    """How long before it they have to have said so, if at all; and until when, as was agreed at booking."""
    late_by: timedelta | None = _stored("booking.late_minutes", minutes)
    """How late the customer said they would be."""
    arrived_at: datetime | None = _stored("booking.arrived_at")
    """When staff noted that the customer is here."""
    mark: Mark | None = _stored(
        "CASE WHEN booking.status IN ('done', 'no_show') THEN booking.status"
        " WHEN booking.arrived_at IS NOT NULL THEN coalesce(booking.outcome, 'arrived')"
        " ELSE booking.outcome END",
        lambda value: value and Mark(value),
    )
    """What staff noted last; of one that is over for a day, what came of it."""
    moves_left: int | None = _stored(MOVES_LEFT)
    """How often its customer may still move it; None is as often as they like."""
    notice: timedelta = _stored("service.min_notice", minutes)
    """So long before a time of its service nobody can book it any more."""
    wants_earlier: bool = _stored(WANTS_EARLIER)
    """Whether its customer has asked to be offered earlier times."""
    may_be_earlier: bool = _stored("business.earlier")
    """Whether the business lets its customers ask for that."""
    is_exchangeable: bool = _stored("business.swaps AND upper_inf(booking.seats) AND NOT booking.outside")
    """Whether it may be swapped at all: a place of a group, and what is outside of the hours, is not."""
    in_swap: bool = _stored(IN_SWAP)
    """Whether somebody was asked to swap its time, its own customer or another's."""
    explainable: bool = _stored(EXPLAINABLE)
    """Whether its customer cancelled it, or moved it late, and has not said why."""
    deposit_terms: DepositTerms | None = _stored(DEPOSIT_TERMS, DepositTerms.of)
    deposit: PaidDeposit | None = _stored(PAID_DEPOSIT, PaidDeposit.of)
    waived: bool = _stored("booking.waived")
    """Whether its customer was told that nobody is there for it: no deadline holds for them."""
    note: str | None = _stored("booking.note")
    """What the customer wants to be known before it."""
    places: int = _stored(PLACES)
    """Of a group; its customer may book `most_places` at once, for the `companions` that they named."""
    most_places: int = _stored("least(service.max_places, service.capacity)")
    companions: str | None = _stored("booking.companions")
    answers: Sequence[VisitAnswer] = _stored(STORED_ANSWERS, answers_of)
    """What the customer answered before they booked it."""
    is_asked_about: bool = _stored(ASKS)
    """Whether its service asks something before it is booked."""
    is_repeatable: bool = _stored(REPEATABLE)
    series_id: int | None = _stored("booking.series_id")
    """The first visit of the series it is one of."""
    max_series: int | None = _stored("service.max_series")
    parts: Sequence[VisitPart] = _stored(STORED_PARTS, parts_of)
    """What follows in it behind its first service, which all the fields above are about."""

    @property
    def is_live(self) -> bool:
        """Whether the visit still stands; what is held is none yet."""
        return self.status in BOOKED

    @property
    def is_by_phone(self) -> bool:
        """Whether its customer has no Telegram: nothing is sent to them, staff call."""
        return self.customer_id < NOBODY

    @property
    def deadlines(self) -> Deadlines:
        """Until when the customer may move and cancel: until it begins where nobody is there for it."""
        if self.waived:
            return Deadlines.before(self.start, timedelta(), timedelta())
        return self.deadlines_at(self.start)

    def deadlines_at(self, start: datetime) -> Deadlines:
        """Until when the customer could move and cancel it if it began at `start`."""
        return Deadlines.before(start, self.move_until, self.cancel_until)

    @property
    def listener(self) -> str:
        """Who reads what its customer says, by name: the business where its specialist is not reached."""
        return self.specialist if self.specialist_reached else self.business


_READERS: Final = {each.name: each.metadata["read"] for each in fields(Visit)}
_NAMES: Final = tuple(_READERS)
_VALUES: Final = itemgetter(*range(len(_NAMES)))
SELECTED: Final = ", ".join(f"{each.metadata['sql']} AS {each.name}" for each in fields(Visit))
"""A visit's fields, to be selected FROM_BOOKING."""
FROM_BOOKING: Final = """
    FROM booking
    JOIN business ON business.id = booking.business_id
    JOIN service ON service.business_id = booking.business_id AND service.id = booking.service_id
    JOIN specialist ON specialist.business_id = booking.business_id AND specialist.id = booking.specialist_id
    LEFT JOIN person AS staff ON staff.business_id = booking.business_id
        AND staff.id = specialist.telegram_id AND staff.reachable
    JOIN person ON person.business_id = booking.business_id AND person.id = booking.customer_id
    LEFT JOIN location ON location.business_id = booking.business_id AND location.id = booking.location_id
"""
"""What a visit's fields are of; `booking` may also be a statement of that name that writes the row."""


def visit_of(row: AnyRow) -> Visit:
    """Read a visit from a row of SELECTED."""
    return Visit(
        **{
            name: value if read is None else read(value)
            for (name, read), value in zip(_READERS.items(), _VALUES(row), strict=True)
        }
    )


def typed(sql: str, **types: Any) -> TextualSelect:  # noqa: ANN401 - SQLAlchemy's types and their classes
    """Make a statement that yields the business's visits; made once, it is not worked out for each run."""
    parameters = (bindparam(name, type_=each) for name, each in types.items())
    return text(sql).bindparams(BUSINESS_ID, *parameters).columns(*map(column, _NAMES))


_OWN: Final = f"SELECT {SELECTED} {FROM_BOOKING} WHERE booking.business_id = :business"


def _where(conditions: str, **types: Any) -> TextualSelect:  # noqa: ANN401 - the same
    order = f"ORDER BY lower(booking.during), booking.id LIMIT {MOST}"
    return typed(f"{_OWN} AND {conditions} {order}", **types)


_INSTANT: Final = DateTime(timezone=True)
_ONE: Final = typed(f"{_OWN} AND booking.id = :id AND booking.status <> 'held'", id=BigInteger)
_ONE_LOCKED: Final = typed(
    f"SELECT {SELECTED} {FROM_BOOKING} CROSS JOIN {locks.SHARED_BUSINESS}"
    " WHERE booking.business_id = :business AND booking.id = :id AND booking.status <> 'held'"
    " FOR UPDATE OF booking",
    id=BigInteger,
)
_SEVERAL: Final = typed(f"{_OWN} AND booking.id = ANY(:ids)", ids=ARRAY(BigInteger))
_UPCOMING: Final = _where(
    f"booking.{IS_BOOKED} AND booking.customer_id = :customer_id AND {GOES_ON}",
    customer_id=BigInteger,
    now=_INSTANT,
)
_AHEAD: Final = _where(
    f"(booking.{IS_BOOKED} OR booking.status = 'held' AND booking.kept_until > :now)"
    f" AND booking.customer_id = :customer_id AND booking.part_of IS NULL AND {GOES_ON}",
    customer_id=BigInteger,
    now=_INSTANT,
)


async def load(session: AsyncSession, booking_id: int, *, lock: bool = False) -> Visit | None:
    """Load one visit, which no hold is yet.

    With `lock`, nobody else changes it or the business before this transaction ends.
    """
    found = await fetch(session, _ONE_LOCKED if lock else _ONE, {"id": booking_id})
    return visit_of(found[0]) if found else None


async def load_several(session: AsyncSession, booking_ids: Sequence[int]) -> list[Visit]:
    """Load visits by their ids."""
    return [visit_of(row) for row in await fetch(session, _SEVERAL, {"ids": list(booking_ids)})]


async def load_own(
    session: AsyncSession, booking_id: int, customer_id: int, *, lock: bool = False
) -> Visit | None:
    """Load one visit of this customer's; None where it is somebody else's, too."""
    visit = await load(session, booking_id, lock=lock)
    return visit if visit is not None and visit.customer_id == customer_id else None


async def load_upcoming(session: AsyncSession, customer_id: int, now: datetime) -> list[Visit]:
    """Load a customer's visits that have not ended, soonest first."""
    own = {"customer_id": customer_id, "now": now}
    return [visit_of(row) for row in await fetch(session, _UPCOMING, own)]


async def load_ahead(session: AsyncSession, customer_id: int, now: datetime) -> list[Visit]:
    """Load a customer's visits that have not ended, and what is held for them, soonest first."""
    own = {"customer_id": customer_id, "now": now}
    return [visit_of(row) for row in await fetch(session, _AHEAD, own)]


def is_booking(session: AsyncSession, booking_id: int) -> ColumnElement[bool]:
    """Say of which row something is written."""
    return and_(Booking.business_id == scope(session), Booking.id == booking_id)
