"""What can be booked and with whom."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from sqlalchemy import ScalarSelect, select
from sqlalchemy.ext.asyncio import AsyncSession

from worker.db.models.catalogue import Location, Service, Specialist, SpecialistService


@dataclass(frozen=True, slots=True)
class Offering:
    """A service as customers see it."""

    id: int
    name: str
    duration: timedelta
    price: Decimal
    cancel_until: timedelta


@dataclass(frozen=True, slots=True)
class Doer:
    """A specialist as customers see them."""

    id: int
    name: str


async def load_offerings(session: AsyncSession) -> list[Offering]:
    """Load the services that someone does, in the business's order."""
    done = select(SpecialistService.service_id).join(
        Specialist, (Specialist.id == SpecialistService.specialist_id) & Specialist.active
    )
    statement = (
        select(Service).where(Service.active, Service.id.in_(done)).order_by(Service.position, Service.id)
    )
    return [_offering(service) for service in await session.scalars(statement)]


async def load_offering(session: AsyncSession, service_id: int) -> Offering | None:
    """Load one service; None where it is not offered any more."""
    service = await session.scalar(select(Service).where(Service.id == service_id, Service.active))
    return None if service is None else _offering(service)


async def load_doers(session: AsyncSession, service_id: int) -> list[Doer]:
    """Load the specialists who do a service, in the business's order."""
    statement = (
        select(Specialist.id, Specialist.name)
        .join(SpecialistService, SpecialistService.specialist_id == Specialist.id)
        .where(SpecialistService.service_id == service_id, Specialist.active)
        .order_by(Specialist.position, Specialist.id)
    )
    return [Doer(*row) for row in await session.execute(statement)]


async def load_location(session: AsyncSession) -> Location | None:
    """Load where visits happen: the first place that is in use."""
    return await session.scalar(select(Location).where(Location.id == first_location()))


def first_location() -> ScalarSelect[int]:
    """Select the id of the first place that is in use, as a part of another statement."""
    in_use = select(Location.id).where(Location.active).order_by(Location.position, Location.id)
    return in_use.limit(1).scalar_subquery()


def _offering(service: Service) -> Offering:
    return Offering(
        service.id,
        service.name,
        timedelta(minutes=service.duration),
        service.price,
        timedelta(minutes=service.cancel_until),
    )
