"""A change of the business: worked out and shown, kept in a draft, applied if it still is what was shown."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from shared.contracts.base import DraftRef
from worker.drafts import repository as drafts
from worker.drafts.repository import DraftData
from worker.events.author import Author, ChangeSource
from worker.runtime.context import RequestContext

if TYPE_CHECKING:
    from worker.business.apply import Edit, PlannedChange
    from worker.business.plan import Choices

KEPT_FOR: Final = timedelta(hours=1)
"""So long what was shown can be applied."""
UNDO_FOR: Final = timedelta(minutes=5)
"""So long what was applied can be taken back."""
WISH, SHOWN = "wish", "shown"
"""What a draft holds: what was asked for, and what tells the plan that was shown from all others."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change as it would be now, and how buttons name it."""

    ref: DraftRef
    change: "PlannedChange"


async def propose(
    context: RequestContext,
    kind: str,
    wish: Mapping[str, Any],
    edit: "Edit",
    choices: "Choices | None" = None,
) -> Proposal | None:
    """Work out what a change would do, and keep what was asked for; None where nothing is there to change.

    `wish` is what `edit` is made of again when it is applied: JSON, and what somebody wants rather than what
    comes of it, so that it still fits a business that others have changed.
    """
    from worker.business.apply import UNSAID, plan_change  # noqa: PLC0415 - only who changes pays for it

    change = await plan_change(context.session, edit, lambda: context.now, choices or UNSAID)
    if change is None:
        return None
    data = {WISH: dict(wish), SHOWN: change.plan.fingerprint}
    ref = await drafts.create(context.session, context.user.id, kind, data, context.now, KEPT_FOR)
    return Proposal(ref, change)


async def load(context: RequestContext, kind: str, ref: DraftRef) -> DraftData | None:
    """Load and lock what somebody was shown; None where it is over, somebody else's, or was shown anew."""
    return await drafts.load(context.session, context.user.id, kind, ref, context.now)


async def apply(
    context: RequestContext, draft: DraftData, edit: "Edit", choices: "Choices | None" = None
) -> "PlannedChange | Proposal | None":
    """Make the business what was shown, and end the draft.

    Returns the change that was made. Where it would be another one by now, or needs something to be said
    first, nothing is written: returns what it would be, as a proposal to be shown. None where nothing is
    there to change any more.
    """
    from worker.business.apply import (  # noqa: PLC0415 - only who changes pays for it
        UNSAID,
        OtherPlanError,
        RefusedPlanError,
        VanishedError,
        change_within,
        plan_change,
    )

    shown, chosen, author = draft.data[SHOWN], choices or UNSAID, _author(context, draft)
    try:
        change = await change_within(context.session, edit, author, lambda: context.now, chosen, shown)
    except VanishedError:
        await drafts.discard(context.session, draft)
        return None
    except (OtherPlanError, RefusedPlanError):
        other = await plan_change(context.session, edit, lambda: context.now, chosen)
        return None if other is None else await _shown_anew(context, draft, other)
    await drafts.discard(context.session, draft)
    return change


def _author(context: RequestContext, draft: DraftData) -> Author:
    by_file = draft.data[WISH].get("do") == "file"
    return replace(context.author, source=ChangeSource.FILE) if by_file else context.author


async def _shown_anew(context: RequestContext, draft: DraftData, change: "PlannedChange") -> Proposal:
    data = {**draft.data, SHOWN: change.plan.fingerprint}
    ref = await drafts.save(context.session, DraftData(draft.ref, data), context.now, KEPT_FOR)
    return Proposal(ref, change)
