"""What the business offers: the business itself, its places, services, specialists and their hours."""

from datetime import date
from enum import StrEnum
from typing import Final

from sqlalchemy import CheckConstraint, Date, Index, Integer, SmallInteger, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, INT4MULTIRANGE, NUMRANGE, Range
from sqlalchemy.orm import Mapped, mapped_column

from worker.db.models.base import (
    IS_PRICE,
    Amounts,
    Base,
    BusinessColumn,
    Key,
    TelegramId,
    of_business,
    same_business,
)

LONGEST_QUESTION: Final = 120
"""Characters of what a service asks: with the others and their answers it fits one message."""


class QuestionType(StrEnum):
    """What answers a question that a service asks before it is booked."""

    TEXT = "text"
    """Written, or chosen where there are choices."""
    PHONE = "phone"
    """A phone number: the customer's own contact, or one that is written."""
    PHOTO = "photo"


type Minutes = list[Range[int]]
"""Open times of one day: ranges of minutes after midnight, on the wall clock of the business."""

SHOWN_SERVICE: Final = """
CASE WHEN service.category <> '' AND EXISTS (
    SELECT FROM service AS other
    WHERE other.business_id = service.business_id AND other.name = service.name AND other.id <> service.id
) THEN concat(service.category, ': ', service.name) ELSE service.name END
"""
"""What people read of a service: its name, with its category where another one has that name."""


def of_its_name(table: str, *columns: str) -> tuple[Index, UniqueConstraint]:
    """Keep names apart among what is offered, and what a business file knows an entry by for good."""
    offered = Index(
        f"uq_{table}_offered", "business_id", *columns, unique=True, postgresql_where=text("active")
    )
    return offered, UniqueConstraint("business_id", "file_id")


class Business(Base):
    """A business. Everything of it carries its id, and a process serves the one of BUSINESS_ID."""

    __tablename__ = "business"
    __table_args__ = (
        CheckConstraint("ratings IN ('specialist', 'owner', 'nobody')", name="ratings"),
        CheckConstraint("choose_within > 0", name="choose_within"),
    )

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(Text)
    timezone: Mapped[str] = mapped_column(Text)
    currency: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text)
    contact: Mapped[str] = mapped_column(Text, server_default="")
    """Whom customers call where nothing can be done here; empty where nobody is named."""
    paused: Mapped[bool] = mapped_column(server_default="false")
    """Whether customers can book and move nothing."""
    paused_until: Mapped[date | None] = mapped_column(Date)
    """The date from which on they can again; None is until somebody ends it."""
    pause_text: Mapped[str] = mapped_column(Text, server_default="")
    """What customers read meanwhile; empty is the usual text."""
    late_text: Mapped[str] = mapped_column(Text, server_default="")
    """What customers read once it is too late to cancel; empty is nothing more."""
    ratings: Mapped[str] = mapped_column(Text, server_default="specialist")
    """Who reads how customers found a visit; of nobody they are not asked."""
    earlier: Mapped[bool] = mapped_column(server_default="true")
    """Whether customers may ask for an earlier time than their visit has."""
    swaps: Mapped[bool] = mapped_column(server_default="true")
    """Whether two customers may swap the times of their visits."""
    choose_within: Mapped[int | None]
    """Minutes in which the staff choose to whom a freed time is offered; None leaves it to the line."""


class CustomerLimits(BusinessColumn, Base):
    """What each customer may do by themselves, where the business says other than usual."""

    __tablename__ = "limits"
    __table_args__ = (
        CheckConstraint("max_upcoming > 0 AND max_cancelled > 0", name="positive"),
        of_business(),
    )

    max_upcoming: Mapped[int] = mapped_column(SmallInteger)
    max_cancelled: Mapped[int] = mapped_column(SmallInteger)
    max_requests: Mapped[int] = mapped_column(SmallInteger, server_default="3")


