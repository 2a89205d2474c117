"""A request is answered by those in whose calendar it is, or lapses."""

from shared.contracts.approval import (
    Accept,
    AcceptProposal,
    AskDecline,
    Decline,
    DeclineProposal,
    DeclineWithWord,
    LapseRequest,
)
from worker.agenda.access import CALENDAR_VISIT, CALENDAR_VISIT_LOCKED
from worker.approval import promises, repository, rules, views
from worker.approval.replies import agree
from worker.db.models.booking import Awaited
from worker.keeping.repository import cancel, ended
from worker.runtime.access import TIMERS_ONLY
from worker.runtime.capability import writes
from worker.runtime.context import RequestContext
from worker.staff.views import staff_card
from worker.ui.reply import Reply
from worker.visits.access import OWN_VISIT_LOCKED
from worker.visits.replies import card_reply
from worker.visits.repository import Visit, load
from worker.visits.rules import has_lapsed


@writes(Accept, access=CALENDAR_VISIT_LOCKED)
async def accept(context: RequestContext, command: Accept, visit: Visit) -> Reply:
    """Make a visit of the request; of two who answer at once the second reads who did."""
    if refusal := await _refusal(context, visit, command.version, None):
        return refusal
    accepted = await agree(context, visit)
    if accepted is None:
        return await _refused(context, visit, rules.Closed.LAPSED)
    card = staff_card(context.texts, accepted, context.now)
    toast = views.accepted(context.texts, accepted)
    return Reply(card, toast=toast, changed=True, outcome="accepted")


@writes(AskDecline, access=CALENDAR_VISIT)
async def ask_decline(context: RequestContext, command: AskDecline, visit: Visit) -> Reply:
    """Ask what the customer is to read; nobody has to say anything."""
    if refusal := await _refusal(context, visit, command.version, None, Awaited.CUSTOMER):
        return refusal
    asks = DeclineWithWord(booking_id=visit.id, version=command.version, word="")
    return Reply(views.word_question(context.texts, visit), changed=True, asks=asks)


@writes(Decline, access=CALENDAR_VISIT_LOCKED)
async def decline(context: RequestContext, command: Decline, visit: Visit) -> Reply:
    """End the request."""
    return await _decline(context, visit, command.version, "")


@writes(DeclineWithWord, access=CALENDAR_VISIT_LOCKED)
async def decline_with_word(context: RequestContext, command: DeclineWithWord, visit: Visit) -> Reply:
    """End the request; its customer reads the word."""
    return await _decline(context, visit, command.version, command.word)


@writes(AcceptProposal, access=OWN_VISIT_LOCKED)
async def accept_proposal(context: RequestContext, command: AcceptProposal, visit: Visit) -> Reply:
    """Make a visit of another time that was proposed: its customer agrees, nobody else has to."""
    if refusal := await _not_proposed(context, visit, command.version):
        return refusal
    accepted = await agree(context, visit)
    if accepted is None:
        return await _told(context, visit, rules.Closed.LAPSED)
    toast = views.agreed(context.texts, accepted)
    return Reply(toast=toast, changed=True, outcome="accepted")


@writes(DeclineProposal, access=OWN_VISIT_LOCKED)
async def decline_proposal(context: RequestContext, command: DeclineProposal, visit: Visit) -> Reply:
    """End the request: its customer does not want the time that was proposed."""
    if refusal := await _not_proposed(context, visit, command.version):
        return refusal
    await promises.of_refusal(context, await _ended(context, visit))
    return Reply(toast=context.texts.text("Declined."), changed=True, outcome="declined")


@writes(LapseRequest, access=TIMERS_ONLY)
async def lapse(context: RequestContext, command: LapseRequest) -> Reply:
    """End a request that nobody answered in time; its customer is shown other times."""
    visit = await load(context.session, command.booking_id, lock=True)
    paying = visit is not None and visit.awaits is Awaited.PAYMENT
    if visit is None or paying or not has_lapsed(visit, context.now):
        return Reply()
    await promises.of_lapse(context, await _ended(context, visit))
    return Reply(changed=True)


async def _decline(context: RequestContext, visit: Visit, version: int, word: str) -> Reply:
    if refusal := await _refusal(context, visit, version, None, Awaited.CUSTOMER):
        return refusal
    declined = await _ended(context, visit)
    await promises.of_decline(context, declined, word)
    card = staff_card(context.texts, declined, context.now)
    return Reply(card, toast=views.declined(context.texts, visit), changed=True, outcome="declined")


async def _ended(context: RequestContext, visit: Visit) -> Visit:
    await cancel(context.session, visit)
    return ended(visit)


async def _refusal(
    context: RequestContext, visit: Visit, version: int, *awaits: Awaited | None
) -> Reply | None:
    closed = rules.closed(visit, version, context.now, *awaits)
    return None if closed is None else await _refused(context, visit, closed)


async def _refused(context: RequestContext, visit: Visit, closed: rules.Closed) -> Reply:
    answer = await repository.load_answer(context.session, visit.id)
    toast = views.closed(context.texts, closed, answer)
    return Reply(staff_card(context.texts, visit, context.now), toast=toast, alert=True, outcome="stale")


async def _not_proposed(context: RequestContext, visit: Visit, version: int) -> Reply | None:
    closed = rules.closed(visit, version, context.now, Awaited.CUSTOMER)
    return None if closed is None else await _told(context, visit, closed)


async def _told(context: RequestContext, visit: Visit, closed: rules.Closed) -> Reply:
    ended = closed is rules.Closed.ANSWERED
    answer = await repository.load_answer(context.session, visit.id) if ended else None
    toast = views.closed(context.texts, closed, answer)
    return card_reply(context, visit, toast=toast, alert=True, outcome="stale")
