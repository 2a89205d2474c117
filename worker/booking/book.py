"""Booking a visit."""

from collections.abc import Sequence
from dataclasses import replace

from shared.contracts.booking import Book, ShowSummary
from worker.booking.browse import not_offered
from worker.booking.card import card_reply
from worker.booking.choose import offer_others
from worker.booking.details import Details, Visit, find_own
from worker.booking.placement import Refused, Wish, place
from worker.booking.times import NewVisit
from worker.runtime.context import RequestContext
from worker.ui.reply import Reply
from worker.visits import promises


async def book(context: RequestContext, command: Book) -> Reply:
    """Book the visit, or say why not and offer the day's other times.

    A second tap on 'Confirm' finds the booking that the first one made.
    """
    wish = Wish(command.service_id, command.specialist_id, command.start)
    own = (context.user.id, command.service_id, command.start)
    new = NewVisit(context.user.id, context.business.currency, alone=True)
    outcome = await place(context.session, wish, context.now, new)
    if isinstance(outcome, Refused):
        had = await find_own(context.session, *own)
        return _has_it(context, command, had) if had else await _refuse(context, command, outcome)
    _promise(context, outcome.visit)
    return Reply(toast=context.texts.text("Booked!"), changed=True, outcome="confirmed")


def _has_it(context: RequestContext, command: Book, own: Sequence[Details]) -> Reply:
    """Answer a wish for what the customer has at that time already: the same visit, or another's."""
    texts = context.texts
    same = [visit for visit in own if command.specialist_id in {None, visit.specialist_id}]
    if same:
        return card_reply(context, same[0], toast=texts.text("Booked already."))
    clash = texts.text(
        "You have this at that time already, with {specialist}. To go to someone else, cancel it first.",
        specialist=own[0].specialist,
    )
    return card_reply(context, own[0], toast=clash, alert=True, outcome="conflict")


async def _refuse(context: RequestContext, command: Book, refused: Refused) -> Reply:
    if refused.reason is None:
        return not_offered(context)
    asked = ShowSummary(
        service_id=command.service_id, specialist_id=command.specialist_id, start=command.start
    )
    return replace(await offer_others(context, asked, refused.reason), outcome="conflict")


def _promise(context: RequestContext, visit: Visit) -> None:
    context.note(visit.id, "booked")
    promises.promise_card(context, visit)
    promises.promise_calendar(context, visit)
    promises.promise_notice(context, visit, "booked")
    promises.promise_reminders(context, visit)
