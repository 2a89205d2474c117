"""The commands that failed for good: read, put back on the queue, or forgotten."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from pydantic_core import from_json
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from shared.envelope import Envelope
from shared.queue.arq_queue import ArqCommandQueue
from worker.db.engine import Sessions
from worker.db.models.delivery import DeadCommand


@dataclass(frozen=True, slots=True)
class Grave:
    """One dead command. `envelope` is None where this release cannot read it."""

    id: int
    job_id: str
    reason: str
    died_at: datetime
    raw: str
    envelope: Envelope | None

    @property
    def kind(self) -> str:
        """What was asked."""
        return "unreadable" if self.envelope is None else self.envelope.command.kind

    def summary(self) -> dict[str, Any]:
        """Return what `list` says about it."""
        return {
            "id": self.id,
            "kind": self.kind,
            "actor_id": None if self.envelope is None else self.envelope.actor.id,
            "job_id": self.job_id,
            "died_at": self.died_at.isoformat(),
            "reason": self.reason,
        }

    def details(self) -> dict[str, Any]:
        """Return all there is of it."""
        command = None if self.envelope is None else self.envelope.model_dump(mode="json")
        return {**self.summary(), "command": command, "raw": self.raw}


async def find(sessions: Sessions, ids: Sequence[int]) -> list[Grave]:
    """Load dead commands, oldest first; no ids are all."""
    statement = select(DeadCommand).order_by(DeadCommand.id)
    if ids:
        statement = statement.where(DeadCommand.id.in_(ids))
    async with sessions() as session:
        return [_grave(row) for row in await session.scalars(statement)]


async def retry(sessions: Sessions, queue: ArqCommandQueue, grave: Grave) -> bool:
    """Put a command back on the queue; False where it cannot be read, or is gone.

    The row goes only once the queue has the command. Should it fail for good at once, its new grave waits
    for this transaction's end. Interrupted in between, the command is on the queue and here: retried again,
    it changes nothing twice. Raises QueueUnavailableError.
    """
    if grave.envelope is None:
        return False
    async with sessions.begin() as session:
        if not await _remove(session, grave.id):
            return False
        await queue.put_again(grave.envelope)
    return True


async def drop(sessions: Sessions, grave: Grave) -> bool:
    """Forget a command; False where it is gone already."""
    async with sessions.begin() as session:
        return await _remove(session, grave.id)


async def _remove(session: AsyncSession, grave_id: int) -> bool:
    statement = delete(DeadCommand).where(DeadCommand.id == grave_id).returning(DeadCommand.id)
    return await session.scalar(statement) is not None


def _grave(row: DeadCommand) -> Grave:
    raw = str(row.payload.get("raw", ""))
    return Grave(row.id, row.job_id, row.reason, row.died_at, raw, _read(raw))


def _read(raw: str) -> Envelope | None:
    try:
        return Envelope.model_validate(from_json(raw)["a"][0])
    except (ValidationError, ValueError, LookupError, TypeError):
        return None
