"""Deposits: asked for, paid, and returned."""

from decimal import Decimal
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Index, Numeric, SmallInteger, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from worker.db.models.base import Base, BusinessColumn, CreatedAt, Instant, Key, TelegramId, same_business


class PaymentState(StrEnum):
    """Where a deposit stands. That a paid one is to be returned may also follow from its visit's end."""

    ASKED = "asked"
    LAPSED = "lapsed"
    """It was not paid in time, or its customer let the time go."""
    PAID = "paid"
    TO_RETURN = "to_return"
    """Money came for which there is no visit: somebody has to send it back."""
    RETURNED = "returned"


class Payment(BusinessColumn, Base):
    """A deposit: what was asked for which time, and the money that came."""

    __tablename__ = "payment"
    __table_args__ = (
        CheckConstraint("state IN ('asked', 'lapsed', 'paid', 'to_return', 'returned')", name="state"),
        CheckConstraint("amount >= 0", name="amount"),
        CheckConstraint(
            "(charge_id IS NOT NULL) = (state IN ('paid', 'to_return', 'returned'))", name="charge"
        ),
        UniqueConstraint("business_id", "charge_id"),
        Index("ix_payment_booking", "business_id", "booking_id"),
        Index("ix_payment_person", "business_id", "person_id"),
        same_business("person_id", "person"),
        same_business("service_id", "service"),
        same_business("specialist_id", "specialist"),
        same_business("location_id", "location"),
    )

    id: Mapped[Key]
    person_id: Mapped[TelegramId]
    """Who is to pay, or has paid."""
    booking_id: Mapped[int | None] = mapped_column(BigInteger)
    """The visit that it is for. A time that was held and has lapsed is no visit any more: its row is gone."""
    service_id: Mapped[int | None]
    """None of money that nobody had asked for."""
    specialist_id: Mapped[int | None]
    location_id: Mapped[int | None]
    start: Mapped[Instant | None]
    answers: Mapped[list[list[str]] | None] = mapped_column(JSONB(none_as_null=True))
    """What the customer answered before they booked, each with its question and type, until it is paid."""
    places: Mapped[int] = mapped_column(SmallInteger, server_default="1")
    """How many places of a group it is for."""
    amount: Mapped[Decimal] = mapped_column(Numeric)
    currency: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    pay_by: Mapped[Instant | None]
    """Until when the money may be asked for; NULL of money that nobody had asked for."""
    allowed_at: Mapped[Instant | None]
    """When Telegram was last told that it may take the money. It tells of it only where it did."""
    keeps: Mapped[bool] = mapped_column(server_default="false")
    """Whether the business keeps it when the customer cancels, as was said before it was paid."""
    charge_id: Mapped[str | None] = mapped_column(Text)
    """What Telegram knows the payment by."""
    provider_charge_id: Mapped[str | None] = mapped_column(Text)
    """What the payment provider knows it by."""
    shown_in: Mapped[int | None] = mapped_column(BigInteger)
    """The message that says that the time is held."""
    invoice_message_id: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[CreatedAt]
    paid_at: Mapped[Instant | None]
    returned_at: Mapped[Instant | None]
