"""Who in line can be offered a part of what is free, and why the others cannot."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from worker.offers.free import FreeStarts, Viewpoint
from worker.offers.rules import OfferTimes, offer_times
from worker.offers.stretch import FreedStretch
from worker.offers.together import longest, notice
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
    specialist_id: int | None
    """With whom it begins; None of several services is whoever can."""
    times: OfferTimes
    latest: datetime
    """Until when it can be booked."""

    def request(self, *, anyway: bool = False) -> BookingRequest:
        """Say what is to be held, `anyway` where the customer has another visit then: the one that moves."""
        wish = self.wish
        return BookingRequest(
            wish.service_id,
            self.specialist_id,
            self.start,
            wish.location_id,
            anyway=anyway,
            added=wish.added,
            places=wish.places,
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
    specialist_id = with_whom(wish, free.freed.specialist_id)
    why: tuple[Passed, datetime] | None = None
    for start in starts:
        if was_offered(wish, schedule, start, free.freed):
            continue
        if not wants(wish, start, specialist_id, view.zone):
            continue
        found = await candidate_for(view, wish, schedule, start, free.freed.specialist_id)
        if isinstance(found, Candidate):
            return found
        why = why or (found, start)
        if found in OF_ANY_START:
            break
    return why


def with_whom(wish: Wish, specialist_id: int) -> int | None:
    """Return with whom a time of a specialist would begin for a wish: of several whom it names or anyone."""
    return wish.specialist_id if wish.added else specialist_id


def length_of(wish: Wish, schedule: Schedule, specialist_id: int) -> timedelta:
    """Return how long what is wished for takes with a specialist; of several services at most."""
    if wish.added:
        return longest(schedule)
    return timedelta(seconds=schedule.services[specialist_id].duration)


def was_offered(wish: Wish, schedule: Schedule, start: datetime, freed: FreedStretch) -> bool:
    """Tell whether somebody was offered that time before, or a part of that stretch."""
    length = length_of(wish, schedule, freed.specialist_id)
    who, span = with_whom(wish, freed.specialist_id), (freed.begin, freed.end)
    return any(
        each.is_like(who, start, length) or each.is_of(freed.specialist_id, span) for each in wish.offered
    )


async def candidate_for(
    view: Viewpoint, wish: Wish, schedule: Schedule, start: datetime, specialist_id: int
) -> Candidate | Passed:
    """Tell whether somebody can be offered a start that is free in a specialist's time, or why not."""
    latest = start - notice(schedule)
    times = offer_times(view.now, latest, view.zone)
    if times is None:
        return Passed.TOO_LATE
    candidate = Candidate(wish, start, with_whom(wish, specialist_id), times, latest)
    intent = intent_of(candidate.request(), schedule, view.now, wish.booking_id, limited=True)
    found = await foresee(view.session, intent, view.now, wish.customer_id)
    return candidate if found is None else _PASSED.get(found.bar, Passed.TOO_MANY)
