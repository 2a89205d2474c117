"""What time off is answered with: what would follow from it, and what was done."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from shared.contracts.absence import ApplyTimeOff, DiscardTimeOff, UndoTimeOff
from shared.contracts.base import DraftRef
from shared.i18n.translator import Html, Translator
from worker.absence import views
from worker.absence.promises import promise_word
from worker.absence.repository import CalendarOwner
from worker.absence.rules import TimeOff
from worker.dates import views as dates_views
from worker.dates.rules import HoursChange, differences
from worker.drafts import repository as drafts
from worker.proposals.proposal import UNDO_FOR, WISH, Proposal
from worker.proposals.rules import contradictions
from worker.proposals.views import decision_row, offer_button, stay_booked, visit_lines
from worker.runtime.context import RequestContext
from worker.ui.buttons import menu
from worker.ui.reply import Reply
from worker.ui.view import Button, View

if TYPE_CHECKING:
    from worker.business.apply import PlannedChange
    from worker.business.document import SpecialistEntry
    from worker.business.stored import ComingVisit

TIME_OFF: Final = "time_off"
"""The drafts of what is shown."""
UNDO: Final = "time_off.undo"
"""The drafts of what takes back what was applied."""


@dataclass(frozen=True, slots=True)
class Consequences:
    """What follows from time off."""

    owner: CalendarOwner
    changes: Sequence[HoursChange]
    visits: "Sequence[ComingVisit]"
    """Those for which nobody is there any more."""
    zone: ZoneInfo


def proposal_view(texts: Translator, found: Consequences, ref: DraftRef, *notes: Html) -> View:
    """Show what would close and open, and which visits are hit, before anything is done."""
    changes = dates_views.changes(texts, found.changes)
    lines = [*notes, views.heading(texts, found.owner), *changes, Html()]
    if found.visits:
        lines.append(dates_views.left_alone(texts, len(found.visits)))
        lines += visit_lines(texts, found.visits, found.zone)
        lines.append(stay_booked(texts, len(found.visits)))
    else:
        lines.append(texts.html("No booked visit is hit."))
    offering = [offer_button(texts, ApplyTimeOff(proposal=ref, offers=True))] if found.visits else []
    rows = decision_row(texts, ApplyTimeOff(proposal=ref), DiscardTimeOff(proposal=ref))
    return View(Html("\n".join(lines)), [offering, *rows])


def applied_view(texts: Translator, found: Consequences, undo: DraftRef | None) -> View:
    """Show what was done, and the visits that are to be dealt with."""
    lines = [views.heading(texts, found.owner), *dates_views.changes(texts, found.changes)]
    if found.visits:
        lines += [Html(), dates_views.left_alone(texts, len(found.visits))]
        lines += dates_views.and_more(texts, len(found.visits) - views.VISITS_SHOWN)
    rows = [
        [dates_views.visit_button(texts, each.number, each.begins.astimezone(found.zone), each)]
        for each in found.visits[: views.VISITS_SHOWN]
    ]
    undoing = [] if undo is None else [Button(texts.text("Undo"), UndoTimeOff(proposal=undo))]
    return View(
        Html("\n".join(lines)), [*rows, undoing, [views.to_time_off(texts, found.owner), menu(texts)]]
    )


def proposal_reply(context: RequestContext, owner: CalendarOwner, shown: Proposal, *notes: Html) -> Reply:
    """Show what would follow, with the way to apply it."""
    found = consequences(context, owner, shown.change)
    if not found.changes:
        return Reply(views.nothing_to_do(context.texts, owner), changed=True)
    if contradictions(shown.change):
        return Reply(views.without_a_place(context.texts, owner), changed=True)
    return Reply(proposal_view(context.texts, found, shown.ref, *notes), changed=True)


async def applied_reply(
    context: RequestContext, owner: CalendarOwner, done: "PlannedChange", wish: TimeOff
) -> Reply:
    """Show what was done, with the way to undo it; whoever else has to know is told."""
    found, undo = consequences(context, owner, done), None
    if found.changes:
        data = {WISH: undoing(wish, done).as_json()}
        undo = await drafts.create(context.session, context.user.id, UNDO, data, context.now, UNDO_FOR)
        await promise_word(context, owner, found.changes)
    return Reply(applied_view(context.texts, found, undo), toast=context.texts.text("Applied."), changed=True)


def consequences(context: RequestContext, owner: CalendarOwner, change: "PlannedChange") -> Consequences:
    """Read out of a plan what it does to one specialist's dates."""
    pair = entries_of(change)
    changes = []
    if pair is not None:
        before, after = (each.opening for each in pair)
        changes = differences(before, after, before.exceptions.keys() | after.exceptions.keys())
    visits = [hit.visit for hit in change.plan.hits]
    return Consequences(owner, changes, visits, context.zone)


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


def undoing(wish: TimeOff, done: "PlannedChange") -> TimeOff:
    """Return what takes back what was done."""
    pair = entries_of(done)
    if pair is None:
        return wish
    before, after = (each.opening.exceptions for each in pair)
    changed = [day for day in wish.days if before.get(day) != after.get(day)]
    return wish.undone({day: before.get(day) for day in changed}, {day: after.get(day) for day in changed})
