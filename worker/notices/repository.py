"""Who answers for a specialist's visits."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ARRAY, BigInteger, bindparam, column, func, literal, select, text, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from worker.db.engine import fetch
from worker.db.models.booking import BookingEvent
from worker.db.models.delivery import Outbox, State
from worker.db.scope import BUSINESS_ID, scope
from worker.notices.rules import Desk
from worker.outbox.message import PUT_OFF

_NAMES: Final = (
    *("specialist", "active", "telegram_id", "here", "reachable", "managers", "languages"),
    *("timezone", "quiet_from", "quiet_until", "digest"),
)
NOTICED: Final = "noticed"
"""Where a notice that waits keeps since when there has been something to tell."""
_DESK: Final = (
    text(
        """
    SELECT specialist.name AS specialist, specialist.active, specialist.telegram_id,
        person.id IS NOT NULL AS here, coalesce(person.reachable, false) AS reachable,
        ARRAY(
            SELECT manager.id FROM person AS manager
            WHERE manager.business_id = :business AND manager.reachable AND (
                manager.id = ANY(:by_settings) OR manager.id IN (
                    SELECT person_id FROM role_grant WHERE role_grant.business_id = :business
                )
            )
            ORDER BY manager.id
        ) AS managers,
        ARRAY[reader.language, reader.language_hint] AS languages,
        business.timezone, preference.quiet_from, preference.quiet_until,
        coalesce(preference.digest, '{}') AS digest
    FROM specialist
    JOIN business ON business.id = specialist.business_id
    LEFT JOIN person ON person.business_id = specialist.business_id AND person.id = specialist.telegram_id
    LEFT JOIN person AS reader ON reader.business_id = specialist.business_id AND reader.id = :reader
    LEFT JOIN preference ON preference.business_id = specialist.business_id
        AND preference.person_id = :reader
    WHERE specialist.business_id = :business AND specialist.id = :specialist_id
    """
    )
    .bindparams(
        BUSINESS_ID,
        bindparam("specialist_id", type_=BigInteger),
        bindparam("by_settings", type_=ARRAY(BigInteger)),
        bindparam("reader", type_=BigInteger),
    )
    .columns(*map(column, _NAMES))
)


async def count_lately(session: AsyncSession, booking_id: int, what: str, since: datetime) -> int:
    """Count how often something has happened to a visit since then."""
    counting = select(func.count()).where(
        BookingEvent.business_id == scope(session),
        BookingEvent.booking_id == booking_id,
        BookingEvent.kind == what,
        BookingEvent.at > since,
    )
    return await session.scalar(counting) or 0


async def load_desk(
    session: AsyncSession, specialist_id: int, by_settings: Collection[int], reader: int | None = None
) -> Desk:
    """Load a specialist with the owners and admins; `by_settings` are those whom ADMIN_IDS makes owners."""
    values = {"specialist_id": specialist_id, "by_settings": sorted(by_settings), "reader": reader}
    [row] = await fetch(session, _DESK, values)
    return Desk(*row)


async def load_reason(session: AsyncSession, booking_id: int) -> str | None:
    """Load why a visit's customer says they cancelled it; None where nobody knows any more."""
    statement = (
        select(BookingEvent.data["reason"].astext)
        .where(
            BookingEvent.business_id == scope(session),
            BookingEvent.booking_id == booking_id,
            BookingEvent.kind == "explained",
        )
        .order_by(BookingEvent.id.desc())
        .limit(1)
    )
    return (await session.execute(statement)).scalar_one_or_none()


@dataclass(frozen=True, slots=True)
class WaitingNotice:
    """A notice whose reader wanted it to wait, and that is not told yet."""

    id: int
    key: str
    booking_id: int
    payload: Mapping[str, Any]


async def put_off(
    session: AsyncSession, row_id: int, attempts: int, noticed: datetime, until: datetime
) -> None:
    """Note on a notice, whose claimer one is, since when it waits and until when its reader wants it to."""
    marks = {PUT_OFF: until.timestamp(), NOTICED: noticed.isoformat()}
    own = (Outbox.business_id == scope(session), Outbox.id == row_id, Outbox.attempts == attempts)
    await session.execute(
        update(Outbox)
        .where(*own)
        .values(payload=Outbox.payload.op("||")(literal(marks, JSONB)))
        .execution_options(synchronize_session=False)
    )


async def load_waiting(session: AsyncSession, chat_id: int, kind: str) -> list[WaitingNotice]:
    """Load the notices that wait for a reader, in their order."""
    statement = select(Outbox.id, Outbox.dedupe_key, Outbox.subject_id, Outbox.payload).where(
        Outbox.business_id == scope(session),
        Outbox.chat_id == chat_id,
        Outbox.kind == kind,
        Outbox.state == State.PENDING,
        Outbox.payload.has_key(PUT_OFF),
    )
    rows = await session.execute(statement.order_by(Outbox.id))
    return [WaitingNotice(row_id, key, subject or 0, payload) for row_id, key, subject, payload in rows]


async def mark_told(session: AsyncSession, ids: Sequence[int], now: datetime, message_id: int | None) -> None:
    """Note that another notice's message has told these too."""
    own = (Outbox.business_id == scope(session), Outbox.id.in_(ids), Outbox.state == State.PENDING)
    await session.execute(
        update(Outbox)
        .where(*own)
        .values(state=State.SENT, sent_at=now, message_id=message_id, last_error=None)
        .execution_options(synchronize_session=False)
    )
