"""Swaps as they are kept, and which visits could swap their times."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    DateTime,
    and_,
    bindparam,
    column,
    insert,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession

from worker.db.engine import fetch
from worker.db.models.swapping import Swap
from worker.db.scope import BUSINESS_ID, scope
from worker.offers.rules import OfferTimes
from worker.retention.repository import remove
from worker.swapping.rules import MOST_ASKED, SwapState
from worker.visits.parts import until_of
from worker.visits.repository import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class SwapData:
    """What one visit's customer asked another's. Instants are UTC."""

    id: int
    booking_id: int
    """The visit whose customer asks."""
    other_id: int
    """The visit whose customer is asked."""
    start: datetime
    other_start: datetime
    state: SwapState
    told_at: datetime
    deadline: datetime
    message_id: int | None
    """The message that asks."""


_NAMES: Final = tuple(each.name for each in fields(SwapData))
_COLUMNS: Final = tuple(getattr(Swap, name) for name in _NAMES)
# Whole visits of the same service, specialist, place and length: whoever expects them expects just as much.
# Neither customer is elsewhere at the other's time. Nobody is asked twice at once, too often, the same again.
_SQL: Final = """
    SELECT other.id, lower(other.during) FROM booking AS mine
    JOIN booking AS other ON other.business_id = mine.business_id AND other.service_id = mine.service_id
        AND other.specialist_id = mine.specialist_id AND other.customer_id <> mine.customer_id
        AND other.location_id IS NOT DISTINCT FROM mine.location_id
        AND upper(other.during) - lower(other.during) = upper(mine.during) - lower(mine.during)
    JOIN person ON person.business_id = other.business_id AND person.id = other.customer_id
    WHERE mine.business_id = :business AND mine.id = :id
        AND mine.status = 'confirmed' AND other.status = 'confirmed' AND lower(other.during) > :earliest
        AND upper_inf(mine.seats) AND upper_inf(other.seats)
        AND NOT (mine.waived OR other.waived OR mine.outside OR other.outside)
        AND mine.part_of IS NULL AND other.part_of IS NULL AND NOT EXISTS (
            SELECT FROM booking AS part
            WHERE part.business_id = :business AND part.part_of IN (mine.id, other.id)
        )
        AND other.customer_id > 0 AND person.reachable AND person.blocked_at IS NULL
        AND NOT EXISTS (
            SELECT FROM swap JOIN booking AS theirs ON theirs.business_id = swap.business_id
                AND theirs.id = swap.other_id
            WHERE swap.business_id = :business AND swap.state = 'open'
                AND theirs.customer_id = other.customer_id
        )
        AND (
            SELECT count(*) FROM swap WHERE swap.business_id = :business AND swap.other_id = other.id
        ) < :most
        AND NOT EXISTS (
            SELECT FROM swap WHERE swap.business_id = :business AND swap.booking_id = mine.id
                AND swap.other_id = other.id AND swap.other_start = lower(other.during)
        )
        AND NOT EXISTS (
            SELECT FROM booking AS elsewhere WHERE elsewhere.business_id = :business
                AND elsewhere.status IN ('pending', 'confirmed') AND elsewhere.id NOT IN (mine.id, other.id)
                AND (elsewhere.customer_id = mine.customer_id AND {lasts} && other.during
                    OR elsewhere.customer_id = other.customer_id AND {lasts} && mine.during)
        )
    ORDER BY lower(other.during) LIMIT 200
"""
_LASTS: Final = f"tstzrange(lower(elsewhere.during), {until_of('elsewhere')})"
_SWAPPABLE: Final = (
    text(_SQL.format(lasts=_LASTS))
    .bindparams(
        BUSINESS_ID,
        bindparam("id", type_=BigInteger),
        bindparam("earliest", type_=DateTime(timezone=True)),
        bindparam("most", type_=BigInteger),
    )
    .columns(column("id"), column("start"))
)


def _swap(row: Any) -> SwapData:  # noqa: ANN401 - a row of the columns
    values = dict(zip(_NAMES, row, strict=True))
    return SwapData(**{**values, "state": SwapState(values["state"])})


def _is(session: AsyncSession, *which: ColumnElement[bool]) -> ColumnElement[bool]:
    return and_(Swap.business_id == scope(session), *which)


async def load_swappable(session: AsyncSession, booking_id: int, earliest: datetime) -> dict[datetime, int]:
    """Return whose times a visit could be swapped for, from an instant on: the visits by their starts."""
    rows = await fetch(session, _SWAPPABLE, {"id": booking_id, "earliest": earliest, "most": MOST_ASKED})
    return {start: number for number, start in rows}


async def count_open(session: AsyncSession, booking_ids: Sequence[int]) -> int:
    """Count the questions of some visits that wait for an answer."""
    waiting = _is(session, Swap.booking_id.in_(booking_ids), Swap.state == SwapState.OPEN)
    return len((await session.scalars(select(Swap.id).where(waiting))).all())


async def add_swap(
    session: AsyncSession, visits: tuple[Visit, Visit], times: OfferTimes, now: datetime
) -> SwapData:
    """Keep what the first visit's customer asks the second's."""
    asking, asked = visits
    values = {
        "business_id": scope(session),
        "booking_id": asking.id,
        "other_id": asked.id,
        "start": asking.start,
        "other_start": asked.start,
        "told_at": times.told_at,
        "deadline": times.deadline,
        "made_at": now,
    }
    return _swap((await session.execute(insert(Swap).values(values).returning(*_COLUMNS))).one())


async def load_swap(session: AsyncSession, swap_id: int, *, lock: bool = False) -> SwapData | None:
    """Load a swap; with `lock`, nobody else settles it before this transaction ends."""
    statement = select(*_COLUMNS).where(_is(session, Swap.id == swap_id))
    row = (await session.execute(statement.with_for_update() if lock else statement)).one_or_none()
    return None if row is None else _swap(row)


async def load_open_about(session: AsyncSession, booking_id: int) -> Sequence[SwapData]:
    """Load, locked, what is asked by a visit's customer and of them, in the order in which it was."""
    about = or_(Swap.booking_id == booking_id, Swap.other_id == booking_id)
    waiting = _is(session, about, Swap.state == SwapState.OPEN)
    statement = select(*_COLUMNS).where(waiting).order_by(Swap.id).with_for_update()
    return [_swap(row) for row in await session.execute(statement)]


async def load_asked_by(session: AsyncSession, booking_id: int) -> SwapData | None:
    """Load what a visit's customer asks and waits for."""
    waiting = _is(session, Swap.booking_id == booking_id, Swap.state == SwapState.OPEN)
    row = (await session.execute(select(*_COLUMNS).where(waiting))).one_or_none()
    return None if row is None else _swap(row)


async def settle_swap(session: AsyncSession, swap_id: int, state: SwapState, now: datetime) -> None:
    """Write what came of a question."""
    which = _is(session, Swap.id == swap_id)
    await session.execute(update(Swap).where(which).values(state=state, settled_at=now))


async def note_question(session: AsyncSession, swap_id: int, message_id: int) -> SwapState | None:
    """Note which message asks; return where the swap stands."""
    noted = update(Swap).where(_is(session, Swap.id == swap_id)).values(message_id=message_id)
    state = await session.scalar(noted.returning(Swap.state))
    return None if state is None else SwapState(state)


async def remove_swaps(session: AsyncSession, before: datetime, limit: int) -> int:
    """Remove what was settled before an instant, and what was asked so long before that nobody answers."""
    over = or_(Swap.settled_at < before, Swap.deadline < before - timedelta(days=1))
    return await remove(session, Swap.id, limit, over)
