"""Rooms, chairs and machines: what there is of them, and which services need them."""

from sqlalchemy import CheckConstraint, SmallInteger, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import INT4MULTIRANGE
from sqlalchemy.orm import Mapped, mapped_column

from worker.db.models.base import Base, BusinessColumn, Key, of_business, same_business
from worker.db.models.catalogue import Minutes, of_its_name


class Resource(BusinessColumn, Base):
    """What visits need beside a specialist: so many rooms, chairs or machines of a kind."""

    __tablename__ = "resource"
    __table_args__ = (
        CheckConstraint("count BETWEEN 1 AND 500", name="count"),
        of_business(),
        *of_its_name("resource", "name"),
        UniqueConstraint("id"),  # two businesses' units never have the same number
    )

    id: Mapped[Key]
    file_id: Mapped[str | None] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    count: Mapped[int] = mapped_column(SmallInteger)
    position: Mapped[int] = mapped_column(SmallInteger, default=0)
    active: Mapped[bool] = mapped_column(default=True)


class ResourceLocation(BusinessColumn, Base):
    """The one place where a resource is. Without any it is wherever it is needed."""

    __tablename__ = "resource_location"
    __table_args__ = (
        same_business("resource_id", "resource", ondelete="CASCADE"),
        same_business("location_id", "location", ondelete="CASCADE"),
    )

    resource_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    location_id: Mapped[int] = mapped_column(index=True)


class ResourceHours(BusinessColumn, Base):
    """When a resource can be used on one weekday. Without any: whenever a specialist works."""

    __tablename__ = "resource_hours"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        same_business("resource_id", "resource", ondelete="CASCADE"),
    )

    resource_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    weekday: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    minutes: Mapped[Minutes] = mapped_column(INT4MULTIRANGE)


class ServiceResource(BusinessColumn, Base):
    """What a service needs: one of each."""

    __tablename__ = "service_resource"
    __table_args__ = (
        same_business("service_id", "service", ondelete="CASCADE"),
        same_business("resource_id", "resource", ondelete="CASCADE"),
    )

    service_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    resource_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, index=True)
