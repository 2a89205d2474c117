"""Who in line can be offered a part of what is free, and why the others cannot."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from worker.offers.free import FreedStretch, FreeStarts, Viewpoint
from worker.offers.rules import OfferTimes, offer_times
from worker.placement.placement import BookingRequest, foresee, intent_of
from worker.placement.rules import Bar
from worker.scheduling.repository import Schedule
from worker.wishes.repository import Wish
from worker.wishes.rules import Passed, is_over, wants

OF_ANY_START: Final = {Passed.TOO_MANY, Passed.AWAY}
"""Who cannot have one start for these reasons can have none: the others are not asked for."""
_PASSED: Final = {Bar.BLOCKED: Passed.AWAY, Bar.OVERLAP: Passed.ELSEWHERE, Bar.SAME: Passed.ELSEWHERE}


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody in line with a start that they want and that is free."""

    wish: Wish
    start: datetime
    times: OfferTimes
    latest: datetime
    """Until when it can be booked."""

    def request(self, specialist_id: int, *, anyway: bool = False) -> BookingRequest:
        """Say what is to be held, `anyway` where the customer has another visit then: the one that moves."""
        wish = self.wish
        where = wish.location_id
        return BookingRequest(
            wish.service_id, specialist_id, self.start, where, anyway=anyway, places=wish.places
        )


async def candidate_of(
    view: Viewpoint, free: FreeStarts, wish: Wish
) -> Candidate | tuple[Passed, datetime] | None:
    """Return what somebody can be offered, or why nothing of what they want; None where they want none."""
    if is_over(wish, view.today) or wish.rests(view.zone):
        return None
    schedule, starts = await free.of(wish)
    if schedule is None:
        return None
    specialist_id = free.freed.specialist_id
    why: tuple[Passed, datetime] | None = None
    for start in starts:
        if was_offered(wish, schedule, start, free.freed):
            continue
        if not wants(wish, start, specialist_id, view.zone):
            continue
        found = await candidate_for(view, wish, schedule, start, specialist_id)
        if isinstance(found, Candidate):
            return found
        why = why or (found, start)
        if found in OF_ANY_START:
            break
    return why


def was_offered(wish: Wish, schedule: Schedule, start: datetime, freed: FreedStretch) -> bool:
    """Tell whether somebody was offered that time before, or a part of that stretch."""
    length = timedelta(seconds=schedule.services[freed.specialist_id].duration)
    span = (freed.begin, freed.end)
    return any(each.is_like(freed.specialist_id, start, length, span) for each in wish.offered)


async def candidate_for(
    view: Viewpoint, wish: Wish, schedule: Schedule, start: datetime, specialist_id: int
) -> Candidate | Passed:
    """Tell whether somebody can be offered a start that is free, or why not."""
    latest = start - timedelta(seconds=schedule.policy.min_notice)
    times = offer_times(view.now, latest, view.zone)
    if times is None:
        return Passed.TOO_LATE
    candidate = Candidate(wish, start, times, latest)
    request = candidate.request(specialist_id)
    intent = intent_of(request, schedule, view.now, wish.booking_id, limited=True)
    found = await foresee(view.session, intent, view.now, wish.customer_id)
    return candidate if found is None else _PASSED.get(found.bar, Passed.TOO_MANY)
