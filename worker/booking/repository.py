"""What can be booked and with whom."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Final

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from worker.db.models.catalogue import Location, Service, Specialist, SpecialistService
from worker.db.scope import scope
from worker.visits.repository import Place


@dataclass(frozen=True, slots=True)
class ServiceSummary:
    """A service as customers see it."""

    id: int
    name: str
    duration: timedelta
    price: Decimal
    cancel_until: timedelta


@dataclass(frozen=True, slots=True)
class SpecialistSummary:
    """A specialist as customers see them."""

    id: int
    name: str


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
        select(Service)
        .where(Service.business_id == scope(session), Service.active, Service.id.in_(done))
        .order_by(Service.position, Service.id)
    )
    return [_summary(service) for service in await session.scalars(statement)]


async def load_service(session: AsyncSession, service_id: int) -> ServiceSummary | None:
    """Load one service; None where it is not offered any more."""
    service = await session.scalar(
        select(Service).where(Service.business_id == scope(session), Service.id == service_id, Service.active)
    )
    return None if service is None else _summary(service)


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


def _summary(service: Service) -> ServiceSummary:
    return ServiceSummary(
        service.id,
        service.name,
        timedelta(minutes=service.duration),
        service.price,
        timedelta(minutes=service.cancel_until),
    )
