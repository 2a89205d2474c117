"""What people chose, as it is kept."""

from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from worker.db.models.delivery import Outbox, State
from worker.db.models.people import Person, Preference
from worker.db.scope import scope
from worker.outbox.message import PUT_OFF
from worker.preferences.rules import NO_PREFERENCES, Preferences


async def load(session: AsyncSession, person_id: int) -> Preferences:
    """Load what somebody chose; what they did not is as usual."""
    own = select(Preference).where(
        Preference.business_id == scope(session), Preference.person_id == person_id
    )
    row = (await session.execute(own)).scalar_one_or_none()
    return NO_PREFERENCES if row is None else preferences_of(row)


def preferences_of(row: Preference) -> Preferences:
    """Read what somebody chose from its row."""
    quiet = None
    if row.quiet_from is not None and row.quiet_until is not None:
        quiet = row.quiet_from, row.quiet_until
    return Preferences(row.after_visits, quiet, tuple(row.digest), row.evening)


async def load_locked(session: AsyncSession, person_id: int) -> Preferences:
    """Load what somebody chose; nobody else changes it before this transaction ends."""
    await session.execute(
        select(Person.id)
        .where(Person.business_id == scope(session), Person.id == person_id)
        .with_for_update(key_share=True)
    )
    return await load(session, person_id)


async def write(session: AsyncSession, person_id: int, preferences: Preferences) -> None:
    """Put what somebody chose in place of what they had chosen."""
    quiet_from, quiet_until = preferences.quiet or (None, None)
    values: dict[str, Any] = {
        "after_visits": preferences.after_visits,
        "quiet_from": quiet_from,
        "quiet_until": quiet_until,
        "digest": list(preferences.digest),
        "evening": preferences.evening,
    }
    new = insert(Preference).values(business_id=scope(session), person_id=person_id, **values)
    key = [Preference.business_id, Preference.person_id]
    await session.execute(new.on_conflict_do_update(index_elements=key, set_=values))


async def hasten(session: AsyncSession, person_id: int, kind: str, now: datetime) -> None:
    """Have what was put off for somebody looked at again now: they have chosen anew when they are told."""
    waiting = (
        Outbox.business_id == scope(session),
        Outbox.chat_id == person_id,
        Outbox.kind == kind,
        Outbox.state == State.PENDING,
        Outbox.claimer.is_(None),
        Outbox.payload.has_key(PUT_OFF),
    )
    await session.execute(
        update(Outbox).where(*waiting).values(due_at=now).execution_options(synchronize_session=False)
    )
