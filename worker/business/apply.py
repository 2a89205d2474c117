"""Make the business what its file says."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from shared.clock import Clock
from worker.business import repository
from worker.business.consequences import carry_out
from worker.business.document import Document
from worker.business.plan import ChangePlan, Choices, make_plan
from worker.db.engine import Sessions
from worker.people import repository as people
from worker.people.promises import promise_menus
from worker.visits import repository as visits

UNSAID = Choices()


class RefusedPlanError(Exception):
    """The file cannot be applied before something is said or mended; nothing was changed."""

    def __init__(self, plan: ChangePlan) -> None:
        super().__init__("the plan has open questions or refusals")
        self.plan = plan


class OtherPlanError(Exception):
    """The business or its visits have changed since the plan was shown; nothing was changed."""

    def __init__(self) -> None:
        super().__init__("The business or its visits have changed meanwhile: look at it again.")


async def plan_document(
    sessions: Sessions, document: Document, clock: Clock, choices: Choices = UNSAID
) -> ChangePlan:
    """Work out what applying a document would do, and write nothing."""
    async with sessions.begin() as session:
        return await _plan(session, document, clock.now, choices)


async def apply_document(
    sessions: Sessions,
    document: Document,
    clock: Clock,
    choices: Choices = UNSAID,
    shown: ChangePlan | None = None,
) -> ChangePlan:
    """Write what is different, in a transaction of its own: see `apply_within`."""
    async with sessions.begin() as session:
        return await apply_within(session, document, clock.now, choices, shown)


async def apply_within(
    session: AsyncSession,
    document: Document,
    now: Callable[[], datetime],
    choices: Choices = UNSAID,
    shown: ChangePlan | None = None,
) -> ChangePlan:
    """Write what is different; two that apply at once go one after the other.

    Raises RefusedPlanError where something has to be said or mended first, OtherPlanError where that is not
    what was `shown`, CollisionError where a visit cannot keep its clock time.
    """
    await repository.lock(session)
    before = await visits.lock_coming(session, now())
    plan = await _plan(session, document, now, choices)
    if not plan.can_be_applied:
        raise RefusedPlanError(plan)
    if shown is not None and plan != shown:
        raise OtherPlanError
    if plan.changes:
        rights = await people.load_rights(session)
        await repository.write_changes(session, plan.changes)
        await carry_out(session, plan, before, now())
        await promise_menus(session, rights ^ await people.load_rights(session), now())
    return plan


async def _plan(
    session: AsyncSession, document: Document, now: Callable[[], datetime], choices: Choices
) -> ChangePlan:
    stored, moment = await repository.read_business(session), now()
    visits = await repository.coming_visits(session, moment) if stored.document else []
    return make_plan(stored, document, visits, choices, moment)
