"""'I'll be there'."""

from shared.contracts.visits import ConfirmAttendance
from worker.booking import notices, repository
from worker.booking.card import card_reply
from worker.booking.change import find_own_locked, gone_or_stale
from worker.runtime.context import RequestContext
from worker.ui.reply import Reply
from worker.visits import promises


async def confirm_attendance(context: RequestContext, command: ConfirmAttendance) -> Reply:
    """Note that the customer will be there; a second tap finds it noted."""
    details = await find_own_locked(context, command.booking_id)
    problem = gone_or_stale(context, details, command.version)
    if details is None or problem is not None:
        return problem or Reply()
    if details.start <= context.now:
        return card_reply(context, details, toast=context.texts.text("This visit has begun already."))
    thanks = context.texts.text("Thank you, see you then!")
    if details.attending:
        return Reply(notices.see_you(context.texts, details), toast=thanks, card=details.id)
    await repository.attend(context.session, details.id, context.now)
    context.note(details.id, "attending")
    promises.promise_attending(context, details)
    return Reply(toast=thanks, changed=True, outcome="attending")
