"""Which services can be one of several in a visit, and what they are called."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import BigInteger, Text, bindparam, column, func, literal_column, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from worker.db.engine import fetch
from worker.db.models.booking import Booking, Mark, Status
from worker.db.models.catalogue import SHOWN_SERVICE, Service
from worker.db.scope import BUSINESS_ID, scope
from worker.scheduling.combinable import COMBINABLE

_SQL: Final = """
    SELECT service.id FROM service
    WHERE service.business_id = :business AND service.active AND {combinable} AND EXISTS (
        SELECT FROM specialist_service AS doing
        JOIN specialist ON specialist.business_id = doing.business_id
            AND specialist.id = doing.specialist_id AND specialist.active
        LEFT JOIN specialist_location AS place ON place.business_id = specialist.business_id
            AND place.specialist_id = specialist.id
        WHERE doing.business_id = service.business_id AND doing.service_id = service.id
            AND (
                CAST(:location_id AS bigint) IS NULL
                OR coalesce(place.location_id, :location_id) = :location_id
            )
    )
"""
_COMBINABLE: Final = (
    text(_SQL.format(combinable=COMBINABLE))
    .bindparams(BUSINESS_ID, bindparam("location_id", type_=BigInteger))
    .columns(column("id"))
)


async def load_combinable(session: AsyncSession, location_id: int | None) -> set[int]:
    """Load which services can be one of several, at a place or anywhere."""
    return {row.id for row in await fetch(session, _COMBINABLE, {"location_id": location_id})}


async def load_followed(session: AsyncSession, customer_id: int, service_id: int) -> list[int]:
    """Load which services followed a service when a customer had it last, in their order."""
    visit = (
        select(Booking.id)
        .where(
            Booking.business_id == scope(session),
            Booking.customer_id == customer_id,
            Booking.service_id == service_id,
            Booking.status.in_((Status.CONFIRMED, Status.DONE)),
            Booking.outcome.is_distinct_from(Mark.NO_SHOW),
        )
        .order_by(func.upper(Booking.during).desc())
        .limit(1)
        .scalar_subquery()
    )
    part = aliased(Booking)
    followed = select(part.service_id).where(part.business_id == scope(session), part.part_of == visit)
    return [*await session.scalars(followed.order_by(func.lower(part.during)))]


async def load_names(session: AsyncSession, ids: Sequence[int]) -> list[str]:
    """Load what services are called, in the order of their numbers as they are given."""
    own = (Service.business_id == scope(session), Service.id.in_(ids))
    rows = await session.execute(select(Service.id, literal_column(SHOWN_SERVICE, Text)).where(*own))
    names = {number: name for number, name in rows}  # noqa: C416 - rows are no pairs
    return [names[number] for number in ids if number in names]
