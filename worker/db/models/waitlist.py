"""What people wish for that is not free, and what they were offered of it."""

from datetime import date

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, Date, Index, SmallInteger, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from worker.db.models.base import Base, BusinessColumn, CreatedAt, Instant, Key, TelegramId, same_business

IS_WAITING = "ended_at IS NULL"
IS_OPEN = "state = 'open'"


class WaitlistEntry(BusinessColumn, Base):
    """A wish for a time that is not free now; who wished first is offered first."""

    __tablename__ = "waitlist_entry"
    __table_args__ = (
        CheckConstraint("first_day <= last_day", name="days"),
        CheckConstraint("part BETWEEN 0 AND 3", name="part"),
        CheckConstraint("places > 0", name="places"),
        CheckConstraint("(ended_at IS NULL) = (outcome IS NULL)", name="ended"),
        Index(
            "ix_waitlist_entry_line",
            *("business_id", "ranked_at", "id"),
            postgresql_where=text(IS_WAITING),
        ),
        Index("ix_waitlist_entry_customer", "business_id", "customer_id"),
        Index(
            "uq_waitlist_entry_visit",
            *("business_id", "booking_id"),
            unique=True,
            postgresql_where=text(IS_WAITING),
        ),
        same_business("customer_id", "person", ondelete="CASCADE"),
        same_business("service_id", "service"),
        same_business("specialist_id", "specialist"),
        same_business("location_id", "location"),
        same_business("booking_id", "booking", ondelete="CASCADE"),
    )

    id: Mapped[Key]
    customer_id: Mapped[TelegramId]
    service_id: Mapped[int]
    added: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), server_default="{}")
    """The services that are to follow it in the same visit, in their order."""
    specialist_id: Mapped[int | None]
    """None wishes for anyone who does the service."""
    location_id: Mapped[int | None]
    """The place that it has to be at; None is wherever it may be."""
    booking_id: Mapped[int | None]
    """The visit that would move there; None wishes for one more."""
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date] = mapped_column(Date)
    part: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    """Morning, afternoon, evening from 1 on; 0 is any time of the day."""
    until: Mapped[date | None] = mapped_column(Date)
    """The last day on which it is wished for; None is as long as it can come true."""
    places: Mapped[int] = mapped_column(SmallInteger, server_default="1")
    """How many places of a group are wished for."""
    kept: Mapped[bool] = mapped_column(server_default="false")
    """Whether it is wished for though its customer has booked such a visit since."""
    made_at: Mapped[Instant]
    ranked_at: Mapped[Instant]
    """Its place in the line: when it was made, or made wider."""
    passed_at: Mapped[Instant | None]
    """When it was last passed over."""
    passed_why: Mapped[str | None] = mapped_column(Text)
    passed_start: Mapped[Instant | None]
    """The time that it was passed over for."""
    created_at: Mapped[CreatedAt]
    """By PostgreSQL's clock, as that of bookings: what was booked since counts as what was wished for."""
    ended_at: Mapped[Instant | None]
    outcome: Mapped[str | None] = mapped_column(Text)
    """What came of it: taken, withdrawn, or its visit was moved or cancelled."""


class WaitlistOffer(BusinessColumn, Base):
    """A time that is held for somebody who wished for it, until a deadline.

    Nobody is offered two at once, nor the same one twice.
    """

    __tablename__ = "waitlist_offer"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'taken', 'declined', 'lapsed', 'withdrawn')", name="state"),
        Index(
            "uq_waitlist_offer_open",
            *("business_id", "customer_id"),
            unique=True,
            postgresql_where=text(IS_OPEN),
        ),
        Index(
            "uq_waitlist_offer_once",
            *("business_id", "customer_id", "service_id", "added", "specialist_id", "start"),
            unique=True,
        ),
        Index("ix_waitlist_offer_lately", "business_id", "service_id", "made_at"),
        Index("ix_waitlist_offer_entry_id", "entry_id"),
        same_business("entry_id", "waitlist_entry", ondelete="CASCADE"),
    )

    id: Mapped[Key]
    entry_id: Mapped[int]
    customer_id: Mapped[TelegramId]
    service_id: Mapped[int]
    added: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), server_default="{}")
    """The services that follow it in what is held."""
    specialist_id: Mapped[int]
    """Who does the first of it."""
    start: Mapped[Instant]
    freed_specialist_id: Mapped[int | None]
    """Whose stretch it was; None is that of who does the first of it."""
    freed_from: Mapped[Instant]
    freed_until: Mapped[Instant]
    """The stretch that freed up: declined or lapsed, it is offered to whoever is next."""
    booking_id: Mapped[int]
    """The hold; its row is gone once the offer is declined or has lapsed."""
    state: Mapped[str] = mapped_column(Text, server_default="open")
    by_staff: Mapped[bool] = mapped_column(server_default="false")
    """Whether the staff chose to whom it is offered; else the line did."""
    made_at: Mapped[Instant]
    told_at: Mapped[Instant]
    """When they are told: not at night."""
    deadline: Mapped[Instant]
    settled_at: Mapped[Instant | None]
    message_id: Mapped[int | None]
    """The message in the customer's chat that offers it."""


class WaitlistChoice(BusinessColumn, Base):
    """A freed stretch of which the staff are asked to whom to offer it, until a deadline."""

    __tablename__ = "waitlist_choice"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'chosen', 'lapsed')", name="state"),
        CheckConstraint("freed_from < freed_until", name="stretch"),
        Index(
            "uq_waitlist_choice_open",
            *("business_id", "specialist_id", "freed_from", "freed_until"),
            unique=True,
            postgresql_where=text(IS_OPEN),
        ),
        same_business("specialist_id", "specialist"),
    )

    id: Mapped[Key]
    specialist_id: Mapped[int]
    freed_from: Mapped[Instant]
    freed_until: Mapped[Instant]
    state: Mapped[str] = mapped_column(Text, server_default="open")
    asked_at: Mapped[Instant]
    deadline: Mapped[Instant]
    """When the line decides by itself, if nobody has chosen."""
