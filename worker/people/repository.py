"""People as Telegram describes them, and what they chose here."""

from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.envelope import Actor
from worker.db.models.people import Person
from worker.db.scope import scope
from worker.runtime.repository import USER_COLUMNS, User


def is_known(person: User | None, actor: Actor) -> bool:
    """Tell whether the actor is stored just as Telegram describes them now."""
    return person is not None and (
        person.first_name,
        person.last_name,
        person.username,
        person.language_hint,
        person.reachable,
    ) == (actor.first_name, actor.last_name, actor.username, actor.language_code, True)


async def save_person(session: AsyncSession, actor: Actor) -> User:
    """Store the actor as Telegram describes them now; whoever writes to us can be reached."""
    described = {
        "first_name": actor.first_name,
        "last_name": actor.last_name,
        "username": actor.username,
        "language_hint": actor.language_code,
        "reachable": True,
    }
    statement = (
        insert(Person)
        .values(business_id=scope(session), id=actor.id, **described)
        .on_conflict_do_update(index_elements=[Person.business_id, Person.id], set_=described)
        .returning(*USER_COLUMNS)
    )
    return User(*(await session.execute(statement)).one())


async def load_person(session: AsyncSession, person_id: int) -> User | None:
    """Load a person; None for one who has never used the bot."""
    row = (await session.execute(select(*USER_COLUMNS).where(_is(session, person_id)))).one_or_none()
    return None if row is None else User(*row)


async def set_reachable(session: AsyncSession, person_id: int, *, reachable: bool) -> None:
    """Note that the person can or cannot be written to."""
    await session.execute(update(Person).where(_is(session, person_id)).values(reachable=reachable))


async def set_language(session: AsyncSession, person_id: int, language: str) -> None:
    """Note the language the person chose."""
    await session.execute(update(Person).where(_is(session, person_id)).values(language=language))


def _is(session: AsyncSession, person_id: int) -> ColumnElement[bool]:
    return and_(Person.business_id == scope(session), Person.id == person_id)
