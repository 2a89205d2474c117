"""Who answers for a specialist's visits."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlalchemy import ARRAY, BigInteger, bindparam, column, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from worker.db.engine import fetch
from worker.db.models.booking import BookingEvent
from worker.db.scope import BUSINESS_ID, scope
from worker.notices.rules import Desk

_NAMES: Final = ("specialist", "active", "telegram_id", "here", "reachable", "managers", "languages")
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
        ARRAY[reader.language, reader.language_hint] AS languages
    FROM specialist
    LEFT JOIN person ON person.business_id = specialist.business_id AND person.id = specialist.telegram_id
    LEFT JOIN person AS reader ON reader.business_id = specialist.business_id AND reader.id = :reader
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
