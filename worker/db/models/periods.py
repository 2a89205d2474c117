"""Hours that hold on some dates in place of the week's: of specialists, services and resources."""

from typing import Any

from sqlalchemy import CheckConstraint, SmallInteger
from sqlalchemy.dialects.postgresql import INT4MULTIRANGE, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from worker.db.models.base import Base, BusinessColumn, same_business
from worker.db.models.catalogue import Minutes


class PeriodColumns(BusinessColumn):
    """The columns of what says other hours on some dates: on which, and which."""

    validity: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """See `worker.scheduling.validity.Validity`."""
    minutes: Mapped[Minutes] = mapped_column(INT4MULTIRANGE)
    """Open minutes of the week, from Monday's midnight on."""


def within_a_week() -> CheckConstraint:
    """Keep a period's minutes to those of a week."""
    return CheckConstraint("minutes <@ int4range(0, 7 * 1440)", name="minutes")


class SpecialistPeriod(PeriodColumns, Base):
    """A specialist's hours on some dates, in place of the week; `place` counts from 1."""

    __tablename__ = "specialist_period"
    __table_args__ = (within_a_week(), same_business("specialist_id", "specialist", ondelete="CASCADE"))

    specialist_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    place: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)


class ServicePeriod(PeriodColumns, Base):
    """When a service is offered on some dates, in place of its week; `place` counts from 1."""

    __tablename__ = "service_period"
    __table_args__ = (within_a_week(), same_business("service_id", "service", ondelete="CASCADE"))

    service_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    place: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)


class ResourcePeriod(PeriodColumns, Base):
    """When a resource can be used on some dates, in place of its week; `place` counts from 1."""

    __tablename__ = "resource_period"
    __table_args__ = (within_a_week(), same_business("resource_id", "resource", ondelete="CASCADE"))

    resource_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    place: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
