"""What time off is answered with: what would follow from it, and what was done."""

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from shared.i18n.translator import Html
from worker.absence import views
from worker.absence.promises import promise_word
from worker.absence.repository import CalendarOwner
from worker.absence.rules import TimeOff, differences, hours_of
from worker.absence.views import Consequences
from worker.drafts import repository as drafts
from worker.proposals.proposal import WISH, Proposal
from worker.proposals.rules import contradictions
from worker.runtime.context import RequestContext
from worker.ui.reply import Reply

if TYPE_CHECKING:
    from worker.business.apply import PlannedChange
    from worker.business.document import SpecialistEntry

TIME_OFF: Final = "time_off"
"""The drafts of what is shown."""
UNDO: Final = "time_off.undo"
"""The drafts of what takes back what was applied."""
UNDONE_WITHIN: Final = timedelta(minutes=5)


def proposal_reply(context: RequestContext, owner: CalendarOwner, shown: Proposal, *notes: Html) -> Reply:
    """Show what would follow, with the way to apply it."""
    found = consequences(context, owner, shown.change)
    if not found.changes:
        return Reply(views.nothing_to_do(context.texts, owner), changed=True)
    if contradictions(shown.change):
        return Reply(views.without_a_place(context.texts, owner), changed=True)
    return Reply(views.proposal(context.texts, found, shown.ref, *notes), changed=True)


async def applied_reply(
    context: RequestContext, owner: CalendarOwner, done: "PlannedChange", wish: TimeOff
) -> Reply:
    """Show what was done, with the way to undo it; whoever else has to know is told."""
    found, undo = consequences(context, owner, done), None
    if found.changes:
        data = {WISH: _undoing(wish, done).as_json()}
        undo = await drafts.create(context.session, context.user.id, UNDO, data, context.now, UNDONE_WITHIN)
        await promise_word(context, owner, found.changes)
    return Reply(
        views.applied(context.texts, found, undo), toast=context.texts.text("Applied."), changed=True
    )


def consequences(context: RequestContext, owner: CalendarOwner, change: "PlannedChange") -> Consequences:
    """Read out of a plan what it does to one specialist's dates."""
    pair = entries_of(change)
    changes = []
    if pair is not None:
        before, after = map(hours_of, pair)
        changes = differences(before, after, before.exceptions.keys() | after.exceptions.keys())
    visits = [hit.visit for hit in change.plan.hits]
    today = context.now.astimezone(context.zone).date()
    return Consequences(owner, changes, visits, today, context.zone)


def entries_of(change: "PlannedChange") -> "tuple[SpecialistEntry, SpecialistEntry] | None":
    """Return the specialist before and after; None where nothing changes."""
    from worker.business.changes import EntryChange  # noqa: PLC0415 - only who changes the business pays
    from worker.business.document import SpecialistEntry  # noqa: PLC0415 - as above

    for each in change.plan.changes:
        if isinstance(each, EntryChange):
            before, after = each.before, each.after
            if isinstance(before, SpecialistEntry) and isinstance(after, SpecialistEntry):
                return before, after
    return None


def _undoing(wish: TimeOff, done: "PlannedChange") -> TimeOff:
    """Return what takes back what was done."""
    pair = entries_of(done)
    if pair is None:
        return wish
    before, after = (hours_of(each).exceptions for each in pair)
    changed = [day for day in wish.days if before.get(day) != after.get(day)]
    return wish.undone({day: before.get(day) for day in changed}, {day: after.get(day) for day in changed})
