"""The line as a whole: a page of it, and who stands where."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import ARRAY, BigInteger, Date, Integer, bindparam, column, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from worker.db.engine import fetch
from worker.db.models.catalogue import SHOWN_SERVICE, Specialist
from worker.db.scope import BUSINESS_ID, scope
from worker.ui.names import joined
from worker.wishes.columns import ADDED_NAMES, does_some
from worker.wishes.repository import Wish, as_wish, selecting

_ENDED_SQL: Final = """
    SELECT business.name AS business, {service} AS service, {added} AS added, entry.first_day, entry.last_day
    FROM waitlist_entry AS entry
    JOIN business ON business.id = entry.business_id
    JOIN service ON service.business_id = entry.business_id AND service.id = entry.service_id
    WHERE entry.business_id = :business AND entry.id = :id
"""
_ENDED: Final = (
    text(_ENDED_SQL.format(service=SHOWN_SERVICE, added=ADDED_NAMES))
    .bindparams(BUSINESS_ID, bindparam("id", type_=BigInteger))
    .columns(*map(column, ("business", "service", "added", "first_day", "last_day")))
)
_BEFORE: Final = (
    text(
        """
    SELECT mine.id, count(entry.id) FILTER (
        WHERE entry.booking_id IS NULL OR moving.status = 'confirmed'
    ) AS before
    FROM waitlist_entry AS mine
    LEFT JOIN waitlist_entry AS entry ON entry.business_id = mine.business_id
        AND (entry.service_id || entry.added) && (mine.service_id || mine.added)
        AND entry.customer_id <> mine.customer_id
        AND entry.first_day <= mine.last_day AND entry.last_day >= mine.first_day
        AND (entry.specialist_id IS NULL OR mine.specialist_id IS NULL
            OR entry.specialist_id = mine.specialist_id OR entry.added <> '{}' OR mine.added <> '{}')
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
    f"""entry.last_day >= :today AND (entry.until IS NULL OR entry.until >= :today)
    AND (CAST(:whose AS bigint) IS NULL OR entry.specialist_id = :whose OR {does_some(":whose")})
    ORDER BY entry.ranked_at, entry.id LIMIT :most OFFSET :skipped""",
    today=Date,
    whose=BigInteger,
    most=Integer,
    skipped=Integer,
)


_MAY_FULFIL_SQL: Final = """
    SELECT entry.id FROM waitlist_entry AS entry
    WHERE entry.business_id = :business AND entry.id = :id AND {does_some}
"""
_MAY_FULFIL: Final = (
    text(_MAY_FULFIL_SQL.format(does_some=does_some(":whose")))
    .bindparams(BUSINESS_ID, bindparam("id", type_=BigInteger), bindparam("whose", type_=BigInteger))
    .columns(column("id"))
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
    if not rows:
        return None
    business, service, added, *days = rows[0]
    return EndedWish(business, joined([service, *added]), *days)


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


async def may_fulfil(session: AsyncSession, specialist_id: int, wish: Wish) -> bool:
    """Tell whether a wish may come true with a specialist, in all of it or in a part."""
    asked = {"id": wish.id, "whose": specialist_id}
    return bool(await fetch(session, _MAY_FULFIL, asked))


async def load_names(session: AsyncSession, specialist_ids: Sequence[int]) -> Mapping[int, str]:
    """Load what specialists are called, by their ids."""
    own = (Specialist.business_id == scope(session), Specialist.id.in_(specialist_ids))
    rows = await session.execute(select(Specialist.id, Specialist.name).where(*own))
    return dict(rows.all())
