"""What can be booked and with whom."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import ColumnElement, Text, and_, literal_column, select
from sqlalchemy.ext.asyncio import AsyncSession

from worker.db.models.catalogue import SHOWN_SERVICE, Location, Service, Specialist, SpecialistService
from worker.db.scope import scope
from worker.price import Price
from worker.visits.repository import Place


@dataclass(frozen=True, slots=True)
class ServiceSummary:
    """A service as customers see it."""

    id: int
    name: str
    """What people read: with the category where another service has that name."""
    duration: timedelta
    price: Price | None
    cancel_until: timedelta
    category: str = ""
    """What it is found under; nothing where the business has no categories."""


@dataclass(frozen=True, slots=True)
class SpecialistSummary:
    """A specialist as customers see them."""

    id: int
    name: str


_SHOWN: Final[ColumnElement[str]] = literal_column(SHOWN_SERVICE, Text)
_DOES: Final = and_(
    Specialist.business_id == SpecialistService.business_id, Specialist.id == SpecialistService.specialist_id
)


async def load_services(session: AsyncSession) -> list[ServiceSummary]:
    """Load the services that someone does, in the business's order."""
    done = (
        select(SpecialistService.service_id)
        .join(Specialist, _DOES)
        .where(SpecialistService.business_id == scope(session), Specialist.active)
    )
    statement = (
        select(Service, _SHOWN)
        .where(Service.business_id == scope(session), Service.active, Service.id.in_(done))
        .order_by(Service.position, Service.id)
    )
    return [_summary(*row) for row in await session.execute(statement)]


async def load_service(session: AsyncSession, service_id: int) -> ServiceSummary | None:
    """Load one service; None where it is not offered any more."""
    own = (Service.business_id == scope(session), Service.id == service_id, Service.active)
    row = (await session.execute(select(Service, _SHOWN).where(*own))).one_or_none()
    return None if row is None else _summary(*row)


async def load_specialists(session: AsyncSession, service_id: int) -> list[SpecialistSummary]:
    """Load the specialists who do a service, in the business's order."""
    statement = (
        select(Specialist.id, Specialist.name)
        .join(SpecialistService, _DOES)
        .where(
            Specialist.business_id == scope(session),
            SpecialistService.service_id == service_id,
            Specialist.active,
        )
        .order_by(Specialist.position, Specialist.id)
    )
    return [SpecialistSummary(*row) for row in await session.execute(statement)]


async def load_place(session: AsyncSession) -> Place | None:
    """Load where visits happen: the first place that is in use."""
    columns = (Location.name, Location.address, Location.latitude, Location.longitude)
    statement = (
        select(*columns)
        .where(Location.business_id == scope(session), Location.active)
        .order_by(Location.position, Location.id)
        .limit(1)
    )
    row = (await session.execute(statement)).one_or_none()
    return None if row is None else Place(*row)


def _summary(service: Service, shown: str) -> ServiceSummary:
    return ServiceSummary(
        service.id,
        shown,
        timedelta(minutes=service.duration),
        Price.of(service.price),
        timedelta(minutes=service.cancel_until),
        service.category,
    )
