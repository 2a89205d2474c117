"""Offers as they are kept: what is held for whom until when, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from worker.db import locks
from worker.db.models.waitlist import WaitlistOffer
from worker.db.scope import scope
from worker.visits.repository import Visit


class OfferState(StrEnum):
    """Where an offer stands: it is open, then one of the others for good."""

    OPEN = "open"
    TAKEN = "taken"
    DECLINED = "declined"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"
    """The wish has ended that it came of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldOffer:
    """A time that is held for somebody who wished for it. Instants are UTC."""

    id: int
    entry_id: int
    customer_id: int
    service_id: int
    specialist_id: int
    start: datetime
    freed_from: datetime
    freed_until: datetime
    """The stretch that freed up."""
    booking_id: int
    """The hold; once taken, the visit that came of it or moved there."""
    state: OfferState
    told_at: datetime
    deadline: datetime
    message_id: int | None

    def is_of(self, visit: Visit) -> bool:
        """Tell whether a visit is what was offered."""
        offered = (self.service_id, self.specialist_id, self.start)
        return offered == (visit.service_id, visit.specialist_id, visit.start)


_NAMES: Final = tuple(each.name for each in fields(HeldOffer))
_COLUMNS: Final = tuple(getattr(WaitlistOffer, name) for name in _NAMES)


def _offer(row: Any) -> HeldOffer:  # noqa: ANN401 - a row of the columns
    values = dict(zip(_NAMES, row, strict=True))
    return HeldOffer(**{**values, "state": OfferState(values["state"])})


def _is(session: AsyncSession, *which: ColumnElement[bool]) -> ColumnElement[bool]:
    return and_(WaitlistOffer.business_id == scope(session), *which)


async def lock_line(session: AsyncSession) -> None:
    """Have nobody else offer anything before this transaction ends: who is first is first."""
    await session.execute(select(func.pg_advisory_xact_lock(locks.WAITLIST, scope(session))))


async def add_offer(session: AsyncSession, **values: Any) -> int:  # noqa: ANN401 - columns of any type
    """Keep an offer; return its number."""
    statement = insert(WaitlistOffer).values(business_id=scope(session), **values)
    return int((await session.execute(statement.returning(WaitlistOffer.id))).scalar_one())


async def load_offer(session: AsyncSession, offer_id: int, *, lock: bool = False) -> HeldOffer | None:
    """Load an offer; with `lock`, nobody else settles it before this transaction ends."""
    statement = select(*_COLUMNS).where(_is(session, WaitlistOffer.id == offer_id))
    row = (await session.execute(statement.with_for_update() if lock else statement)).one_or_none()
    return None if row is None else _offer(row)


async def load_open_offers(session: AsyncSession, entry_ids: Sequence[int]) -> list[HeldOffer]:
    """Load the offers of wishes that wait for an answer, locked, in the order in which they were made."""
    waits = _is(session, WaitlistOffer.entry_id.in_(entry_ids), WaitlistOffer.state == OfferState.OPEN)
    statement = select(*_COLUMNS).where(waits).order_by(WaitlistOffer.id).with_for_update()
    return [_offer(row) for row in await session.execute(statement)]


async def load_open_of(session: AsyncSession, customer_id: int, *, lock: bool = False) -> HeldOffer | None:
    """Load the offer that waits for a customer's answer; with `lock`, nobody else settles it meanwhile."""
    waits = _is(session, WaitlistOffer.customer_id == customer_id, WaitlistOffer.state == OfferState.OPEN)
    statement = select(*_COLUMNS).where(waits)
    row = (await session.execute(statement.with_for_update() if lock else statement)).one_or_none()
    return None if row is None else _offer(row)


async def settle_offer(
    session: AsyncSession, offer_id: int, state: OfferState, now: datetime, moved: int | None = None
) -> None:
    """Write what came of an offer; of one that a visit `moved` to, that visit takes the hold's place."""
    values: dict[str, Any] = {"state": state, "settled_at": now}
    if moved is not None:
        values["booking_id"] = moved
    which = _is(session, WaitlistOffer.id == offer_id)
    await session.execute(update(WaitlistOffer).where(which).values(values))


async def note_offer_message(session: AsyncSession, offer_id: int, message_id: int) -> OfferState | None:
    """Note which message shows an offer; return where the offer stands."""
    noted = update(WaitlistOffer).where(_is(session, WaitlistOffer.id == offer_id))
    state = await session.scalar(noted.values(message_id=message_id).returning(WaitlistOffer.state))
    return None if state is None else OfferState(state)


async def load_offers_of_service(
    session: AsyncSession, service_id: int, since: datetime, most: int
) -> list[HeldOffer]:
    """Load the latest offers of a service since an instant, the newest first."""
    which = _is(session, WaitlistOffer.service_id == service_id, WaitlistOffer.made_at >= since)
    statement = select(*_COLUMNS).where(which).order_by(WaitlistOffer.id.desc()).limit(most)
    return [_offer(row) for row in await session.execute(statement)]
