"""Bookings together: places of a group that are kept for friends until all of them have joined."""

from typing import Final

from sqlalchemy import CheckConstraint, Index, SmallInteger, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from worker.db.models.base import Base, BusinessColumn, Instant, Key, TelegramId, same_business

IS_GATHERING: Final = "state = 'open'"


class Gathering(BusinessColumn, Base):
    """Somebody keeps places of a group for friends: at the deadline all who joined are booked, or nobody is.

    Each place is a hold, of whoever has joined or of nobody's. Nobody has two under way.
    """

    __tablename__ = "gathering"
    __table_args__ = (
        CheckConstraint(
            "state IN ('open', 'booked', 'called_off', 'lapsed', 'impossible')",
            name="state",
        ),
        Index(
            "uq_gathering_open",
            *("business_id", "organizer_id"),
            unique=True,
            postgresql_where=text(f"{IS_GATHERING} AND organizer_id <> 0"),
        ),
        Index("ix_gathering_organizer_id", "business_id", "organizer_id", "made_at"),
        same_business("organizer_id", "person"),
        same_business("service_id", "service"),
        same_business("specialist_id", "specialist"),
        same_business("location_id", "location"),
    )

    id: Mapped[Key]
    organizer_id: Mapped[TelegramId]
    """Who invites; nobody, once they were forgotten."""
    service_id: Mapped[int]
    specialist_id: Mapped[int]
    location_id: Mapped[int | None]
    start: Mapped[Instant]
    until: Mapped[Instant]
    """When what is to be booked ends."""
    deadline: Mapped[Instant]
    state: Mapped[str] = mapped_column(Text, server_default="open")
    version: Mapped[int] = mapped_column(server_default="1")
    """Grows whenever somebody joins or leaves, and when it ends: of two cards the newer one is right."""
    made_at: Mapped[Instant]
    settled_at: Mapped[Instant | None]


class GatheringPlace(BusinessColumn, Base):
    """One of its places: kept for nobody until somebody joins."""

    __tablename__ = "gathering_place"
    __table_args__ = (
        Index(
            "uq_gathering_place_customer_id",
            *("business_id", "gathering_id", "customer_id"),
            unique=True,
            postgresql_where=text("customer_id IS NOT NULL"),
        ),
        Index(
            "ix_gathering_place_customer_id",
            *("business_id", "customer_id"),
            postgresql_where=text("customer_id IS NOT NULL"),
        ),
        same_business("gathering_id", "gathering", ondelete="CASCADE"),
        same_business("customer_id", "person"),
    )

    gathering_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    place: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    """From 1 on: the first is the organizer's."""
    customer_id: Mapped[int | None]
    """Who has joined; NULL is a place that is free for whoever is invited."""
    booking_id: Mapped[int]
    """The hold, whose row is gone once nothing came of it; the visit, once it is booked."""
    joined_at: Mapped[Instant | None]
    message_id: Mapped[int | None]
    """The message in their chat that shows how far it has come."""
