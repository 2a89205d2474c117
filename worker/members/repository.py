"""Who works here."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from shared.contracts.team import TeamRole
from worker.db.engine import AnyRow
from worker.db.models.catalogue import Specialist
from worker.db.models.people import Person, RoleGrant
from worker.db.scope import scope
from worker.ui.names import shown_name

_NAME: Final = (Person.first_name, Person.last_name, Person.username)


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who works here: a person with their roles, a specialist, or both in one."""

    person_id: int | None
    """None for a specialist without Telegram."""
    name: str
    """As it shows at Telegram; empty where the person has never been here, or none shows."""
    roles: Sequence[str] = ()
    specialist_id: int | None = None
    specialist: str | None = None


async def load_members(session: AsyncSession) -> list[Member]:
    """Return who works here: owners first, then admins, then specialists in their order."""
    is_owner = func.bool_or(RoleGrant.role == TeamRole.OWNER)
    roles = await session.execute(
        select(RoleGrant.person_id, func.array_agg(RoleGrant.role), *_NAME)
        .outerjoin(Person, _is_person(RoleGrant.business_id, RoleGrant.person_id))
        .where(RoleGrant.business_id == scope(session))
        .group_by(RoleGrant.person_id, *_NAME)
        .order_by(is_owner.desc(), RoleGrant.person_id)
    )
    works = await session.execute(
        select(Specialist.telegram_id, Specialist.id, Specialist.name, *_NAME)
        .outerjoin(Person, _is_person(Specialist.business_id, Specialist.telegram_id))
        .where(Specialist.business_id == scope(session), Specialist.active)
        .order_by(Specialist.position, Specialist.id)
    )
    managers = [Member(person, shown_name(name), sorted(has)) for person, has, *name in roles]
    specialists = [
        Member(person, shown_name(name), (), *which) for person, *which, name in map(_split, works)
    ]
    return _together(managers, specialists)


def _split(row: AnyRow) -> tuple[Any, ...]:
    person_id, specialist_id, specialist, *name = row
    return person_id, specialist_id, specialist, name


def _together(managers: Iterable[Member], specialists: Collection[Member]) -> list[Member]:
    """Make one of somebody who manages and is a specialist, too."""
    known = {each.person_id: each for each in specialists}
    both = [
        replace(each, specialist_id=works.specialist_id, specialist=works.specialist)
        if each.person_id is not None and (works := known.get(each.person_id))
        else each
        for each in managers
    ]
    seen = {each.specialist_id for each in both}
    return [*both, *(each for each in specialists if each.specialist_id not in seen)]


def _is_person(business_id: Any, person_id: Any) -> ColumnElement[bool]:  # noqa: ANN401 - columns
    return and_(Person.business_id == business_id, Person.id == person_id)