class Location(BusinessColumn, Base):
    """A place where visits happen."""

    __tablename__ = "location"
    __table_args__ = (of_business(), *of_its_name("location", "name"))

    id: Mapped[Key]
    file_id: Mapped[str | None] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(Text)
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    position: Mapped[int] = mapped_column(SmallInteger, default=0)
    active: Mapped[bool] = mapped_column(default=True)


class Service(BusinessColumn, Base):
    """What is booked. All durations are minutes."""

    __tablename__ = "service"
    __table_args__ = (
        CheckConstraint("duration > 0 AND step > 0", name="positive"),
        CheckConstraint("buffer_before >= 0 AND buffer_after >= 0", name="buffers"),
        CheckConstraint("min_notice >= 0 AND horizon > 0 AND cancel_until >= 0", name="windows"),
        CheckConstraint("move_until >= 0", name="move_until"),
        CheckConstraint("max_moves > 0", name="max_moves"),
        CheckConstraint("max_series > 0", name="max_series"),
        CheckConstraint("confirm_until > 0", name="confirm_until"),
        CheckConstraint("again_after > 0", name="again_after"),
        CheckConstraint("capacity > 0", name="capacity"),
        CheckConstraint("max_places > 0", name="max_places"),
        CheckConstraint(r"deposit ~ '^\d+(\.\d+)?$|^\d{1,3}%$'", name="deposit"),
        CheckConstraint("deposit_for IN ('all', 'new')", name="deposit_for"),
        CheckConstraint(IS_PRICE, name="price"),
        of_business(),
        *of_its_name("service", "name", "category"),
    )

    id: Mapped[Key]
    file_id: Mapped[str | None] = mapped_column(Text)
    category: Mapped[str] = mapped_column(Text, server_default="")
    name: Mapped[str] = mapped_column(Text)
    duration: Mapped[int]
    price: Mapped[Amounts | None] = mapped_column(NUMRANGE)
    deposit: Mapped[str | None] = mapped_column(Text)
    """What is paid ahead: an amount, or a share as `20%`. None is nothing."""
    deposit_for: Mapped[str] = mapped_column(Text, server_default="all")
    """Who pays it: all, or new, who have not been here before."""
    keep_deposit: Mapped[bool] = mapped_column(server_default="false")
    """Whether it is kept when the customer cancels."""
    buffer_before: Mapped[int]
    buffer_after: Mapped[int]
    step: Mapped[int]
    min_notice: Mapped[int]
    horizon: Mapped[int]
    cancel_until: Mapped[int]
    move_until: Mapped[int | None]
    """None is as `cancel_until`."""
    max_moves: Mapped[int | None] = mapped_column(SmallInteger)
    """How often a customer may move a visit; None is as often as they like."""
    max_series: Mapped[int | None] = mapped_column(SmallInteger)
    """How many visits of one series a customer may have ahead; None counts each as a visit by itself."""
    again_after: Mapped[int | None]
    """After so long a customer may want to come again."""
    confirm_until: Mapped[int | None]
    """So long before it a reminded customer has said that they will be there, or loses the time."""
    capacity: Mapped[int] = mapped_column(SmallInteger)
    max_places: Mapped[int] = mapped_column(SmallInteger, server_default="1")
    """How many places a customer may take with one booking."""
    hold: Mapped[int] = mapped_column(server_default="5")
    """Minutes for which the time is kept for who looks at the summary."""
    approval: Mapped[bool]
    approval_within: Mapped[int | None]
    """Minutes in which a request is answered; None is until the notice."""
    approval_regulars: Mapped[bool] = mapped_column(server_default="false")
    """Whether who has been here is accepted at once."""
    reminders: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    position: Mapped[int] = mapped_column(SmallInteger, default=0)
    active: Mapped[bool] = mapped_column(default=True)


