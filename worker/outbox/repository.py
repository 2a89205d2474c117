"""What becomes of a row of the outbox; `worker.due.rows` claims it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, exists, func, literal, or_, select, text, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from worker.db.engine import fetch
from worker.db.models.delivery import Outbox, State
from worker.db.scope import scope
from worker.outbox.message import OUTBOX, PUT_OFF, ClaimedMessage, Subject

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


async def is_overtaken(
    session: AsyncSession, claimed: ClaimedMessage, *kinds: str, unless: str | None = None
) -> bool:
    """Tell whether a later message of one of these kinds about the same subject is promised, or was sent.

    Those whose payload has `unless` do not count.
    """
    later = select(Outbox.id).where(
        *_about(session, claimed.message.subject), Outbox.id > claimed.id, Outbox.kind.in_(kinds)
    )
    if unless is not None:
        later = later.where(~Outbox.payload.has_key(unless))
    return bool(await session.scalar(select(later.exists())))


async def unsaid(session: AsyncSession, claimed: ClaimedMessage, *but: str) -> Sequence[Mapping[str, Any]]:
    """Return the payloads of a message and of those before it that were to say the same, and were not sent.

    They are of its kind and about its subject, after the last of them that was sent and after the last
    message of the kinds `but`; its own is the last.
    """
    about, kind = _about(session, claimed.message.subject), claimed.message.kind
    ends = or_(Outbox.kind.in_(but), (Outbox.kind == kind) & (Outbox.state == State.SENT))
    last = select(func.coalesce(func.max(Outbox.id), 0)).where(*about, Outbox.id < claimed.id, ends)
    own = select(Outbox.payload).where(*about, Outbox.id < claimed.id, Outbox.kind == kind)
    before = await session.scalars(own.where(Outbox.id > last.scalar_subquery()).order_by(Outbox.id))
    return [*before, claimed.message.payload]


async def delay(session: AsyncSession, subject: Subject, kind: str, by: timedelta, **payload: int) -> None:
    """Have what is promised of one kind about a subject come so much later, and know `payload`."""
    due = func.jsonb_build_object("due", Outbox.payload["due"].as_integer() + int(by.total_seconds()))
    await session.execute(
        update(Outbox)
        .where(*_promised(session, subject, kind), Outbox.claimer.is_(None))
        .values(
            due_at=Outbox.due_at + by,
            expires_at=Outbox.expires_at + by,
            payload=Outbox.payload.op("||")(due).op("||")(literal(payload, JSONB)),
        )
        .execution_options(synchronize_session=False)
    )


async def follow_chat(session: AsyncSession, chat_id: int, migrated_to: int) -> None:
    """Send what is promised to a chat to the one that took its place."""
    await session.execute(
        update(Outbox)
        .where(Outbox.business_id == scope(session), Outbox.chat_id == chat_id, Outbox.state == State.PENDING)
        .values(chat_id=migrated_to)
    )


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A message that will not be sent."""

    due_at: datetime
    """When it would have been."""
    payload: Mapping[str, Any]
    known: bool
    """Whether somebody has been sent another one that says the same of the same subject."""


async def take_back(
    session: AsyncSession, subject: Subject, kind: str, *what: str, now: datetime
) -> list[TakenBack]:
    """Take back the messages of a kind that say one of `what`, unless somebody has begun to send them.

    Nobody has of one whose reader wants it to wait, before its time has come.
    """
    waits = Outbox.payload[PUT_OFF].as_float() > now.timestamp()
    unsent = [
        *_promised(session, subject, kind),
        or_(Outbox.attempts == 0, waits),
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
    return [*_about(session, subject), Outbox.kind == kind, Outbox.state == State.PENDING]


def _about(session: AsyncSession, subject: Subject | None) -> list[ColumnElement[bool]]:
    return [
        Outbox.business_id == scope(session),
        Outbox.subject_type == (subject and subject.type),
        Outbox.subject_id == (subject and subject.id),
    ]
