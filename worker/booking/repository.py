"""What can be booked and with whom."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import ColumnElement, Text, and_, func, literal_column, select, true
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.ext.asyncio import AsyncSession

from worker.db.models.booking import Booking, Status
from worker.db.models.catalogue import (
    SHOWN_SERVICE,
    Location,
    Service,
    Specialist,
    SpecialistLocation,
    SpecialistService,
)
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
    had: bool = False
    """Whether the customer had it before."""


@dataclass(frozen=True, slots=True)
class SpecialistSummary:
    """A specialist as customers see them."""

    id: int
    name: str
    places: Sequence[int]
    """Ids of where they work."""


@dataclass(frozen=True, slots=True)
class PlaceChoice:
    """A place to choose."""

    id: int
    name: str
    address: str


_SHOWN: Final[ColumnElement[str]] = literal_column(SHOWN_SERVICE, Text)
_DOES: Final = and_(
    Specialist.business_id == SpecialistService.business_id, Specialist.id == SpecialistService.specialist_id
)


async def load_services(
    session: AsyncSession, customer_id: int, specialist_id: int | None = None
) -> list[ServiceSummary]:
    """Load the services that someone does, in the business's order behind what the customer had last."""
    done = (
        select(SpecialistService.service_id)
        .join(Specialist, _DOES)
        .where(
            SpecialistService.business_id == scope(session),
            Specialist.active,
            true() if specialist_id is None else Specialist.id == specialist_id,
        )
    )
    had = (
        select(Booking.service_id, func.max(func.upper(Booking.during)).label("until"))
        .where(
            Booking.business_id == scope(session),
            Booking.customer_id == customer_id,
            Booking.status.in_((Status.CONFIRMED, Status.DONE)),
        )
        .group_by(Booking.service_id)
        .subquery()
    )
    statement = (
        select(Service, _SHOWN, had.c.until.is_not(None))
        .outerjoin(had, had.c.service_id == Service.id)
        .where(Service.business_id == scope(session), Service.active, Service.id.in_(done))
        .order_by(had.c.until.desc().nulls_last(), Service.position, Service.id)
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
        select(Specialist.id, Specialist.name, _places(session))
        .join(SpecialistService, _DOES)
        .where(
            Specialist.business_id == scope(session),
            SpecialistService.service_id == service_id,
            Specialist.active,
        )
        .order_by(Specialist.position, Specialist.id)
    )
    return [
        SpecialistSummary(row.id, row.name, [place for place in row.places if place is not None])
        for row in await session.execute(statement)
    ]


def _places(session: AsyncSession) -> ColumnElement[list[int | None]]:
    """Yield the ids of where a specialist works: the business's first place where the file does not say."""
    own = (
        select(func.array_agg(Location.id))
        .join(
            SpecialistLocation,
            and_(
                SpecialistLocation.business_id == Location.business_id,
                SpecialistLocation.location_id == Location.id,
            ),
        )
        .where(
            Location.business_id == scope(session),
            Location.active,
            SpecialistLocation.specialist_id == Specialist.id,
        )
    )
    first = (
        select(Location.id)
        .where(Location.business_id == scope(session), Location.active)
        .order_by(Location.position, Location.id)
        .limit(1)
    )
    return func.coalesce(own.scalar_subquery(), array([first.scalar_subquery()])).label("places")


async def load_places(session: AsyncSession, ids: Collection[int]) -> list[PlaceChoice]:
    """Load places to choose from, in the business's order."""
    statement = (
        select(Location.id, Location.name, Location.address)
        .where(Location.business_id == scope(session), Location.id.in_(ids))
        .order_by(Location.position, Location.id)
    )
    return [PlaceChoice(*row) for row in await session.execute(statement)]


async def load_place(session: AsyncSession, location_id: int | None) -> Place | None:
    """Load a place; None of none."""
    columns = (Location.name, Location.address, Location.latitude, Location.longitude)
    statement = select(*columns).where(Location.business_id == scope(session), Location.id == location_id)
    row = (await session.execute(statement)).one_or_none()
    return None if row is None else Place(*row)


def _summary(service: Service, shown: str, had: bool = False) -> ServiceSummary:  # noqa: FBT001, FBT002 - a row's
    return ServiceSummary(
        service.id,
        shown,
        timedelta(minutes=service.duration),
        Price.of(service.price),
        timedelta(minutes=service.cancel_until),
        service.category,
        had,
    )
