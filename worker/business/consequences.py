"""What a plan does to visits that are booked, written in the transaction that writes the business."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from worker.business import repository
from worker.business.plan import CancelVisits, ChangePlan
from worker.business.zones import Constant, Retiming
from worker.cancelling.promises import of_calling_off
from worker.corrections.promises import of_corrections
from worker.corrections.rules import is_shown_otherwise
from worker.keeping.repository import cancel, release_seen
from worker.placement.placement import shift
from worker.visits import repository as visits
from worker.visits.repository import Visit


class CollisionError(Exception):
    """A visit cannot keep its clock time, because another one is there then; nothing was changed."""

    def __init__(self, number: int) -> None:
        super().__init__(f"№ {number} cannot keep its clock time: another visit would be there then.")


async def carry_out(session: AsyncSession, plan: ChangePlan, before: Sequence[Visit], now: datetime) -> None:
    """Have visits follow the business, and promise what people have to hear. Raises CollisionError.

    `before` is every coming visit as it was before the business was changed.
    """
    cancelled = await _call_off(session, plan, now)
    standing = {visit.id: visit for visit in before if visit.id not in cancelled}
    if plan.constant is Constant.CLOCK:
        await _shift(session, [each for each in plan.retimings if each.visit.number in standing])
    await repository.relocate(session, [each for each in plan.relocations if each.visit.number in standing])
    await repository.reallot(session, [each for each in plan.reallotments if each.visit.number in standing])
    await _correct(session, standing, now)


async def _correct(session: AsyncSession, before: Mapping[int, Visit], now: datetime) -> None:
    """Make new versions of the visits of which anything that is shown is another by now."""
    found = await visits.load_several(session, list(before))
    changed = [visit for visit in found if is_shown_otherwise(before[visit.id], visit)]
    await repository.renew(session, [visit.id for visit in changed])
    after = [replace(visit, version=visit.version + 1) for visit in changed]
    await of_corrections(session, [(before[visit.id], visit) for visit in after], now)


async def _call_off(session: AsyncSession, plan: ChangePlan, now: datetime) -> set[int]:
    if not isinstance(plan.stranded, CancelVisits):
        return set()
    numbers = {hit.visit.number for hit in plan.hits if hit.strands}
    found = await visits.load_several(session, sorted(numbers))
    for visit in found:
        await cancel(session, visit)
    after = [replace(visit, version=visit.version + 1) for visit in found]
    await of_calling_off(session, after, plan.stranded.words, now)
    return numbers


async def _shift(session: AsyncSession, retimings: Sequence[Retiming]) -> None:
    """Shift visits one after the other, beginning where there is room: with the last if all become later."""
    await release_seen(session)
    later = [each for each in reversed(retimings) if each.by.total_seconds() > 0]
    earlier = [each for each in retimings if each.by.total_seconds() < 0]
    for each in (*later, *earlier):
        if await shift(session, each.visit.row, each.by) is None:
            raise CollisionError(each.visit.number)
