"""A visit of several services is written: its own row and one for each part, or none of them."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncSession

from shared.envelope import NOBODY
from worker.db.models.booking import KeptFor, Status
from worker.parts.repository import FOR_GOOD, bring_back, keep_for_good, set_aside
from worker.people.repository import let_nobody_in
from worker.placement import repository
from worker.placement.allocation import Agreement, Allocation, NewVisit, Room
from worker.visits.parts import VisitPart
from worker.visits.repository import Visit


class _TakenError(Exception):
    """Somebody was faster with one of the times."""


async def write_together(
    session: AsyncSession,
    what: NewVisit | Visit,
    taking: Sequence[Allocation],
    room: Room,
    agreement: Agreement,
) -> Visit | None:
    """Write a visit and its parts, each with what it takes; None, and nothing, where one of them is taken."""
    try:
        async with session.begin_nested():
            if isinstance(what, Visit):
                return await _move(session, what, taking, room, agreement)
            return await _insert(session, what, taking, room)
    except _TakenError:
        return None


async def keep_parts(session: AsyncSession, held: Visit, visit: Visit) -> Visit:
    """Have the parts of what was held be those of the visit that it has become; return it with them."""
    if not held.parts:
        return visit
    await let_nobody_in(session)
    await keep_for_good(session, visit.id)
    return replace(visit, parts=held.parts)


async def _insert(session: AsyncSession, new: NewVisit, taking: Sequence[Allocation], room: Room) -> Visit:
    """Write new ones: what is held is all its customer's, what follows in a visit is nobody's."""
    first, *further = taking
    visit = _written(await repository.insert(session, new, first, room))
    if new.status is Status.HELD:
        part = replace(new, part_of=visit.id)
    else:
        await let_nobody_in(session)
        part = NewVisit(NOBODY, new.currency, Status.HELD, FOR_GOOD, KeptFor.PART, part_of=visit.id)
        further = [replace(each, latest=FOR_GOOD) for each in further]
    around = Room(part.customer_id, room.now)
    parts = [_written(await repository.insert(session, part, each, around)) for each in further]
    return replace(visit, parts=[_part_of(each) for each in parts])


async def _move(
    session: AsyncSession, before: Visit, taking: Sequence[Allocation], room: Room, agreement: Agreement
) -> Visit:
    """Move them all: none is in the way of another."""
    first, *further = taking
    await set_aside(session, before.id)
    visit = _written(await repository.move(session, before.id, first, room, agreement))
    around = Room(NOBODY, room.now)
    parts = [
        _written(await repository.move(session, part.id, each, around, Agreement()))
        for part, each in zip(before.parts, further, strict=True)
    ]
    if await repository.unless_taken(session, bring_back(session, before.id)) is None:
        raise _TakenError
    return replace(visit, parts=[_part_of(each) for each in parts])


def _written(row: Visit | None) -> Visit:
    if row is None:
        raise _TakenError
    return row


def _part_of(row: Visit) -> VisitPart:
    return VisitPart(
        id=row.id,
        service_id=row.service_id,
        service=row.service,
        specialist_id=row.specialist_id,
        specialist=row.specialist,
        specialist_telegram_id=row.specialist_telegram_id,
        specialist_active=row.specialist_active,
        start=row.start,
        end=row.end,
        price=row.price,
    )
