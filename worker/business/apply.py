"""Make the business what its file says."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from shared.clock import Clock
from worker.business import repository
from worker.business.consequences import carry_out
from worker.business.document import Document
from worker.business.plan import ChangePlan, Choices, make_plan
from worker.business.record import events_of
from worker.business.stored import StoredBusiness
from worker.business.writing import write_changes
from worker.corrections.repository import lock_coming
from worker.db.engine import Sessions
from worker.db.locks import lock_business
from worker.events.author import THE_TOOL, Author
from worker.events.repository import note
from worker.people import repository as people
from worker.people.promises import promise_menus
from worker.visits.repository import Visit

UNSAID = Choices()

type Edit = Callable[[StoredBusiness], Document | None]
"""Makes another business of the one that is stored; None where what it changes is not there."""


@dataclass(frozen=True, slots=True)
class PlannedChange:
    """What a change makes of the business, and what that does."""

    stored: StoredBusiness
    document: Document
    plan: ChangePlan


class VanishedError(Exception):
    """What was to be changed is not there any more; nothing was changed."""


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
        stored = await repository.read_business(session)
        return (await _planned(session, stored, document, clock.now, choices)).plan


async def apply_document(
    sessions: Sessions,
    document: Document,
    clock: Clock,
    choices: Choices = UNSAID,
    shown: ChangePlan | None = None,
) -> ChangePlan:
    """Write what is different, as the tool does it, in a transaction of its own: see `apply_within`."""
    async with sessions.begin() as session:
        return await apply_within(session, document, THE_TOOL, clock.now, choices, shown)


async def apply_within(
    session: AsyncSession,
    document: Document,
    author: Author,
    now: Callable[[], datetime],
    choices: Choices = UNSAID,
    shown: ChangePlan | None = None,
) -> ChangePlan:
    """Make the business what a document says: see `change_within`."""
    fingerprint = None if shown is None else shown.fingerprint
    return (await change_within(session, lambda _: document, author, now, choices, fingerprint)).plan


async def plan_change(
    session: AsyncSession, edit: Edit, now: Callable[[], datetime], choices: Choices = UNSAID
) -> PlannedChange | None:
    """Work out what a change would do, and write nothing; None where nothing is there to change."""
    stored = await repository.read_business(session)
    document = edit(stored)
    return None if document is None else await _planned(session, stored, document, now, choices)


async def change_within(
    session: AsyncSession,
    edit: Edit,
    author: Author,
    now: Callable[[], datetime],
    choices: Choices = UNSAID,
    shown: str | None = None,
) -> PlannedChange:
    """Write what is different, and note who changed it; two at once go one after the other.

    `shown` is the fingerprint of what somebody saw. Raises RefusedPlanError where something has to be said or
    mended first, OtherPlanError where that is not what was shown, CollisionError where a visit cannot keep
    its clock time, VanishedError where nothing is there to change.
    """
    await lock_business(session)
    before = await lock_coming(session, now())
    change = await plan_change(session, edit, now, choices)
    if change is None:
        raise VanishedError
    plan = change.plan
    if not plan.can_be_applied:
        raise RefusedPlanError(plan)
    if shown is not None and plan.fingerprint != shown:
        raise OtherPlanError
    if plan.changes:
        await _write(session, change, author, before, now())
    return change


async def _write(
    session: AsyncSession, change: PlannedChange, author: Author, before: Sequence[Visit], now: datetime
) -> None:
    rights, plan = await people.load_rights(session), change.plan
    await write_changes(session, plan.changes)
    await note(session, author, now, events_of(plan.changes, change.document.business.currency))
    await carry_out(session, plan, before, now)
    await promise_menus(session, rights ^ await people.load_rights(session), now)


async def _planned(
    session: AsyncSession,
    stored: StoredBusiness,
    document: Document,
    now: Callable[[], datetime],
    choices: Choices,
) -> PlannedChange:
    moment = now()
    visits = await repository.coming_visits(session, moment) if stored.document else []
    held = await repository.held_units(session, moment) if visits else []
    return PlannedChange(stored, document, make_plan(stored, document, visits, choices, moment, held))
