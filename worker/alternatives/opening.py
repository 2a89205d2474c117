"""A rebooking begins: whoever closes hours over booked visits has their customers offered other times."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from shared.contracts.rebooking import EndRebooking, OfferAlternatives
from worker.alternatives import repository
from worker.alternatives.replies import show_on_cards
from worker.alternatives.rules import AnswerState, answer_by
from worker.db.models.booking import Status
from worker.notices.repository import load_desk
from worker.people.repository import let_nobody_in
from worker.runtime.context import RequestContext
from worker.visits.repository import Visit, load_several

if TYPE_CHECKING:
    from worker.business.apply import PlannedChange


async def offer_others(
    context: RequestContext,
    done: "PlannedChange",
    undo: Mapping[str, Any] | None = None,
    *,
    in_tapped: bool = True,
) -> bool:
    """Have the customers offered other times whose visits are outside the hours that a change has made.

    Tells whether anybody is offered some. Visits that nobody offers any more are another matter, and visits
    that a change leaves as they were booked concern nobody.
    """
    numbers = [hit.visit.number for hit in done.plan.hits if hit.uncovers]
    visits = await load_several(context.session, numbers)
    opened = []
    for specialist in sorted({visit.specialist_id for visit in visits}):
        own = sorted((each for each in visits if each.specialist_id == specialist), key=_by_start)
        number = await open_rebooking(context, own, undo, in_tapped=in_tapped)
        opened += [] if number is None else [number]
    return bool(opened)


def _by_start(visit: Visit) -> tuple[datetime, int]:
    return visit.start, visit.id


async def open_rebooking(
    context: RequestContext,
    visits: Sequence[Visit],
    undo: Mapping[str, Any] | None = None,
    *,
    in_tapped: bool = True,
) -> int | None:
    """Have the customers of one specialist's visits offered other times; None where all are offered some.

    `undo` is the time off that makes the specialist's dates what they were, `in_tapped` whether the tapped
    message shows how far it has come. Visits that have begun are left out, and requests. The caller has
    locked the business, so that each visit is offered once.
    """
    known = await repository.load_open_of(context.session, [visit.id for visit in visits])
    asked = {each.booking_id for each in known if each.state in {AnswerState.WAITING, AnswerState.ASKED}}
    affected = [each for each in visits if is_hit(each, context.now) and each.id not in asked]
    if not affected:
        return None
    deadline = answer_by(context.now, min(each.start for each in affected))
    specialist = affected[0].specialist_id
    await let_nobody_in(context.session)
    number = await repository.create(context.session, specialist, context.now, deadline, undo)
    states = {visit.id: (visit.start, _state(visit)) for visit in affected}
    await repository.add_visits(context.session, number, states)
    await repository.waive(context.session, list(states), waived=True)
    _note(context, [visit_id for visit_id, (_, state) in states.items() if state is AnswerState.WAITING])
    await _have_it_watched(context, number, affected[0], context.tapped_message_id if in_tapped else None)
    _set_timers(context, number, deadline)
    return number


def _note(context: RequestContext, told: Iterable[int]) -> None:
    for booking_id in told:
        context.note(booking_id, "rebooking")


def is_hit(visit: Visit, now: datetime) -> bool:
    """Tell whether a visit lies ahead and is agreed on: a request is accepted, declined or lapses."""
    return visit.is_live and visit.status is not Status.PENDING and visit.start > now


def _state(visit: Visit) -> AnswerState:
    """Whoever cannot be written to is listed for a call at once, and whose visit has several parts."""
    told = visit.customer_reachable and not visit.is_by_phone and not visit.parts
    return AnswerState.WAITING if told else AnswerState.CALL


def _set_timers(context: RequestContext, number: int, deadline: datetime) -> None:
    context.set_timer(offering(number), OfferAlternatives(rebooking_id=number), context.now)
    context.set_timer(ending(number), EndRebooking(rebooking_id=number), deadline)


async def _have_it_watched(context: RequestContext, number: int, visit: Visit, shown_in: int | None) -> None:
    """Have whoever began it watch it, and the specialist; of those who began it themselves, who manages."""
    desk = await load_desk(context.session, visit.specialist_id, context.settings.admin_ids)
    own = desk.telegram_id if desk.here and desk.reachable else None
    by = context.user.id
    people = [by, *([own] if own is not None and own != by else [])]
    if own in {None, by}:
        people += [each for each in desk.managers if each != by]
    watchers = dict.fromkeys(people, None) | {by: shown_in}
    await repository.add_watchers(context.session, number, watchers)
    await show_on_cards(context, number, at_once=True)


def offering(rebooking_id: int) -> str:
    """Return the key of the timer that offers other times to the next customers."""
    return f"rebooking:{rebooking_id}"


def ending(rebooking_id: int) -> str:
    """Return the key of the timer that ends a rebooking."""
    return f"rebooking_end:{rebooking_id}"
