"""People as Telegram knows them, and what the business lets them do."""

from typing import Final

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Index,
    Sequence,
    SmallInteger,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from worker.db.models.base import (
    Base,
    BusinessColumn,
    CreatedAt,
    Instant,
    Key,
    TelegramId,
    of_business,
    same_business,
)

FOUNDER: Final = "founder"
"""The role of the invitation that opens an empty database to its first owner."""

WITHOUT_TELEGRAM: Final = Sequence("person_without_telegram", metadata=Base.metadata)
"""Counts those without Telegram: the negative of its number is a person's id."""


class Person(BusinessColumn, Base):
    """Someone who has used the business's bot, under their Telegram id, which is also their private chat's.

    A customer of two businesses is a person of each, with a language of their own there. Whom staff wrote
    down by name and phone number, because they have no Telegram, has an id below zero, and no chat.
    """

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("id >= 0 OR (phone IS NOT NULL AND NOT reachable)", name="without_telegram"),
        Index(
            "uq_person_without_telegram",
            "business_id",
            "phone",
            text("lower(first_name)"),
            unique=True,
            postgresql_where=text("id < 0"),
        ),
    )

    id: Mapped[TelegramId] = mapped_column(primary_key=True, autoincrement=False)
    first_name: Mapped[str] = mapped_column(Text)
    last_name: Mapped[str | None] = mapped_column(Text)
    username: Mapped[str | None] = mapped_column(Text)
    language_hint: Mapped[str | None] = mapped_column(Text)
    """The language of their Telegram app."""
    language: Mapped[str | None] = mapped_column(Text)
    """The language they chose here."""
    menu: Mapped[str | None] = mapped_column(Text)
    """The command menu promised for them alone, by its name (`menu_name`); None is the public one."""
    reachable: Mapped[bool] = mapped_column(default=True, server_default="true")
    blocked_at: Mapped[Instant | None]
    """Since when the staff has it that they call instead of booking here; None for all others."""
    blocked_reason: Mapped[str | None] = mapped_column(Text)
    """Why, for the staff alone."""
    staff_note: Mapped[str | None] = mapped_column(Text)
    """What the staff notes of the person, for itself alone."""
    phone: Mapped[str | None] = mapped_column(Text)
    """Their phone number in E.164, as `+4915112345678`, where staff wrote it down."""
    created_at: Mapped[CreatedAt]


class Preference(BusinessColumn, Base):
    """When a person wants to be told what. Times are minutes after midnight on the business's wall clock."""

    __tablename__ = "preference"
    __table_args__ = (
        CheckConstraint("(quiet_from IS NULL) = (quiet_until IS NULL)", name="quiet"),
        same_business("person_id", "person", ondelete="CASCADE"),
    )

    person_id: Mapped[TelegramId] = mapped_column(primary_key=True, autoincrement=False)
    after_visits: Mapped[bool] = mapped_column(server_default="true")
    """Whether the business may write after a visit: how it was, when to come again."""
    quiet_from: Mapped[int | None] = mapped_column(SmallInteger)
    quiet_until: Mapped[int | None] = mapped_column(SmallInteger)
    digest: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger), server_default="{}")
    """When news of visits come together, for who works here; none is at once."""
    evening: Mapped[int | None] = mapped_column(SmallInteger)
    """When the next day's visits come, for who works here."""


class RoleGrant(BusinessColumn, Base):
    """A right to administer, given by the business file. The person need not have used the bot yet."""

    __tablename__ = "role_grant"
    __table_args__ = (CheckConstraint("role IN ('owner', 'admin')", name="role"), of_business())

    person_id: Mapped[TelegramId] = mapped_column(primary_key=True, autoincrement=False)
    role: Mapped[str] = mapped_column(Text, primary_key=True)


class Invitation(BusinessColumn, Base):
    """A link that makes one person part of the business, once.

    The first owner's is older than the business.
    """

    __tablename__ = "invitation"
    __table_args__ = (
        CheckConstraint("role IN ('owner', 'admin', 'specialist', 'founder')", name="role"),
        UniqueConstraint("business_id", "code_hash"),
        same_business("specialist_id", "specialist"),
    )

    id: Mapped[Key]
    role: Mapped[str] = mapped_column(Text)
    specialist_id: Mapped[int | None] = mapped_column(BigInteger)
    """The specialist that the person will be."""
    specialist_name: Mapped[str | None] = mapped_column(Text)
    """What the specialist will be called who is not there yet."""
    seed: Mapped[str] = mapped_column(Text)
    """What the link's code is made from, with the bot's token: this alone opens nothing."""
    code_hash: Mapped[str] = mapped_column(Text)
    """SHA-256 of the code."""
    invited_by: Mapped[TelegramId | None]
    """None for the first owner's, and for whom was forgotten."""
    created_at: Mapped[CreatedAt]
    expires_at: Mapped[Instant]
    revoked_at: Mapped[Instant | None]
    accepted_at: Mapped[Instant | None]
    person_id: Mapped[TelegramId | None]
    """Who accepted it."""
