"""Events of the business, written in the transaction that changes it, and changed only to forget people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from shared.envelope import NOBODY
from worker.db.models.base import Base
from worker.db.models.history import BusinessEvent
from worker.db.scope import scope
from worker.events.author import Author
from worker.retention.repository import remove


@dataclass(frozen=True, slots=True)
class NewEvent:
    """Something that happens to the business, without who did it."""

    kind: str
    section: str
    """The part of the business file, or what else of the business it is about."""
    name: str = ""
    number: int | None = None
    """The entry's row."""
    table: type[Base] | None = None
    """Where an entry that is new has its row by now, under `called`."""
    called: Mapping[str, str] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)
    people: Sequence[int] = ()
    """Whom `data` names."""


async def note(session: AsyncSession, author: Author, now: datetime, events: Sequence[NewEvent]) -> None:
    """Note what happens to the business, in one statement; without events, nothing is asked."""
    if not events:
        return
    rows = [
        {
            "business_id": scope(session),
            "actor_id": author.person_id,
            "source": author.source,
            "command": author.command,
            "kind": each.kind,
            "section": each.section,
            "number": _number(session, each),
            "name": each.name,
            "people": list(each.people) or None,
            "data": dict(each.data),
            "at": now,
        }
        for each in events
    ]
    await session.execute(insert(BusinessEvent).values(rows))


async def forget_named(session: AsyncSession, people: Sequence[int]) -> None:
    """Forget that people changed the business, and what is noted of changes that named them."""
    event = BusinessEvent
    did, named = event.actor_id.in_(people), event.people.overlap(people)
    await session.execute(
        update(event).where(event.business_id == scope(session), did).values(actor_id=NOBODY)
    )
    await session.execute(
        update(event).where(event.business_id == scope(session), named).values(data={}, people=None)
    )


async def remove_old(session: AsyncSession, before: datetime, limit: int) -> int:
    """Remove what was noted before."""
    return await remove(session, BusinessEvent.id, limit, BusinessEvent.at < before)


def _number(session: AsyncSession, event: NewEvent) -> int | ColumnElement[int] | None:
    """Return the entry's row; of one that was just written, how to find it."""
    if event.number is not None or event.table is None:
        return event.number
    columns = event.table.__table__.c
    called = [columns[name] == value for name, value in event.called.items()]
    own = (columns.business_id == scope(session), columns.active)
    return select(func.max(columns.id)).where(*own, *called).scalar_subquery()
