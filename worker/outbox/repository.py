"""What becomes of a row of the outbox; `worker.due.rows` claims it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, exists, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from worker.db.engine import fetch
from worker.db.models.delivery import Outbox, State
from worker.db.scope import scope
from worker.outbox.message import OUTBOX, ClaimedMessage, Subject

# Built once: each message that is sent ends with it.
_MARK_SENT: Final = text(
    "UPDATE outbox SET state = :sent, sent_at = :now, message_id = :message_id, last_error = NULL"
    " WHERE business_id = :business AND id = :row_id AND state = :pending"
).bindparams(sent=State.SENT, pending=State.PENDING)


async def mark_sent(session: AsyncSession, row_id: int, now: datetime, message_id: int | None) -> None:
    """Note that Telegram has it, whoever may have claimed it since."""
    await fetch(session, _MARK_SENT, {"row_id": row_id, "now": now, "message_id": message_id})


async def close(
    session: AsyncSession, claimed: ClaimedMessage, state: State, reason: str | None = None
) -> None:
    """End a message of ours that will not be sent."""
    await OUTBOX.change(session, [claimed], state=state, last_error=reason)


async def postpone(session: AsyncSession, claimed: ClaimedMessage, until: datetime, reason: str) -> None:
    """Give a message of ours back, to be sent later."""
    await OUTBOX.postpone(session, [claimed], until, last_error=reason)


async def count_fault(session: AsyncSession, claimed: ClaimedMessage, until: datetime, reason: str) -> None:
    """Give a message of ours back that failed by its own fault, and count that."""
    await OUTBOX.postpone(session, [claimed], until, last_error=reason, faults=claimed.faults + 1)


async def is_promised_later(
    session: AsyncSession, claimed: ClaimedMessage, kind: str, message_id: int
) -> bool:
    """Tell whether a chat's message has been promised to another subject since, by a message of that kind."""
    subject = claimed.message.subject
    later = select(Outbox.id).where(
        Outbox.business_id == scope(session),
        Outbox.chat_id == claimed.message.chat_id,
        Outbox.id > claimed.id,
        Outbox.kind == kind,
        Outbox.subject_id != (subject and subject.id),
        Outbox.payload["message_id"].as_integer() == message_id,
    )
    return bool(await session.scalar(select(later.exists())))


async def follow_chat(session: AsyncSession, chat_id: int, migrated_to: int) -> None:
    """Send what is promised to a chat to the one that took its place."""
    await session.execute(
        update(Outbox)
        .where(Outbox.business_id == scope(session), Outbox.chat_id == chat_id, Outbox.state == State.PENDING)
        .values(chat_id=migrated_to)
    )


async def void(session: AsyncSession, subject: Subject, kind: str) -> None:
    """Take back what is still promised of one kind about a subject."""
    promised = _promised(session, subject, kind)
    await session.execute(update(Outbox).where(*promised).values(state=State.VOID))


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A message that will not be sent."""

    due_at: datetime
    """When it would have been."""
    payload: Mapping[str, Any]
    known: bool
    """Whether somebody has been sent another one that says the same of the same subject."""


async def take_back(session: AsyncSession, subject: Subject, kind: str, *what: str) -> list[TakenBack]:
    """Take back the messages of a kind that say one of `what`, unless somebody has begun to send them."""
    unsent = [
        *_promised(session, subject, kind),
        Outbox.attempts == 0,
        Outbox.claimer.is_(None),
        Outbox.payload["what"].astext.in_(what),
    ]
    sent = aliased(Outbox)
    known = exists().where(
        sent.business_id == scope(session),
        sent.subject_type == subject.type,
        sent.subject_id == subject.id,
        sent.kind == kind,
        sent.state == State.SENT,
        sent.payload["what"].astext == Outbox.payload["what"].astext,
    )
    statement = update(Outbox).where(*unsent).values(state=State.VOID)
    returning = statement.returning(Outbox.due_at, Outbox.payload, known)
    rows = await session.execute(returning.execution_options(synchronize_session=False))
    return [TakenBack(*row) for row in rows]


def _promised(session: AsyncSession, subject: Subject, kind: str) -> list[ColumnElement[bool]]:
    return [
        Outbox.business_id == scope(session),
        Outbox.subject_type == subject.type,
        Outbox.subject_id == subject.id,
        Outbox.kind == kind,
        Outbox.state == State.PENDING,
    ]
