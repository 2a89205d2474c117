"""The fence against running an update twice, and the place for commands that keep failing."""

from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.commands import Envelope
from shared.models.delivery import DeadCommand, ProcessedUpdate


async def pass_once(session: AsyncSession, envelope: Envelope) -> bool:
    """Mark the update as processed in this transaction; False where it took effect before.

    A transaction that runs the same update at the same time waits here for the other's end.
    """
    statement = (
        insert(ProcessedUpdate)
        .values(bot_id=envelope.bot_id, update_id=envelope.update_id)
        .on_conflict_do_nothing()
        .returning(ProcessedUpdate.update_id)
    )
    return await session.scalar(statement) is not None


async def bury(session: AsyncSession, job_id: str, kind: str, payload: dict[str, Any], reason: str) -> None:
    """Keep a command that failed too often, for people to look at."""
    statement = insert(DeadCommand).values(job_id=job_id, kind=kind, payload=payload, reason=reason)
    await session.execute(statement.on_conflict_do_nothing())
