"""People whom staff book for: found by name or phone number, and written down where they are new."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Float,
    Text,
    bindparam,
    column,
    func,
    literal_column,
    or_,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from shared.envelope import NOBODY
from worker.adding.rules import Introduction
from worker.db.engine import fetch
from worker.db.models.booking import Booking
from worker.db.models.people import WITHOUT_TELEGRAM, Person
from worker.db.scope import BUSINESS_ID, scope
from worker.ui.names import shown_name


@dataclass(frozen=True, slots=True)
class FoundCustomer:
    """Somebody whom a visit may be for."""

    id: int
    name: str
    """As it shows; empty where none does."""
    phone: str | None


ALIKE: Final = 0.5
"""From so much likeness on a word of a name is what was typed, with a slip: what pg_trgm makes of both."""

_NAMES: Final = ("id", "first_name", "last_name", "username", "phone")
# Who has the number comes first, then whose name is most like what was typed, then who was here last.
_SEARCH: Final = (
    text(
        """
    SELECT person.id, first_name, last_name, username, phone
    FROM person
    CROSS JOIN LATERAL (SELECT concat_ws(' ', first_name, last_name, username) AS name) AS called
    CROSS JOIN LATERAL (
        SELECT word_similarity(:typed, name) AS likeness, :digits <> '' AND phone LIKE :number AS numbered
    ) AS fitting
    WHERE person.business_id = :business AND person.id <> 0
        AND (name ILIKE :pattern OR likeness >= :alike OR numbered)
    ORDER BY numbered DESC NULLS LAST, likeness DESC,
        (SELECT max(upper(booking.during)) FROM booking
            WHERE booking.business_id = :business AND booking.customer_id = person.id) DESC NULLS LAST,
        person.id
    LIMIT :most
    """
    )
    .bindparams(
        BUSINESS_ID,
        bindparam("pattern", type_=Text),
        bindparam("typed", type_=Text),
        bindparam("digits", type_=Text),
        bindparam("number", type_=Text),
        bindparam("alike", ALIKE, type_=Float),
        bindparam("most", type_=BigInteger),
    )
    .columns(*map(column, _NAMES))
)


async def search(session: AsyncSession, typed: str, digits: str, most: int) -> list[FoundCustomer]:
    """Find people by a part of their name, or one much like it, and by digits of their phone number."""
    escaped = typed.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    values = {
        "pattern": f"%{escaped}%",
        "typed": typed,
        "digits": digits,
        "number": f"%{digits}%",
        "most": most,
    }
    return [_found(row) for row in await fetch(session, _SEARCH, values)]


async def load_recent(session: AsyncSession, specialist_id: int | None, most: int) -> list[FoundCustomer]:
    """Load who had or has the latest visits: a specialist's, or anyone's."""
    latest = func.max(func.lower(Booking.during))
    part = aliased(Booking)
    parts = select(part.part_of).where(
        part.business_id == scope(session), part.specialist_id == specialist_id
    )
    theirs = or_(Booking.specialist_id == specialist_id, Booking.id.in_(parts))
    own: list[ColumnElement[bool]] = [] if specialist_id is None else [theirs]
    visits = (
        select(Booking.customer_id, latest.label("at"))
        .where(Booking.business_id == scope(session), Booking.customer_id != 0, *own)
        .group_by(Booking.customer_id)
        .subquery()
    )
    statement = (
        select(Person.id, Person.first_name, Person.last_name, Person.username, Person.phone)
        .join(visits, visits.c.customer_id == Person.id)
        .where(Person.business_id == scope(session))
        .order_by(visits.c.at.desc(), Person.id)
        .limit(most)
    )
    return [_found(row) for row in await session.execute(statement)]


async def write_down(session: AsyncSession, who: Introduction) -> int:
    """Keep somebody without Telegram; return their id. Who has that name and number already stays one.

    So does who has them at Telegram, where staff noted the number.
    """
    called = func.lower(func.concat_ws(" ", Person.first_name, Person.last_name))
    here = select(Person.id).where(
        Person.business_id == scope(session),
        Person.id > NOBODY,
        Person.phone == who.phone,
        called == who.name.lower(),
    )
    known = await session.scalar(here.order_by(Person.id).limit(1))
    if known is not None:
        return known
    number = await session.scalar(select(WITHOUT_TELEGRAM.next_value()))
    values = {"id": -int(number or 0), "first_name": who.name, "phone": who.phone, "reachable": False}
    statement = insert(Person).values(business_id=scope(session), **values)
    # Writing the same name again has the statement return the row that is there. The condition is written
    # out: once a connection's plan is generic, PostgreSQL finds no partial index by a parameter.
    kept = statement.on_conflict_do_update(
        index_elements=[Person.business_id, Person.phone, func.lower(Person.first_name)],
        index_where=Person.id < literal_column("0"),
        set_={"first_name": Person.first_name},
    )
    return int((await session.execute(kept.returning(Person.id))).scalar_one())


def _found(row: Any) -> FoundCustomer:  # noqa: ANN401 - a row of either statement
    return FoundCustomer(row.id, shown_name([row.first_name, row.last_name, row.username]), row.phone)
