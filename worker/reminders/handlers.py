"""What a customer answers to a reminder, and what becomes of a visit where they do not."""

from dataclasses import replace

from shared.contracts.reminders import ConfirmAttendance, FreeUnconfirmed
from worker.cancelling.promises import of_freeing
from worker.confirming.rules import is_to_be_freed
from worker.keeping.repository import cancel
from worker.own_texts.replies import own_words
from worker.own_texts.rules import OwnTextKind
from worker.reminders import promises, repository, views
from worker.runtime.access import TIMERS_ONLY
from worker.runtime.capability import writes
from worker.runtime.context import RequestContext
from worker.ui.reply import Reply
from worker.visits.access import OWN_VISIT_LOCKED
from worker.visits.replies import card_reply, refused
from worker.visits.repository import Visit, load
from worker.visits.rules import obstacle_to_answer


@writes(ConfirmAttendance, access=OWN_VISIT_LOCKED)
async def confirm_attendance(context: RequestContext, command: ConfirmAttendance, visit: Visit) -> Reply:
    """Note that the customer will be there; a second tap finds it noted."""
    obstacle = obstacle_to_answer(visit, command.version)
    if obstacle is not None:
        return refused(context, visit, obstacle)
    if visit.start <= context.now:
        return card_reply(context, visit, toast=context.texts.text("This visit has begun already."))
    thanks = context.texts.text("Thank you, see you then!")
    if visit.attending:
        own = await own_words(
            context.session, context.translators, OwnTextKind.REMINDER, visit, context.texts
        )
        return Reply(views.see_you(context.texts, visit, context.now, own), toast=thanks, card=visit.id)
    await repository.attend(context.session, visit.id, context.now)
    context.note(visit.id, "attending")
    promises.promise_attending(context, visit)
    return Reply(toast=thanks, changed=True, outcome="attending")


@writes(FreeUnconfirmed, access=TIMERS_ONLY)
async def free_unconfirmed(context: RequestContext, command: FreeUnconfirmed) -> Reply:
    """Free the time of a visit whose customer was asked and has not answered; both sides are told."""
    visit = await load(context.session, command.booking_id, lock=True)
    if visit is None or not is_to_be_freed(visit, context.now):
        return Reply(changed=True)
    await cancel(context.session, visit)
    await of_freeing(context, replace(visit, version=visit.version + 1))
    return Reply(changed=True, outcome="freed")
