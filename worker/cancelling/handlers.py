"""A customer cancels a visit, and may say why."""

from dataclasses import replace

from shared.contracts.cancelling import AskCancel, AskCancelReason, Cancel, WriteCancelReason
from worker.cancelling import promises, views
from worker.keeping.repository import cancel as end_visit
from worker.runtime.capability import reads, writes
from worker.runtime.context import RequestContext
from worker.ui.reply import Reply
from worker.visits.access import OWN_VISIT, OWN_VISIT_LOCKED
from worker.visits.replies import card_reply, refused
from worker.visits.repository import Visit
from worker.visits.rules import obstacle_to_cancel


@reads(AskCancel, access=OWN_VISIT)
async def ask_cancel(context: RequestContext, command: AskCancel, visit: Visit) -> Reply:
    """Ask before cancelling."""
    obstacle = obstacle_to_cancel(visit, command.version, context.now)
    if obstacle is not None:
        return refused(context, visit, obstacle)
    return Reply(views.cancel_question(context.texts, visit))


@writes(Cancel, access=OWN_VISIT_LOCKED)
async def cancel(context: RequestContext, command: Cancel, visit: Visit) -> Reply:
    """Cancel the visit; its time is free for others at once."""
    obstacle = obstacle_to_cancel(visit, command.version, context.now)
    if obstacle is not None:
        return refused(context, visit, obstacle)
    await end_visit(context.session, visit)
    await promises.of_cancellation(context, replace(visit, version=visit.version + 1))
    return Reply(toast=context.texts.text("Cancelled."), changed=True, outcome="cancelled")


@writes(AskCancelReason, access=OWN_VISIT)
async def ask_cancel_reason(context: RequestContext, _: AskCancelReason, visit: Visit) -> Reply:
    """Ask why the visit was cancelled; nobody has to say."""
    if not visit.explainable:
        return card_reply(context, visit, toast=context.texts.text("There is nothing to explain."))
    asks = WriteCancelReason(booking_id=visit.id, reason="")
    return Reply(views.reason_question(context.texts, visit), changed=True, asks=asks)


@writes(WriteCancelReason, access=OWN_VISIT_LOCKED)
async def write_cancel_reason(context: RequestContext, command: WriteCancelReason, visit: Visit) -> Reply:
    """Keep why, once, among what happened to the visit, and tell whoever would have waited."""
    if not visit.explainable:
        return card_reply(context, visit, toast=context.texts.text("There is nothing to explain."))
    context.note(visit.id, "explained", reason=command.reason)
    explained = replace(visit, explainable=False)
    await promises.of_explanation(context, explained)
    return Reply(views.explained(context.texts, explained), changed=True)
