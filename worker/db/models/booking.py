"""Visits, and what happened to them."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, SmallInteger, Text, Uuid, text
from sqlalchemy.dialects.postgresql import (
    ARRAY,
    INT4RANGE,
    INT8MULTIRANGE,
    NUMRANGE,
    TSTZRANGE,
    ExcludeConstraint,
    Range,
)
from sqlalchemy.orm import Mapped, mapped_column

from worker.db.models.base import (
    IS_PRICE,
    Amounts,
    Base,
    BusinessColumn,
    CreatedAt,
    Instant,
    Json,
    Key,
    TelegramId,
    same_business,
)


class Status(StrEnum):
    """Where a booking stands, from hold to done."""

    HELD = "held"
    PENDING = "pending"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    DONE = "done"
    NO_SHOW = "no_show"


class KeptFor(StrEnum):
    """What a hold is for."""

    SUMMARY = "summary"
    """Its customer is just looking at the summary."""
    OFFER = "offer"
    """Its customer was offered the time and has not answered."""
    PAYMENT = "payment"
    """Its customer is paying."""
    PART = "part"
    """It is what follows in somebody's visit: it lasts as long as the visit stands."""
    GATHERING = "gathering"
    """It is a place of a booking together: of who has joined, or of nobody until somebody joins."""


class Awaited(StrEnum):
    """Whom a request waits for, where it is not those who work here."""

    CUSTOMER = "customer"
    """They were proposed another time than the one they asked for."""
    PAYMENT = "payment"
    """Everybody has agreed, and its deposit is to be paid."""


class Mark(StrEnum):
    """What staff note of a visit while it happens; its status follows when it is over."""

    ARRIVED = "arrived"
    DONE = "done"
    NO_SHOW = "no_show"


LIVE = (Status.HELD, Status.PENDING, Status.CONFIRMED)
IS_LIVE = "status IN ('held', 'pending', 'confirmed')"
"""What takes time of its specialist: the predicate of the constraints. A hold does so until it is over."""
BOOKED = (Status.PENDING, Status.CONFIRMED)
IS_BOOKED = "status IN ('pending', 'confirmed')"
"""What is a visit that stands; who only looks at a summary, or was offered a time, has none yet."""