class ServiceQuestion(BusinessColumn, Base):
    """What customers are asked before they confirm; `place` counts from 1."""

    __tablename__ = "service_question"
    __table_args__ = (
        CheckConstraint("type IN ('text', 'phone', 'photo')", name="type"),
        same_business("service_id", "service", ondelete="CASCADE"),
    )

    service_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    place: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    ask: Mapped[str] = mapped_column(Text)
    type: Mapped[str] = mapped_column(Text)
    choices: Mapped[list[str]] = mapped_column(ARRAY(Text))
    several: Mapped[bool]
    required: Mapped[bool]
    pattern: Mapped[str] = mapped_column(Text)
    """A regular expression that the whole answer has to fit; empty is any."""
    hint: Mapped[str] = mapped_column(Text)
    first_visit: Mapped[bool]
    """Whether only who has no other visit is asked."""


class ServiceHours(BusinessColumn, Base):
    """When a service is offered on one weekday. Without any: whenever a specialist works."""

    __tablename__ = "service_hours"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        same_business("service_id", "service", ondelete="CASCADE"),
    )

    service_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    weekday: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    minutes: Mapped[Minutes] = mapped_column(INT4MULTIRANGE)


class Specialist(BusinessColumn, Base):
    """Who does it."""

    __tablename__ = "specialist"
    __table_args__ = (
        of_business(),
        *of_its_name("specialist", "name"),
        UniqueConstraint("business_id", "telegram_id"),
        UniqueConstraint("id"),  # two businesses' specialists never share a lock or an overlap constraint
    )

    id: Mapped[Key]
    file_id: Mapped[str | None] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    telegram_id: Mapped[TelegramId | None]
    max_per_day: Mapped[int | None] = mapped_column(SmallInteger)
    max_per_week: Mapped[int | None] = mapped_column(SmallInteger)
    """So many visits a specialist takes on a date, and from Monday to Sunday; None is no limit."""
    position: Mapped[int] = mapped_column(SmallInteger, default=0)
    active: Mapped[bool] = mapped_column(default=True)


class SpecialistService(BusinessColumn, Base):
    """Which specialist does which service."""

    __tablename__ = "specialist_service"
    __table_args__ = (
        CheckConstraint("duration > 0", name="duration"),
        CheckConstraint(IS_PRICE, name="price"),
        same_business("specialist_id", "specialist", ondelete="CASCADE"),
        same_business("service_id", "service", ondelete="CASCADE"),
    )

    specialist_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    service_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, index=True)
    duration: Mapped[int | None]
    """Minutes that the visit takes with this specialist; None is as the service says."""
    price: Mapped[Amounts | None] = mapped_column(NUMRANGE)
    """What it costs with this specialist; None is as the service says."""


class SpecialistLocation(BusinessColumn, Base):
    """Where a specialist works, and on which weekdays (0 is Monday). Without any: at the first place."""

    __tablename__ = "specialist_location"
    __table_args__ = (
        CheckConstraint("weekdays <@ ARRAY[0, 1, 2, 3, 4, 5, 6]::smallint[]", name="weekdays"),
        same_business("specialist_id", "specialist", ondelete="CASCADE"),
        same_business("location_id", "location", ondelete="CASCADE"),
    )

    specialist_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    location_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, index=True)
    weekdays: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger))


class WorkingHours(BusinessColumn, Base):
    """A specialist's hours on one weekday (0 is Monday), on the wall clock of the business."""

    __tablename__ = "working_hours"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        same_business("specialist_id", "specialist", ondelete="CASCADE"),
    )

    specialist_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    weekday: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    minutes: Mapped[Minutes] = mapped_column(INT4MULTIRANGE)


class ScheduleException(BusinessColumn, Base):
    """A specialist's hours on one date, in place of the weekday's; no minutes is a day off."""

    __tablename__ = "schedule_exception"
    __table_args__ = (same_business("specialist_id", "specialist", ondelete="CASCADE"),)

    specialist_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    minutes: Mapped[Minutes] = mapped_column(INT4MULTIRANGE)
