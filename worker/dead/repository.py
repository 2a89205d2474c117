"""The dead letters: commands that failed for good, until somebody retries or drops them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from pydantic import BaseModel
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.envelope import Envelope, UnknownKindError
from shared.queue.job_format import read_envelope
from shared.queue.port import RetryQueue
from worker.db.engine import Sessions
from worker.db.models.delivery import DeadCommand
from worker.db.scope import scope

NAMING: Final = frozenset({"person_id", "customer_id", "user_id"})
"""What fields of commands are called that name a person."""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A command that failed for good. `envelope` is None where this release cannot read it."""

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


async def add(session: AsyncSession, job_id: str, kind: str, payload: dict[str, Any], reason: str) -> None:
    """Keep a command that failed too often; one that is kept already stays as it is."""
    statement = insert(DeadCommand).values(
        business_id=scope(session), job_id=job_id, kind=kind, payload=payload, reason=reason
    )
    await session.execute(statement.on_conflict_do_nothing())


async def find(sessions: Sessions, ids: Sequence[int]) -> list[DeadLetter]:
    """Load dead letters, oldest first; no ids are all."""
    async with sessions() as session:
        return await load(session, ids)


async def load(session: AsyncSession, ids: Sequence[int] = ()) -> list[DeadLetter]:
    """Load dead letters, oldest first; no ids are all."""
    statement = select(DeadCommand).where(DeadCommand.business_id == scope(session)).order_by(DeadCommand.id)
    if ids:
        statement = statement.where(DeadCommand.id.in_(ids))
    return [_letter(row) for row in await session.scalars(statement)]


async def retry(sessions: Sessions, queue: RetryQueue, letter: DeadLetter) -> bool:
    """Put a command back on the queue in a transaction of its own: see `put_back`."""
    async with sessions.begin() as session:
        return await put_back(session, queue, letter)


async def put_back(session: AsyncSession, queue: RetryQueue, letter: DeadLetter) -> bool:
    """Put a command back on the queue; False where it cannot be read, or is gone.

    The row goes only once the queue has the command. Should the command fail for good at once, its new row
    waits for this transaction's end. Interrupted in between, the command is on the queue and here: retried
    again, it changes nothing twice. Raises QueueUnavailableError.
    """
    if letter.envelope is None or not await remove(session, letter.id):
        return False
    await queue.put_again(letter.envelope)
    return True


async def drop(sessions: Sessions, letter: DeadLetter) -> bool:
    """Forget a command; False where it is gone already."""
    async with sessions.begin() as session:
        return await remove(session, letter.id)


async def remove(session: AsyncSession, letter_id: int) -> bool:
    """Forget a command; False where it is gone already."""
    own = (DeadCommand.business_id == scope(session), DeadCommand.id == letter_id)
    return await session.scalar(delete(DeadCommand).where(*own).returning(DeadCommand.id)) is not None


def is_about(payload: Mapping[str, Any], person_id: int) -> bool:
    """Tell whether a dead letter is a person's command, or one that names them.

    One that nobody can read is, if their number stands in it.
    """
    raw = str(payload.get("raw", ""))
    envelope = _read(raw)
    if envelope is None:
        return str(person_id) in raw
    return person_id in {envelope.actor.id, *_named(envelope.command)}


def _named(said: BaseModel) -> Iterator[int | None]:
    for name, value in said:
        if name in NAMING:
            yield value
        elif isinstance(value, BaseModel):
            yield from _named(value)


def _letter(row: DeadCommand) -> DeadLetter:
    raw = str(row.payload.get("raw", ""))
    return DeadLetter(row.id, row.job_id, row.reason, row.died_at, raw, _read(raw))


def _read(raw: str) -> Envelope | None:
    try:
        return read_envelope(raw)
    except (UnknownKindError, ValueError, LookupError, TypeError):
        return None
