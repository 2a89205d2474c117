"""People as Telegram knows them, and what the business lets them do."""

from sqlalchemy import CheckConstraint, Text
from sqlalchemy.orm import Mapped, mapped_column

from worker.db.models.base import Base, CreatedAt, TelegramId


class Person(Base):
    """Someone who has used the bot; the key is their Telegram id, which is also their private chat's."""

    __tablename__ = "person"

    id: Mapped[TelegramId] = mapped_column(primary_key=True, autoincrement=False)
    first_name: Mapped[str] = mapped_column(Text)
    last_name: Mapped[str | None] = mapped_column(Text)
    username: Mapped[str | None] = mapped_column(Text)
    language_hint: Mapped[str | None] = mapped_column(Text)
    """The language of their Telegram app."""
    language: Mapped[str | None] = mapped_column(Text)
    """The language they chose here."""
    reachable: Mapped[bool] = mapped_column(default=True, server_default="true")
    created_at: Mapped[CreatedAt]


class RoleGrant(Base):
    """A right to administer, given by the business file. The person need not have used the bot yet."""

    __tablename__ = "role_grant"
    __table_args__ = (CheckConstraint("role IN ('owner', 'admin')", name="role"),)

    person_id: Mapped[TelegramId] = mapped_column(primary_key=True, autoincrement=False)
    role: Mapped[str] = mapped_column(Text, primary_key=True)
