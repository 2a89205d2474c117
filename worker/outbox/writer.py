"""The one way into the outbox: messages are written in the transaction that promises them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from pydantic_core import to_json
from sqlalchemy import column, text
from sqlalchemy.ext.asyncio import AsyncSession

from shared.contracts.base import KIND
from worker.db.engine import fetch
from worker.db.scope import BUSINESS_ID
from worker.due.rows import CLAIM
from worker.outbox.message import THREAD, Chat, ClaimedMessage, OutboxMessage, Promised, TimerSetting

# One round trip, however much it is. The rows travel as JSON, in which they can be of any number in a
# statement that stays the same; they get their ids in their order, which is the order of delivery.
_WRITE: Final = (
    text(
        """
    WITH noted AS (
        INSERT INTO booking_event (business_id, booking_id, kind, actor_id, source, data, at)
        SELECT :business, booking_id, kind, actor_id, source, data, at
        FROM jsonb_populate_recordset(CAST(NULL AS booking_event), CAST(:events AS jsonb))
    ), voided AS (
        UPDATE outbox SET state = 'void'
        FROM jsonb_to_recordset(CAST(:voided AS jsonb))
            AS each(kind text, subject_type text, subject_id bigint)
        WHERE outbox.business_id = :business AND outbox.subject_id = each.subject_id
            AND outbox.subject_type = each.subject_type AND outbox.kind = each.kind
            AND outbox.state = 'pending'
    ), cancelled AS (
        DELETE FROM timer WHERE business_id = :business AND key = ANY(CAST(:cancelled AS text[]))
    ), timed AS (
        INSERT INTO timer (business_id, key, kind, payload, due_at)
        SELECT :business, key, kind, payload, due_at
        FROM jsonb_populate_recordset(CAST(NULL AS timer), CAST(:timers AS jsonb))
        ON CONFLICT (business_id, key) DO UPDATE SET kind = excluded.kind, payload = excluded.payload,
            due_at = excluded.due_at, attempts = timer.attempts + 1, claimer = NULL
    )
    INSERT INTO outbox (
        business_id, kind, chat_id, url, subject_type, subject_id, payload, dedupe_key, due_at, expires_at,
        claimer
    )
    SELECT :business, kind, chat_id, url, subject_type, subject_id, payload, dedupe_key, due_at, expires_at,
        CASE WHEN claimer = 'writer' THEN current_setting('application_name') END
    FROM jsonb_populate_recordset(CAST(NULL AS outbox), CAST(:messages AS jsonb))
    ON CONFLICT (business_id, dedupe_key) DO NOTHING
    RETURNING id, dedupe_key
    """
    )
    .bindparams(BUSINESS_ID)
    .columns(column("id"), column("dedupe_key"))
)


async def enqueue(
    session: AsyncSession,
    messages: Sequence[OutboxMessage],
    now: datetime,
    events: Sequence[Mapping[str, Any]] = (),
    timers: Mapping[str, TimerSetting | None] | None = None,
    voided: Iterable[Promised] = (),
) -> frozenset[str]:
    """Promise messages; whichever replica sees them due sends them. One that was promised before is left.

    Returns the keys of the others. What would go to people without Telegram is not promised.
    """
    rows = [_row(message, now) for message in messages if _can_be_sent(message)]
    return frozenset(await _write(session, rows, events, timers, voided))


async def write(
    session: AsyncSession,
    messages: Sequence[OutboxMessage],
    now: datetime,
    events: Sequence[Mapping[str, Any]] = (),
    timers: Mapping[str, TimerSetting | None] | None = None,
    voided: Iterable[Promised] = (),
) -> list[ClaimedMessage]:
    """Write what a command leaves behind beside its own change: messages, events of bookings, and timers.

    What was still promised of `voided` is taken back, and what is promised now is not.

    Returns the messages that are for at once, claimed: the caller delivers them after the commit. If it dies,
    they are due for every replica when the claim is over.
    """
    until = now + CLAIM
    messages = [message for message in messages if _can_be_sent(message)]
    rows = [_row(message, until) | {"claimer": None if message.due_at else "writer"} for message in messages]
    ids = await _write(session, rows, events, timers, voided)
    return [
        ClaimedMessage(row_id, 0, now, until, taken_over=False, message=message)
        for message in messages
        if (row_id := ids.pop(message.key, None)) is not None and message.due_at is None
    ]


def _can_be_sent(message: OutboxMessage) -> bool:
    return not isinstance(message.destination, Chat) or message.destination.is_anybodys


async def _write(
    session: AsyncSession,
    rows: Sequence[Mapping[str, Any]],
    events: Sequence[Mapping[str, Any]] = (),
    timers: Mapping[str, TimerSetting | None] | None = None,
    voided: Iterable[Promised] = (),
) -> dict[str, int]:
    taken_back = [_promised(each) for each in voided]
    if not (rows or events or timers or taken_back):
        return {}
    timers = timers or {}
    values = {
        "events": to_json(events).decode(),
        "messages": to_json(rows).decode(),
        "timers": to_json([_timer(key, each) for key, each in timers.items() if each]).decode(),
        "voided": to_json(taken_back).decode(),
        "cancelled": [key for key, each in timers.items() if each is None],
    }
    return {key: row_id for row_id, key in await fetch(session, _WRITE, values)}


def _timer(key: str, setting: TimerSetting) -> dict[str, Any]:
    fields = setting.command.model_dump(mode="json", exclude={KIND})
    return {"key": key, "kind": setting.command.kind, "payload": fields, "due_at": setting.due_at}


def _promised(promised: Promised) -> dict[str, Any]:
    subject = promised.subject
    return {"kind": promised.kind, "subject_type": subject.type, "subject_id": subject.id}


def _row(message: OutboxMessage, at_once: datetime) -> dict[str, Any]:
    to, subject = message.destination, message.subject
    topic = {THREAD: to.thread_id} if isinstance(to, Chat) and to.thread_id is not None else {}
    return {
        "kind": message.kind,
        "chat_id": to.id if isinstance(to, Chat) else None,
        "url": None if isinstance(to, Chat) else to.url,
        "subject_type": subject and subject.type,
        "subject_id": subject and subject.id,
        "payload": {**message.payload, **topic},
        "dedupe_key": message.key,
        "due_at": message.due_at or at_once,
        "expires_at": message.expires_at,
    }
