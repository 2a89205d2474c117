"""A freed time goes down the line: whoever is first of those who want it and can have it is offered it.

What is offered is read from what is free now, not from what was freed: it may be asked for as often as one
likes, by whatever was killed and runs again, and offers nothing twice.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from worker.db.models.booking import KeptFor, Status
from worker.offers import promises, repository
from worker.offers.candidates import Candidate, candidate_of
from worker.offers.choices import ask_staff
from worker.offers.free import FreeStarts, asked_of_line, in_line
from worker.offers.repository import HeldOffer, OfferState
from worker.offers.stretch import FreedStretch
from worker.placement.allocation import NewVisit
from worker.placement.placement import Booked, place
from worker.runtime.context import RequestContext
from worker.visits.freed import offering
from worker.visits.repository import Visit
from worker.wishes import repository as wishes
from worker.wishes.rules import Passed

SOON: Final = timedelta(seconds=5)
"""After this it is looked at again whether a time is still free that somebody was faster to take."""


async def offer_freed(
    context: RequestContext, freed: FreedStretch, *, asked: bool = False
) -> HeldOffer | None:
    """Offer a part of a stretch to whoever is first of those who want it and can have it; None to nobody.

    Where there may be more of it, or somebody was faster, it is looked at again at once. Where the business
    has its staff choose, they are asked first, unless they were `asked` already.
    """
    if context.pause is not None:
        return None
    await repository.lock_line(context.session)
    found = await _first_in_line(context, freed)
    if found is None or (not asked and await ask_staff(context, freed, found.latest)):
        return None
    offer = await make_offer(context, found, freed)
    _look_again(context, freed, context.now if offer else context.now + SOON)
    return offer


def _look_again(context: RequestContext, freed: FreedStretch, at: datetime) -> None:
    key, timer = offering(freed.specialist_id, freed.begin, freed.end, at, asked=True)
    context.set_timer(key, timer.command, timer.due_at)


async def _first_in_line(context: RequestContext, freed: FreedStretch) -> Candidate | None:
    """Find who is first; the line is looked at from its beginning, only as far as it has to be."""
    asked = asked_of_line(freed, context.zone)
    free = FreeStarts(context, freed, asked.first, asked.last)
    passed: dict[Passed, list[int]] = {}
    missed = freed.begin
    found = None
    async for wish in in_line(context, asked, free):
        outcome = await candidate_of(context, free, wish)
        if isinstance(outcome, Candidate):
            found = outcome
            break
        if outcome is not None:
            why, missed = outcome
            passed.setdefault(why, []).append(wish.id)
    for why, entry_ids in passed.items():
        await wishes.note_passed(context.session, entry_ids, why, missed, context.now)
    return found


async def _hold(context: RequestContext, found: Candidate) -> Visit | None:
    wish = found.wish
    hold = NewVisit(
        wish.customer_id,
        context.business.currency,
        status=Status.HELD,
        kept_until=found.times.deadline,
        kept_for=KeptFor.OFFER,
    )
    moves = wish.booking_id is not None
    request = found.request(anyway=moves)
    outcome = await place(context.session, request, context.now, hold, limited=not moves)
    return outcome.visit if isinstance(outcome, Booked) else None


async def make_offer(
    context: RequestContext, found: Candidate, freed: FreedStretch, *, by_staff: bool = False
) -> HeldOffer | None:
    """Hold the time and promise the offer; None where somebody was faster."""
    wish, times = found.wish, found.times
    held = await _hold(context, found)
    if held is None:
        return None
    values: dict[str, Any] = {
        "entry_id": wish.id,
        "customer_id": wish.customer_id,
        "service_id": wish.service_id,
        "added": wish.added,
        "specialist_id": held.specialist_id,
        "start": found.start,
        "freed_specialist_id": freed.specialist_id,
        "freed_from": freed.begin,
        "freed_until": freed.end,
        "booking_id": held.id,
        "told_at": times.told_at,
        "deadline": times.deadline,
        "by_staff": by_staff,
    }
    number = await repository.add_offer(context.session, made_at=context.now, **values)
    offer = HeldOffer(id=number, state=OfferState.OPEN, message_id=None, **values)
    promises.of_offer(context, offer)
    if by_staff:
        context.note(wish.booking_id or held.id, "offered", to=found.start.isoformat())
    return offer
