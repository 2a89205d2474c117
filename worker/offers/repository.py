"""Offers as they are kept: what is held for whom until when, and what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from worker.db import locks
from worker.db.models.catalogue import Business
from worker.db.models.waitlist import WaitlistChoice, WaitlistOffer
from worker.db.scope import scope
from worker.offers.stretch import FreedStretch
from worker.retention.repository import remove
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
    added: Sequence[int]
    """The services that follow it."""
    specialist_id: int
    """Who does the first of it."""
    start: datetime
    freed_specialist_id: int
    freed_from: datetime
    freed_until: datetime
    """The stretch that freed up, and whose."""
    booking_id: int
    """The hold; once taken, the visit that came of it or moved there."""
    state: OfferState
    told_at: datetime
    deadline: datetime
    message_id: int | None
    by_staff: bool = False
    """Whether the staff chose to whom; else the line did."""

    def is_of(self, visit: Visit) -> bool:
        """Tell whether a visit is what was offered."""
        offered = (self.service_id, self.specialist_id, self.start, *self.added)
        further = (each.service_id for each in visit.parts)
        return offered == (visit.service_id, visit.specialist_id, visit.start, *further)

    def is_whole(self, held: Visit) -> bool:
        """Tell whether all that was offered is still held."""
        return len(held.parts) == len(self.added)


OPEN: Final = "open"
CHOSEN: Final = "chosen"
LAPSED: Final = "lapsed"


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffChoice:
    """A freed stretch that the staff are asked about: to whom to offer it, until a deadline. In UTC."""

    id: int
    specialist_id: int
    freed_from: datetime
    freed_until: datetime
    deadline: datetime

    @property
    def freed(self) -> FreedStretch:
        """The stretch."""
        return FreedStretch(self.specialist_id, self.freed_from, self.freed_until)


_NAMES: Final = tuple(each.name for each in fields(HeldOffer))
_FREED_OF: Final = func.coalesce(WaitlistOffer.freed_specialist_id, WaitlistOffer.specialist_id)
_COLUMNS: Final = tuple(
    _FREED_OF if name == "freed_specialist_id" else getattr(WaitlistOffer, name) for name in _NAMES
)


def _offer(row: Any) -> HeldOffer:  # noqa: ANN401 - a row of the columns
    values = dict(zip(_NAMES, row, strict=True))
    return HeldOffer(**{**values, "added": tuple(values["added"]), "state": OfferState(values["state"])})


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


async def load_latest_of(session: AsyncSession, entry_ids: Sequence[int]) -> Mapping[int, HeldOffer]:
    """Load what was offered last of each wish, by the wish; nothing where nothing was."""
    own = _is(session, WaitlistOffer.entry_id.in_(entry_ids))
    last = select(func.max(WaitlistOffer.id)).where(own).group_by(WaitlistOffer.entry_id)
    statement = select(*_COLUMNS).where(_is(session, WaitlistOffer.id.in_(last)))
    found = [_offer(row) for row in await session.execute(statement)]
    return {each.entry_id: each for each in found}


async def load_choose_within(session: AsyncSession) -> timedelta | None:
    """Load how long the staff may choose to whom a freed time is offered; None where the line decides."""
    chosen = select(Business.choose_within).where(Business.id == scope(session))
    minutes = await session.scalar(chosen)
    return None if minutes is None else timedelta(minutes=minutes)


_CHOICE_NAMES: Final = tuple(each.name for each in fields(StaffChoice))
_CHOICE: Final = tuple(getattr(WaitlistChoice, name) for name in _CHOICE_NAMES)


def _choice(row: Any) -> StaffChoice:  # noqa: ANN401 - a row of the columns
    return StaffChoice(**dict(zip(_CHOICE_NAMES, row, strict=True)))


def _open(session: AsyncSession, *which: ColumnElement[bool]) -> ColumnElement[bool]:
    return and_(WaitlistChoice.business_id == scope(session), WaitlistChoice.state == OPEN, *which)


async def add_choice(session: AsyncSession, freed: FreedStretch, deadline: datetime, now: datetime) -> int:
    """Keep that the staff are asked to whom to offer a stretch; return its number."""
    values: dict[str, Any] = {
        "business_id": scope(session),
        "specialist_id": freed.specialist_id,
        "freed_from": freed.begin,
        "freed_until": freed.end,
        "asked_at": now,
        "deadline": deadline,
    }
    adding = insert(WaitlistChoice).values(values).returning(WaitlistChoice.id)
    return int((await session.execute(adding)).scalar_one())


async def load_open_choice(session: AsyncSession, freed: FreedStretch) -> StaffChoice | None:
    """Load what the staff are asked of just this stretch and have not chosen yet."""
    which = _open(
        session,
        WaitlistChoice.specialist_id == freed.specialist_id,
        WaitlistChoice.freed_from == freed.begin,
        WaitlistChoice.freed_until == freed.end,
    )
    row = (await session.execute(select(*_CHOICE).where(which))).one_or_none()
    return None if row is None else _choice(row)


async def load_choice_about(session: AsyncSession, freed: FreedStretch) -> StaffChoice | None:
    """Load the first of what the staff are asked of a stretch that takes a part of this one."""
    which = _open(
        session,
        WaitlistChoice.specialist_id == freed.specialist_id,
        WaitlistChoice.freed_from < freed.end,
        WaitlistChoice.freed_until > freed.begin,
    )
    statement = select(*_CHOICE).where(which).order_by(WaitlistChoice.freed_from, WaitlistChoice.id).limit(1)
    row = (await session.execute(statement)).one_or_none()
    return None if row is None else _choice(row)


async def load_choice(session: AsyncSession, choice_id: int) -> StaffChoice | None:
    """Load what the staff are asked, while nobody has chosen."""
    row = (
        await session.execute(select(*_CHOICE).where(_open(session, WaitlistChoice.id == choice_id)))
    ).first()
    return None if row is None else _choice(row)


async def load_choices(session: AsyncSession, specialist_id: int | None, most: int) -> list[StaffChoice]:
    """Load so many of what the staff are asked, the soonest times first; of one specialist, or everyone's."""
    own = () if specialist_id is None else (WaitlistChoice.specialist_id == specialist_id,)
    statement = select(*_CHOICE).where(_open(session, *own))
    rows = await session.execute(statement.order_by(WaitlistChoice.freed_from, WaitlistChoice.id).limit(most))
    return [_choice(row) for row in rows]


async def settle_choice(session: AsyncSession, choice_id: int, state: str) -> bool:
    """Write what came of what the staff were asked; False where that is written already."""
    settled = update(WaitlistChoice).where(_open(session, WaitlistChoice.id == choice_id))
    done = await session.scalar(settled.values(state=state).returning(WaitlistChoice.id))
    return done is not None


async def remove_choices(session: AsyncSession, before: datetime, limit: int) -> int:
    """Remove what the staff were asked whose deadline was before an instant."""
    return await remove(session, WaitlistChoice.id, limit, WaitlistChoice.deadline < before)
