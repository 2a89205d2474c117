"""Drafts: forms that are too large for a button. Each belongs to the person who fills it in."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from shared.contracts.base import DraftRef
from worker.db.models.flows import Draft
from worker.db.scope import scope

KEPT_FOR: Final = timedelta(days=1)
MOST_DRAFTS: Final = 20
"""Of one kind of one person, whose newer buttons are the ones that are tapped."""


@dataclass(frozen=True, slots=True)
class DraftData:
    """What a draft holds, and how buttons name it."""

    ref: DraftRef
    data: dict[str, Any]


async def create(
    session: AsyncSession,
    person_id: int,
    kind: str,
    data: dict[str, Any],
    now: datetime,
    kept_for: timedelta = KEPT_FOR,
) -> DraftRef:
    """Begin a draft; return how buttons name it. Of too many of a person the oldest goes."""
    own = (Draft.business_id == scope(session), Draft.person_id == person_id, Draft.kind == kind)
    too_many = select(Draft.id).where(*own).order_by(Draft.id.desc()).offset(MOST_DRAFTS - 1)
    gone = delete(Draft).where(Draft.business_id == scope(session), Draft.id.in_(too_many)).cte("gone")
    values = {"person_id": person_id, "kind": kind, "data": data, "expires_at": now + kept_for}
    statement = insert(Draft).values(business_id=scope(session), **values).returning(Draft.id, Draft.version)
    draft_id, version = (await session.execute(statement.add_cte(gone))).one()
    return DraftRef(id=draft_id, version=version)


async def load(
    session: AsyncSession, person_id: int, kind: str, ref: DraftRef, now: datetime
) -> DraftData | None:
    """Load and lock a person's draft; None where it is gone, over, somebody else's, or has changed since."""
    statement = (
        select(Draft.data)
        .where(
            _is(session, ref),
            Draft.version == ref.version,
            Draft.person_id == person_id,
            Draft.kind == kind,
            Draft.expires_at > now,
        )
        .with_for_update()
    )
    data = await session.scalar(statement)
    return None if data is None else DraftData(ref, data)


async def load_as_it_is(
    session: AsyncSession, person_id: int, kind: str, draft_id: int, now: datetime
) -> DraftData | None:
    """Load and lock a person's draft, whatever its version; None where it is gone, over or another's."""
    statement = (
        select(Draft.version, Draft.data)
        .where(
            Draft.business_id == scope(session),
            Draft.id == draft_id,
            Draft.person_id == person_id,
            Draft.kind == kind,
            Draft.expires_at > now,
        )
        .with_for_update()
    )
    row = (await session.execute(statement)).one_or_none()
    return None if row is None else DraftData(DraftRef(id=draft_id, version=row.version), row.data)


async def load_newest(
    session: AsyncSession, person_id: int, kind: str, now: datetime, *, lock: bool = True
) -> DraftData | None:
    """Load and lock the draft of a kind that a person began last, whatever its version; None without one.

    Who only shows something does not lock it.
    """
    statement = (
        select(Draft.id, Draft.version, Draft.data)
        .where(
            Draft.business_id == scope(session),
            Draft.person_id == person_id,
            Draft.kind == kind,
            Draft.expires_at > now,
        )
        .order_by(Draft.id.desc())
        .limit(1)
    )
    statement = statement.with_for_update() if lock else statement
    row = (await session.execute(statement)).one_or_none()
    return None if row is None else DraftData(DraftRef(id=row.id, version=row.version), row.data)


async def save(
    session: AsyncSession, draft: DraftData, now: datetime, kept_for: timedelta = KEPT_FOR
) -> DraftRef:
    """Keep what a draft holds now; return how buttons name it from now on."""
    await session.execute(
        update(Draft)
        .where(_is(session, draft.ref), Draft.version == draft.ref.version)
        .values(data=draft.data, version=Draft.version + 1, expires_at=now + kept_for)
    )
    return draft.ref.model_copy(update={"version": draft.ref.version + 1})


async def discard(session: AsyncSession, draft: DraftData) -> None:
    """End a draft."""
    await session.execute(delete(Draft).where(_is(session, draft.ref)))


def _is(session: AsyncSession, ref: DraftRef) -> ColumnElement[bool]:
    return and_(Draft.business_id == scope(session), Draft.id == ref.id)
