"""What has been promised to be sent, and which updates took effect."""

from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Index, SmallInteger, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from worker.db.models.base import Base, BusinessColumn, CreatedAt, DueColumns, Instant, Json, Key, TelegramId


class State(StrEnum):
    """Where an outbox row stands."""

    PENDING = "pending"
    SENT = "sent"
    EXPIRED = "expired"
    """It came too late to be useful."""
    VOID = "void"
    """What it would say is no longer true."""
    FAILED = "failed"
    """It will never be sent: the person is unreachable, Telegram refuses it, or it fails by its own fault."""


class SubjectType(StrEnum):
    """What a message can be about."""

    BOOKING = "booking"


class Outbox(DueColumns, Base):
    """A message that has been promised, written in the transaction that causes it."""

    __tablename__ = "outbox"
    __table_args__ = (
        CheckConstraint("state IN ('pending', 'sent', 'expired', 'void', 'failed')", name="state"),
        CheckConstraint("num_nonnulls(chat_id, url) = 1", name="destination"),
        CheckConstraint("(subject_type IS NULL) = (subject_id IS NULL)", name="subject"),
        Index("ix_outbox_subject", "subject_id", "subject_type"),
        Index("ix_outbox_due", "business_id", "due_at", "id", postgresql_where=text("state = 'pending'")),
        Index("ix_outbox_chat", "business_id", "chat_id"),
        UniqueConstraint("business_id", "dedupe_key"),
        {"postgresql_with": {"autovacuum_vacuum_scale_factor": "0.01", "fillfactor": "80"}},
    )

    kind: Mapped[str] = mapped_column(Text)
    chat_id: Mapped[int | None] = mapped_column(BigInteger)
    """The chat it goes to, or else `url`."""
    url: Mapped[str | None] = mapped_column(Text)
    """The address that is called over HTTP."""
    subject_type: Mapped[str | None] = mapped_column(Text)
    subject_id: Mapped[int | None]
    """The row of another table that it is about."""
    payload: Mapped[Json]
    dedupe_key: Mapped[str] = mapped_column(Text)
    expires_at: Mapped[Instant | None]
    state: Mapped[str] = mapped_column(Text, server_default=State.PENDING)
    faults: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    """Counts the attempts that failed by the row's own fault, and neither by an outage nor at Telegram."""
    message_id: Mapped[int | None]
    last_error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[CreatedAt]
    sent_at: Mapped[Instant | None]


class SendPause(Base):
    """A pause that Telegram asked for, kept so that an emptied Redis does not forget it."""

    __tablename__ = "send_pause"

    bot_id: Mapped[TelegramId] = mapped_column(primary_key=True, autoincrement=False)
    chat_id: Mapped[TelegramId] = mapped_column(primary_key=True, autoincrement=False)
    """The chat, or everyone, by shared.telegram.send_keys."""
    until: Mapped[Instant]


class ProcessedUpdate(Base):
    """An update that took effect: the fence against running it twice."""

    __tablename__ = "processed_update"

    bot_id: Mapped[TelegramId] = mapped_column(primary_key=True, autoincrement=False)
    update_id: Mapped[TelegramId] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[CreatedAt] = mapped_column(index=True)


class DeadCommand(BusinessColumn, Base):
    """A command that kept failing and blocks nobody any more; an admin may look at it and retry it."""

    __tablename__ = "dead_command"
    __table_args__ = (UniqueConstraint("business_id", "job_id"),)

    id: Mapped[Key]
    job_id: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    payload: Mapped[Json]
    reason: Mapped[str] = mapped_column(Text)
    died_at: Mapped[CreatedAt]
