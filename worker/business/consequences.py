"""What a plan does to visits that are booked, written in the transaction that writes the business."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from worker.business import repository
from worker.business.plan import CancelVisits, ChangePlan
from worker.business.zones import Constant, Retiming
from worker.placement.placement import shift
from worker.visits import promises
from worker.visits import repository as visits
from worker.visits.rules import Correction


class CollisionError(Exception):
    """A visit cannot keep its clock time, because another one is there then; nothing was changed."""

    def __init__(self, number: int) -> None:
        super().__init__(f"№ {number} cannot keep its clock time: another visit would be there then.")


async def carry_out(session: AsyncSession, plan: ChangePlan, now: datetime) -> None:
    """Have visits follow the business, and promise what people have to hear. Raises CollisionError."""
    cancelled = await _call_off(session, plan, now)
    retimed = [each for each in plan.retimings if each.visit.number not in cancelled]
    relocations = [each for each in plan.relocations if each.visit.number not in cancelled]
    follow = cancelled | {each.visit.number for each in retimed} | {each.visit.number for each in relocations}
    renamed = [visit.number for visit in plan.renamed if visit.number not in follow]
    await repository.renew(session, renamed)
    await _correct(session, renamed, Correction.NAME, now)
    await _retime(session, retimed, plan.constant, now)
    await repository.relocate(session, relocations)
    told = {each.visit.number for each in relocations if each.told}
    await _correct(session, [each.visit.number for each in relocations], Correction.PLACE, now, told)


async def _call_off(session: AsyncSession, plan: ChangePlan, now: datetime) -> set[int]:
    if not isinstance(plan.stranded, CancelVisits):
        return set()
    numbers = {hit.visit.number for hit in plan.hits if hit.strands}
    found = await visits.load_several(session, sorted(numbers))
    for visit in found:
        await visits.cancel(session, visit)
    after = [replace(visit, version=visit.version + 1) for visit in found]
    await promises.of_calling_off(session, after, plan.stranded.words, now)
    return numbers


async def _retime(
    session: AsyncSession, retimings: Sequence[Retiming], constant: Constant | None, now: datetime
) -> None:
    numbers = [each.visit.number for each in retimings]
    if constant is Constant.CLOCK:
        await _shift(session, retimings)
        await _correct(session, numbers, Correction.START, now)
    elif constant is Constant.INSTANT:
        await repository.renew(session, numbers)
        await _correct(session, numbers, Correction.CLOCK, now, numbers)


async def _shift(session: AsyncSession, retimings: Sequence[Retiming]) -> None:
    """Shift visits one after the other, beginning where there is room: with the last if all become later."""
    later = [each for each in reversed(retimings) if each.by.total_seconds() > 0]
    earlier = [each for each in retimings if each.by.total_seconds() < 0]
    for each in (*later, *earlier):
        if await shift(session, each.visit.number, each.by) is None:
            raise CollisionError(each.visit.number)


async def _correct(
    session: AsyncSession,
    numbers: Sequence[int],
    what: Correction,
    now: datetime,
    told: Collection[int] = (),
) -> None:
    if numbers:
        await promises.of_corrections(session, await visits.load_several(session, numbers), what, now, told)
