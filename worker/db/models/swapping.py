"""What customers asked one another without knowing whom: to swap the times of their visits."""

from typing import Final

from sqlalchemy import CheckConstraint, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from worker.db.models.base import Base, BusinessColumn, Instant, Key, same_business

IS_ASKED: Final = "state = 'open'"


class Swap(BusinessColumn, Base):
    """A visit's customer asks whoever has another time to swap.

    It names visits and no people. A visit asks for one time at once and is asked about by one at once; the
    same question is asked once.
    """

    __tablename__ = "swap"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'accepted', 'declined', 'lapsed', 'withdrawn')", name="state"),
        CheckConstraint("booking_id <> other_id", name="two"),
        Index(
            "uq_swap_asking",
            *("business_id", "booking_id"),
            unique=True,
            postgresql_where=text(IS_ASKED),
        ),
        Index(
            "uq_swap_asked",
            *("business_id", "other_id"),
            unique=True,
            postgresql_where=text(IS_ASKED),
        ),
        Index("uq_swap_once", "business_id", "booking_id", "other_id", "other_start", unique=True),
        Index("ix_swap_other", "business_id", "other_id"),
        same_business("booking_id", "booking", ondelete="CASCADE"),
        same_business("other_id", "booking", ondelete="CASCADE"),
    )

    id: Mapped[Key]
    booking_id: Mapped[int]
    """The visit whose customer asks."""
    other_id: Mapped[int]
    """The visit whose customer is asked."""
    start: Mapped[Instant]
    """When the one that asks begins; if it has moved since, there is nothing to swap."""
    other_start: Mapped[Instant]
    """When the other one begins."""
    state: Mapped[str] = mapped_column(Text, server_default="open")
    made_at: Mapped[Instant]
    told_at: Mapped[Instant]
    """When they are asked: not at night."""
    deadline: Mapped[Instant]
    settled_at: Mapped[Instant | None]
    message_id: Mapped[int | None]
    """The message that asks."""
