"""Visits for which nobody is there, and what their customers are offered in place of them."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from worker.db.models.base import Base, BusinessColumn, Instant, Key, TelegramId, same_business


class Rebooking(BusinessColumn, Base):
    """Customers of some visits are offered other times, until an instant."""

    __tablename__ = "rebooking"
    __table_args__ = (same_business("specialist_id", "specialist"),)

    id: Mapped[Key]
    specialist_id: Mapped[int]
    """Whose visits they are."""
    opened_at: Mapped[Instant]
    answer_by: Mapped[Instant]
    """Until when customers can answer; then whoever has not is to be called."""
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), index=True)
    undo: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    """The time off that makes the specialist's dates what they were; None where that is not to be undone."""


class RebookedVisit(BusinessColumn, Base):
    """A visit that is rebooked, and how far it has come."""

    __tablename__ = "rebooked_visit"
    __table_args__ = (
        same_business("rebooking_id", "rebooking", ondelete="CASCADE"),
        same_business("booking_id", "booking", ondelete="CASCADE"),
    )

    rebooking_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    booking_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, index=True)
    was: Mapped[Instant]
    """When it was to begin."""
    state: Mapped[str] = mapped_column(Text)
    message_id: Mapped[int | None] = mapped_column(BigInteger)
    """The message that offers its customer other times."""


class Alternative(BusinessColumn, Base):
    """A time that is kept for the customer of a visit: its row in `booking` is nobody's, and held."""

    __tablename__ = "alternative"
    __table_args__ = (
        same_business("hold_id", "booking", ondelete="CASCADE"),
        same_business("booking_id", "booking", ondelete="CASCADE"),
        Index("ix_alternative_booking", "booking_id"),
    )

    hold_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    booking_id: Mapped[int]
    """The visit for whose customer it is kept."""


class RebookingCard(BusinessColumn, Base):
    """A message that shows somebody who works here how far it has come."""

    __tablename__ = "rebooking_card"
    __table_args__ = (
        same_business("rebooking_id", "rebooking", ondelete="CASCADE"),
        Index("ix_rebooking_card_person", "business_id", "person_id"),
    )

    rebooking_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    person_id: Mapped[TelegramId] = mapped_column(primary_key=True, autoincrement=False)
    message_id: Mapped[int | None] = mapped_column(BigInteger)
    revision: Mapped[int] = mapped_column(server_default=text("0"))
    """Grows with every word that the message is to follow something."""
