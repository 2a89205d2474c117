"""The place for commands that keep failing."""

from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from worker.db.models.delivery import DeadCommand


async def bury(session: AsyncSession, job_id: str, kind: str, payload: dict[str, Any], reason: str) -> None:
    """Keep a command that failed too often, for people to look at."""
    statement = insert(DeadCommand).values(job_id=job_id, kind=kind, payload=payload, reason=reason)
    await session.execute(statement.on_conflict_do_nothing())
