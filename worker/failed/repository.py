"""Who asked for what failed."""

from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from worker.db.models.people import Person
from worker.db.scope import scope
from worker.ui.names import shown_name


async def load_names(session: AsyncSession, people: Collection[int]) -> Mapping[int, str]:
    """Load the names of people as they show, by their ids; who is forgotten has none."""
    named = select(Person.id, Person.first_name, Person.last_name, Person.username).where(
        Person.business_id == scope(session), Person.id.in_(people)
    )
    return {person: shown_name(name) for person, *name in await session.execute(named)}
