"""The fence against running an update twice, and the place for commands that keep failing."""

from typing import Any, Final

from sqlalchemy import bindparam, exists
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.envelope import Envelope
from worker.db.engine import fetch
from worker.db.models.delivery import DeadCommand, ProcessedUpdate
from worker.people.repository import SCENE, Scene, scene_of

_FENCE: Final = (
    insert(ProcessedUpdate)
    .values(bot_id=bindparam("bot_id"), update_id=bindparam("update_id"))
    .on_conflict_do_nothing()
    .returning(ProcessedUpdate.update_id)
    .cte("fence")
)
# Built once: every command that changes something asks it. What is said of who asks may be a moment older
# than the end of a wait: only a run of the same command was waited for, and that one has changed nothing.
_SCENE_BEHIND_THE_FENCE: Final = SCENE.add_columns(
    exists().where(_FENCE.c.update_id.is_not(None)).label("passed")
)


async def pass_once(session: AsyncSession, envelope: Envelope) -> Scene | None:
    """Mark the update as processed in this transaction and load who asks; None where it took effect before.

    A transaction that runs the same update at the same time waits here for the other's end.
    """
    ids = {
        "bot_id": envelope.bot_id,
        "update_id": envelope.update_id,
        "actor_id": envelope.actor.id,
    }
    [row] = await fetch(session, _SCENE_BEHIND_THE_FENCE, ids)
    return scene_of(row) if row.passed else None


async def bury(session: AsyncSession, job_id: str, kind: str, payload: dict[str, Any], reason: str) -> None:
    """Keep a command that failed too often, for people to look at."""
    statement = insert(DeadCommand).values(job_id=job_id, kind=kind, payload=payload, reason=reason)
    await session.execute(statement.on_conflict_do_nothing())
