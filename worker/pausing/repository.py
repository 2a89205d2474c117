"""The business's pause, as it is kept."""

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from worker.db.locks import lock_business
from worker.db.models.catalogue import Business
from worker.db.scope import scope
from worker.pause import Pause


async def load_locked(session: AsyncSession) -> Pause:
    """Load the pause, once whoever is just being given a visit has it: from then on nobody is.

    Nobody else changes the business before this transaction ends.
    """
    await lock_business(session)
    loading = select(Business.paused, Business.paused_until, Business.pause_text)
    return Pause(*(await session.execute(loading.where(Business.id == scope(session)))).one())


async def write(session: AsyncSession, pause: Pause) -> None:
    """Put a pause in place of the one that was."""
    values: dict[str, Any] = {
        "paused": pause.paused,
        "paused_until": pause.until,
        "pause_text": pause.text,
    }
    await session.execute(update(Business).where(Business.id == scope(session)).values(values))
