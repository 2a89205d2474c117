"""The line as a whole: a page of it, and who stands where."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import ARRAY, BigInteger, Date, Integer, bindparam, column, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from worker.db.engine import fetch
from worker.db.models.catalogue import SHOWN_SERVICE, Specialist, SpecialistService
from worker.db.scope import BUSINESS_ID, scope
from worker.wishes.repository import Wish, as_wish, selecting

_ENDED_SQL: Final = """
    SELECT business.name AS business, {service} AS service, entry.first_day, entry.last_day
    FROM waitlist_entry AS entry
    JOIN business ON business.id = entry.business_id
    JOIN service ON service.business_id = entry.business_id AND service.id = entry.service_id
    WHERE entry.business_id = :business AND entry.id = :id
"""
_ENDED: Final = (
    text(_ENDED_SQL.format(service=SHOWN_SERVICE))
    .bindparams(BUSINESS_ID, bindparam("id", type_=BigInteger))
    .columns(*map(column, ("business", "service", "first_day", "last_day")))
)
_BEFORE: Final = (
    text(
        """
    SELECT mine.id, count(entry.id) FILTER (
        WHERE entry.booking_id IS NULL OR moving.status = 'confirmed'
    ) AS before
    FROM waitlist_entry AS mine
    LEFT JOIN waitlist_entry AS entry ON entry.business_id = mine.business_id
        AND entry.service_id = mine.service_id AND entry.customer_id <> mine.customer_id
        AND entry.first_day <= mine.last_day AND entry.last_day >= mine.first_day
        AND (entry.specialist_id IS NULL OR mine.specialist_id IS NULL
            OR entry.specialist_id = mine.specialist_id)
        AND (entry.part = 0 OR mine.part = 0 OR entry.part = mine.part)
        AND (entry.ranked_at, entry.id) < (mine.ranked_at, mine.id)
        AND entry.ended_at IS NULL AND entry.last_day >= :today
        AND (entry.until IS NULL OR entry.until >= :today)
    LEFT JOIN booking AS moving ON moving.business_id = entry.business_id AND moving.id = entry.booking_id
    WHERE mine.business_id = :business AND mine.id = ANY(:ids)
    GROUP BY mine.id
    """
    )
    .bindparams(BUSINESS_ID, bindparam("ids", type_=ARRAY(BigInteger)), bindparam("today", type_=Date))
    .columns(column("id"), column("before"))
)
# A specialist sees who waits for them, and who would take anyone for what they do.
_PAGE: Final = selecting(
    """entry.last_day >= :today AND (entry.until IS NULL OR entry.until >= :today)
    AND (CAST(:whose AS bigint) IS NULL OR entry.specialist_id = :whose
        OR entry.specialist_id IS NULL AND EXISTS (
            SELECT FROM specialist_service WHERE specialist_service.business_id = :business
                AND specialist_service.specialist_id = :whose
                AND specialist_service.service_id = entry.service_id
        ))
    ORDER BY entry.ranked_at, entry.id LIMIT :most OFFSET :skipped""",
    today=Date,
    whose=BigInteger,
    most=Integer,
    skipped=Integer,
)


@dataclass(frozen=True, slots=True)
class EndedWish:
    """A wish, ended or not, as its customer is reminded of it."""

    business: str
    service: str
    first_day: date
    last_day: date


async def load_ended(session: AsyncSession, entry_id: int) -> EndedWish | None:
    """Load what a wish was about; None where nothing is left of it."""
    rows = await fetch(session, _ENDED, {"id": entry_id})
    return EndedWish(*rows[0]) if rows else None


async def load_places(session: AsyncSession, entry_ids: Sequence[int], today: date) -> Mapping[int, int]:
    """Return which place each wish has in the line of those who may take the same time, from 1 on."""
    rows = await fetch(session, _BEFORE, {"ids": list(entry_ids), "today": today})
    return {entry_id: int(before) + 1 for entry_id, before in rows}


async def load_page(
    session: AsyncSession, whose: int | None, now: datetime, today: date, *, most: int, skipped: int
) -> list[Wish]:
    """Load so many of the wishes that a specialist's calendar may fulfil, or all of them, in their order."""
    values = {"whose": whose, "now": now, "today": today, "most": most, "skipped": skipped}
    return [as_wish(row) for row in await fetch(session, _PAGE, values)]


async def does(session: AsyncSession, specialist_id: int, service_id: int) -> bool:
    """Tell whether a specialist does a service."""
    asked = (
        SpecialistService.business_id == scope(session),
        SpecialistService.specialist_id == specialist_id,
        SpecialistService.service_id == service_id,
    )
    return await session.scalar(select(SpecialistService.service_id).where(*asked)) is not None


async def load_names(session: AsyncSession, specialist_ids: Sequence[int]) -> Mapping[int, str]:
    """Load what specialists are called, by their ids."""
    own = (Specialist.business_id == scope(session), Specialist.id.in_(specialist_ids))
    rows = await session.execute(select(Specialist.id, Specialist.name).where(*own))
    return dict(rows.all())
