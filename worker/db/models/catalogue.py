"""What the business offers: the business itself, its places, services, specialists and their hours."""

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, Date, ForeignKey, Integer, Numeric, SmallInteger, Text
from sqlalchemy.dialects.postgresql import ARRAY, INT4MULTIRANGE, Range
from sqlalchemy.orm import Mapped, mapped_column

from worker.db.models.base import Base, Key, TelegramId

type Minutes = list[Range[int]]
"""Open times of one day: ranges of minutes after midnight, on the wall clock of the business."""


class Business(Base):
    """The business: one row."""

    __tablename__ = "business"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, default=1)
    name: Mapped[str] = mapped_column(Text)
    timezone: Mapped[str] = mapped_column(Text)
    currency: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text)


class Location(Base):
    """A place where visits happen."""

    __tablename__ = "location"

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(Text, unique=True)
    address: Mapped[str] = mapped_column(Text)
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    position: Mapped[int] = mapped_column(SmallInteger, default=0)
    active: Mapped[bool] = mapped_column(default=True)


class Service(Base):
    """What is booked. All durations are minutes."""

    __tablename__ = "service"
    __table_args__ = (
        CheckConstraint("duration > 0 AND step > 0", name="positive"),
        CheckConstraint("buffer_before >= 0 AND buffer_after >= 0", name="buffers"),
        CheckConstraint("min_notice >= 0 AND horizon > 0 AND cancel_until >= 0", name="windows"),
        CheckConstraint("capacity > 0", name="capacity"),
        CheckConstraint("price >= 0", name="price"),
    )

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(Text, unique=True)
    duration: Mapped[int]
    price: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    buffer_before: Mapped[int]
    buffer_after: Mapped[int]
    step: Mapped[int]
    min_notice: Mapped[int]
    horizon: Mapped[int]
    cancel_until: Mapped[int]
    capacity: Mapped[int] = mapped_column(SmallInteger)
    approval: Mapped[bool]
    reminders: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    position: Mapped[int] = mapped_column(SmallInteger, default=0)
    active: Mapped[bool] = mapped_column(default=True)


class Specialist(Base):
    """Who does it."""

    __tablename__ = "specialist"

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(Text, unique=True)
    telegram_id: Mapped[TelegramId | None] = mapped_column(unique=True)
    position: Mapped[int] = mapped_column(SmallInteger, default=0)
    active: Mapped[bool] = mapped_column(default=True)


class SpecialistService(Base):
    """Which specialist does which service."""

    __tablename__ = "specialist_service"

    specialist_id: Mapped[int] = mapped_column(
        ForeignKey("specialist.id", ondelete="CASCADE"), primary_key=True
    )
    service_id: Mapped[int] = mapped_column(
        ForeignKey("service.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class WorkingHours(Base):
    """A specialist's hours on one weekday (0 is Monday), on the wall clock of the business."""

    __tablename__ = "working_hours"
    __table_args__ = (CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),)

    specialist_id: Mapped[int] = mapped_column(
        ForeignKey("specialist.id", ondelete="CASCADE"), primary_key=True
    )
    weekday: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    minutes: Mapped[Minutes] = mapped_column(INT4MULTIRANGE)


class ScheduleException(Base):
    """A specialist's hours on one date, in place of the weekday's; no minutes is a day off."""

    __tablename__ = "schedule_exception"

    specialist_id: Mapped[int] = mapped_column(
        ForeignKey("specialist.id", ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    minutes: Mapped[Minutes] = mapped_column(INT4MULTIRANGE)
