"""What is under way with a person, and what is to happen at a time."""

from sqlalchemy import BigInteger, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from worker.db.models.base import Base, BusinessColumn, CreatedAt, DueColumns, Instant, Json, Key, TelegramId


class Timer(DueColumns, Base):
    """A command to be run at a time. Its row goes with the transaction that the command changes."""

    __tablename__ = "timer"
    __table_args__ = (
        UniqueConstraint("business_id", "key"),
        Index("ix_timer_due", "business_id", "due_at", "id"),
    )

    kind: Mapped[str] = mapped_column(Text)
    """The command's kind."""
    key: Mapped[str] = mapped_column(Text)
    """What makes it this timer: setting it again moves it."""
    payload: Mapped[Json]
    """The command's fields."""
    created_at: Mapped[CreatedAt]


class OpenConversation(BusinessColumn, Base):
    """The question that is open for a person: the next thing they say completes its command."""

    __tablename__ = "conversation"

    person_id: Mapped[TelegramId] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(Text)
    """The kind of the command that the answer completes."""
    state: Mapped[Json]
    """The command's fields, without the answer."""
    message_id: Mapped[int | None] = mapped_column(BigInteger)
    """The message that asks; None until it is sent."""
    opened_at: Mapped[Instant]
    expires_at: Mapped[Instant]


class Draft(BusinessColumn, Base):
    """A form that is too large for a button: its buttons carry the id, the step and the version."""

    __tablename__ = "draft"

    id: Mapped[Key]
    person_id: Mapped[TelegramId] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(Text)
    data: Mapped[Json]
    version: Mapped[int] = mapped_column(server_default="1")
    """Grows with every change: a button of an earlier version is stale."""
    expires_at: Mapped[Instant] = mapped_column(index=True)