class Booking(BusinessColumn, Base):
    """A visit. The database itself refuses two that cannot both happen.

    `seats` says what a booking takes of its specialist: the whole person (`[1,)`), or numbered seats
    of a group (`[3,4)`). Overlapping visits may not share a seat, and seats of overlapping visits must
    be of the same group: the same service at the same start. Nor has a customer two visits of one service
    at one start: who brings others takes more seats with one visit. Those who were forgotten share an id.

    `units` are the rooms, chairs and machines that it has, by number: two specialists' overlapping visits
    share none. Those of one specialist that overlap are seats of one group, and share what the group has.
    """

    __tablename__ = "booking"
    __table_args__ = (
        CheckConstraint(
            "status IN ('held', 'pending', 'confirmed', 'cancelled', 'done', 'no_show')", name="status"
        ),
        CheckConstraint("during <@ busy AND NOT isempty(during)", name="during_in_busy"),
        CheckConstraint(IS_PRICE, name="price"),
        CheckConstraint(
            "outcome IN ('done', 'no_show') AND NOT (outcome = 'no_show' AND arrived_at IS NOT NULL)",
            name="outcome",
        ),
        CheckConstraint("rating BETWEEN 1 AND 5", name="rating"),
        Index(
            "ix_booking_rating",
            "business_id",
            "specialist_id",
            postgresql_where=text("rating IS NOT NULL"),
        ),
        CheckConstraint("NOT isempty(seats) AND lower(seats) >= 1", name="seats"),
        CheckConstraint(
            "status <> 'held' OR (kept_until IS NOT NULL AND kept_for IS NOT NULL)",
            name="kept",
        ),
        ExcludeConstraint(
            ("specialist_id", "="),
            ("seats", "&&"),
            ("busy", "&&"),
            name="ex_booking_overlap",
            using="gist",
            where=text(IS_LIVE),
        ),
        ExcludeConstraint(
            ("specialist_id", "="),
            ("service_id", "<>"),
            ("busy", "&&"),
            name="ex_booking_group_service",
            using="gist",
            where=text(f"{IS_LIVE} AND NOT upper_inf(seats)"),
        ),
        ExcludeConstraint(
            ("specialist_id", "="),
            (text("lower(during)"), "<>"),
            ("busy", "&&"),
            name="ex_booking_group_start",
            using="gist",
            where=text(f"{IS_LIVE} AND NOT upper_inf(seats)"),
        ),
        ExcludeConstraint(
            ("units", "&&"),
            ("specialist_id", "<>"),
            ("busy", "&&"),
            name="ex_booking_unit",
            using="gist",
            where=text(f"{IS_LIVE} AND NOT isempty(units)"),
        ),
        Index(
            "uq_booking_same",
            "business_id",
            "customer_id",
            "service_id",
            text("lower(during)"),
            unique=True,
            postgresql_where=text(f"{IS_LIVE} AND customer_id <> 0"),
        ),
        Index("ix_booking_part_of", "business_id", "part_of", postgresql_where=text("part_of IS NOT NULL")),
        Index("ix_booking_held", "business_id", "customer_id", postgresql_where=text("status = 'held'")),
        Index(
            "ix_booking_over",
            "business_id",
            "specialist_id",
            text("lower(during)"),
            postgresql_where=text("status IN ('done', 'no_show')"),
        ),
        Index("ix_booking_customer", "business_id", "customer_id", text("upper(during)")),
        same_business("service_id", "service"),
        same_business("specialist_id", "specialist"),
        same_business("location_id", "location"),
        same_business("customer_id", "person"),
        same_business("part_of", "booking", ondelete="CASCADE"),
    )

    id: Mapped[Key]
    part_of: Mapped[int | None]
    """The visit in which it follows, where it is no visit by itself."""
    service_id: Mapped[int]
    specialist_id: Mapped[int]
    location_id: Mapped[int | None]
    customer_id: Mapped[TelegramId]
    during: Mapped[Range[datetime]] = mapped_column(TSTZRANGE)
    busy: Mapped[Range[datetime]] = mapped_column(TSTZRANGE)
    seats: Mapped[Range[int]] = mapped_column(INT4RANGE, server_default="[1,)")
    units: Mapped[list[Range[int]]] = mapped_column(INT8MULTIRANGE, server_default="{}")
    status: Mapped[str] = mapped_column(Text)
    kept_until: Mapped[Instant | None]
    """When a hold is over, or a request lapses; NULL of all others."""
    kept_for: Mapped[str | None] = mapped_column(Text)
    """What a hold is for; NULL of all others."""
    awaits: Mapped[str | None] = mapped_column(Text)
    """Whom a request waits for; NULL is those who work here. Of what is no request it says nothing."""
    outside: Mapped[bool] = mapped_column(server_default="false")
    """Whether staff booked it outside of the working hours, by name; a move takes it back."""
    moved: Mapped[bool] = mapped_column(server_default="false")
    """Whether it was moved to another time since it was booked."""
    version: Mapped[int] = mapped_column(server_default="1")
    """Grows with every change; buttons, reminders and calendar files carry it."""
    price: Mapped[Amounts | None] = mapped_column(NUMRANGE)
    """What was said when it was booked; the catalogue may say otherwise since."""
    currency: Mapped[str] = mapped_column(Text)
    calendar_uid: Mapped[UUID] = mapped_column(Uuid, server_default=text("gen_random_uuid()"))
    """What calendars know it by: random, so that it is nobody else's, in any database, ever."""
    card_message_id: Mapped[int | None]
    """The message in the customer's chat that shows this booking as it stands."""
    card_copies: Mapped[list[int] | None] = mapped_column(ARRAY(BigInteger))
    """The messages that show it, the newest last; None where only `card_message_id` is known."""
    calendar_message_id: Mapped[int | None]
    """The message that carries the calendar file."""
    attending_at: Mapped[Instant | None]
    """When the customer said that they will be there; a move takes it back."""
    asked_at: Mapped[Instant | None]
    """When the customer was first reminded, and so asked whether they will be there; a move takes it back."""
    confirm_by: Mapped[Instant | None]
    """Until when the customer has to say so, as was agreed with the time; None where they need not."""
    late_minutes: Mapped[int | None] = mapped_column(SmallInteger)
    """How late the customer said they would be; a move takes it back."""
    arrived_at: Mapped[Instant | None]
    """When staff noted that the customer is here."""
    outcome: Mapped[str | None] = mapped_column(Text)
    """What staff noted that came of it, done or no-show: its status, once the visit is over for a day."""
    waived: Mapped[bool] = mapped_column(server_default="false")
    """Whether no deadline holds for its customer, because nobody is there for it; a move takes it back."""
    note: Mapped[str | None] = mapped_column(Text)
    """What the customer wants to be known before the visit."""
    companions: Mapped[str | None] = mapped_column(Text)
    """The names of those who come along, as the customer wrote them."""
    rating: Mapped[int | None] = mapped_column(SmallInteger)
    """How many stars of five the customer gave the visit."""
    rating_words: Mapped[str | None] = mapped_column(Text)
    """What they said of it."""
    series_id: Mapped[int | None]
    """The first visit of the series that it was booked with; from then on each lives alone."""
    created_at: Mapped[CreatedAt]


class BookingAnswer(BusinessColumn, Base):
    """What a customer answered before they booked, and the question in the words in which it was asked."""

    __tablename__ = "booking_answer"
    __table_args__ = (same_business("booking_id", "booking", ondelete="CASCADE"),)

    booking_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    place: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    """In the order of the questions, from 1 on."""
    question: Mapped[str] = mapped_column(Text)
    type: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text)
    """What was said; of a photo Telegram's id of it."""


class BookingEvent(BusinessColumn, Base):
    """What happened to a booking: who did what, when, through what."""

    __tablename__ = "booking_event"
    __table_args__ = (same_business("booking_id", "booking", ondelete="CASCADE"),)

    id: Mapped[Key]
    booking_id: Mapped[int] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(Text)
    actor_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    source: Mapped[str] = mapped_column(Text)
    data: Mapped[Json]
    at: Mapped[CreatedAt]
