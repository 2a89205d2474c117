"""Who is asking, and on whose premises: one statement a command."""

from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, bindparam, exists, literal, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.envelope import Actor
from worker.db.engine import AnyRow, fetch
from worker.db.models.catalogue import Business, Specialist
from worker.db.models.people import Person, RoleGrant


@dataclass(frozen=True, slots=True)
class Premises:
    """The business as a command needs it."""

    name: str
    zone: ZoneInfo
    currency: str
    language: str


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a person; the id is also their private chat's."""

    id: int
    first_name: str
    last_name: str | None
    username: str | None
    language_hint: str | None
    """The language of their Telegram app."""
    language: str | None
    """The language they chose here."""
    reachable: bool


@dataclass(frozen=True, slots=True)
class Scene:
    """What is known of the actor before the command runs."""

    premises: Premises | None
    """None until a business file has been applied."""
    person: Known | None
    specialist_id: int | None
    """The specialist the actor is, while active."""
    granted: bool
    """Whether the business file makes the actor an owner or admin."""


_ACTOR: Final = select(bindparam("actor_id", type_=BigInteger).label("id")).subquery()
_PREMISES: Final = (Business.name, Business.timezone, Business.currency, Business.language)
_KNOWN: Final = (
    Person.id,
    Person.first_name,
    Person.last_name,
    Person.username,
    Person.language_hint,
    Person.language,
    Person.reachable,
)
# Built once: every command asks it. Of plain columns: a class of the ORM would double its CPU.
SCENE: Final = (
    select(*_PREMISES, *_KNOWN, Specialist.id, exists().where(RoleGrant.person_id == _ACTOR.c.id))
    .select_from(_ACTOR)
    .outerjoin(Business, literal(value=True))
    .outerjoin(Person, Person.id == _ACTOR.c.id)
    .outerjoin(Specialist, (Specialist.telegram_id == _ACTOR.c.id) & Specialist.active)
)


async def load_scene(session: AsyncSession, actor_id: int) -> Scene:
    """Load the business, the person and their rights."""
    [row] = await fetch(session, SCENE, {"actor_id": actor_id})
    return scene_of(row)


def scene_of(row: AnyRow) -> Scene:
    """Make a scene of a row of SCENE; what comes after its columns is the caller's."""
    name, timezone, currency, language, *rest = row
    premises = None if name is None else Premises(name, ZoneInfo(timezone), currency, language)
    person = None if rest[0] is None else Known(*rest[: len(_KNOWN)])
    specialist_id, granted = rest[len(_KNOWN) : len(_KNOWN) + 2]
    return Scene(premises, person, specialist_id, granted)


def is_known(person: Known | None, actor: Actor) -> bool:
    """Tell whether the actor is stored just as Telegram describes them now."""
    return person is not None and (
        person.first_name,
        person.last_name,
        person.username,
        person.language_hint,
        person.reachable,
    ) == (actor.first_name, actor.last_name, actor.username, actor.language_code, True)


async def save_person(session: AsyncSession, actor: Actor) -> Known:
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
        .values(id=actor.id, **described)
        .on_conflict_do_update(index_elements=[Person.id], set_=described)
        .returning(*_KNOWN)
    )
    return Known(*(await session.execute(statement)).one())


async def set_reachable(session: AsyncSession, person_id: int, *, reachable: bool) -> None:
    """Note that the person can or cannot be written to."""
    await session.execute(update(Person).where(Person.id == person_id).values(reachable=reachable))


async def set_language(session: AsyncSession, person_id: int, language: str) -> None:
    """Note the language the person chose."""
    await session.execute(update(Person).where(Person.id == person_id).values(language=language))
