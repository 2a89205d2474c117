"""Whom staff book for."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from shared.envelope import NOBODY
from worker.db.models.catalogue import SpecialistService
from worker.db.models.people import Person
from worker.db.scope import scope
from worker.runtime.repository import USER_COLUMNS, User


@dataclass(frozen=True, slots=True)
class NamedCustomer:
    """A customer for whom staff ask."""

    user: User
    phone: str | None
    """In E.164, where staff wrote it down."""


async def load_customer(session: AsyncSession, person_id: int) -> NamedCustomer | None:
    """Load whom staff name; None for whom is not known here, or forgotten."""
    if person_id == NOBODY:
        return None
    own = (Person.business_id == scope(session), Person.id == person_id)
    row = (await session.execute(select(*USER_COLUMNS, Person.phone).where(*own))).one_or_none()
    if row is None:
        return None
    *known, phone = row
    return NamedCustomer(User(*known), phone)


async def services_of(session: AsyncSession, specialist_id: int | None) -> set[int]:
    """Load which services a specialist does."""
    own = (SpecialistService.business_id == scope(session), SpecialistService.specialist_id == specialist_id)
    return {*await session.scalars(select(SpecialistService.service_id).where(*own))}
