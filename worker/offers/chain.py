"""A freed time goes down the line: whoever is first of those who want it and can have it is offered it.

What is offered is read from what is free now, not from what was freed: it may be asked for as often as one
likes, by whatever was killed and runs again, and offers nothing twice.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from worker.db.models.booking import KeptFor, Status
from worker.offers import promises, repository
from worker.offers.repository import HeldOffer, OfferState
from worker.offers.rules import OfferTimes, offer_times
from worker.placement.allocation import NewVisit
from worker.placement.placement import Booked, BookingRequest, foresee, intent_of, place
from worker.placement.rules import Bar
from worker.runtime.context import RequestContext
from worker.scheduling.asker import Asker
from worker.scheduling.engine import find_slots
from worker.scheduling.following import load_schedule
from worker.scheduling.parts import DayPart, part_of
from worker.scheduling.repository import Schedule
from worker.visits.freed import offering
from worker.visits.repository import Visit
from worker.wishes import repository as wishes
from worker.wishes.repository import Wish
from worker.wishes.rules import FreedTime, Passed, is_over, taking, wants

SOON: Final = timedelta(seconds=5)
"""After this it is looked at again whether a time is still free that somebody was faster to take."""
OF_ANY_START: Final = {Passed.TOO_MANY, Passed.AWAY}
"""Who cannot have one start for these reasons can have none: the others are not asked for."""
AN_HOUR: Final = 60
FEW: Final = 20
"""So many of the line are looked at first."""
_PASSED: Final = {Bar.BLOCKED: Passed.AWAY, Bar.OVERLAP: Passed.ELSEWHERE, Bar.SAME: Passed.ELSEWHERE}


@dataclass(frozen=True, slots=True)
class FreedStretch:
    """A stretch of a specialist's time that is free again."""

    specialist_id: int
    begin: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody in line with a start that they want and that is free."""

    wish: Wish
    start: datetime
    times: OfferTimes

    def request(self, specialist_id: int, *, anyway: bool = False) -> BookingRequest:
        """Say what is to be held, `anyway` where the customer has another visit then: the one that moves."""
        wish = self.wish
        where = wish.location_id
        return BookingRequest(
            wish.service_id, specialist_id, self.start, where, anyway=anyway, places=wish.places
        )


@dataclass(slots=True)
class FreeStarts:
    """The starts that are free in a stretch, by service, place and number of places; each looked up once."""

    context: RequestContext
    freed: FreedStretch
    first: date
    last: date
    _found: dict[tuple[int, int | None, int], tuple[Schedule | None, Sequence[datetime]]] = field(
        default_factory=dict
    )

    async def of(self, wish: Wish) -> tuple[Schedule | None, Sequence[datetime]]:
        """Return the schedule of what is wished for, and its free starts that take a part of the stretch."""
        key = (wish.service_id, wish.location_id, wish.places)
        if key not in self._found:
            self._found[key] = await self._load(*key)
        return self._found[key]

    @property
    def barren(self) -> list[int]:
        """The services of which nothing is free, at whichever place, for however many."""
        anywhere = [(key, starts) for key, (_, starts) in self._found.items() if key[1:] == (None, 1)]
        return [service_id for (service_id, *_), starts in anywhere if not starts]

    async def _load(
        self, service_id: int, location_id: int | None, places: int
    ) -> tuple[Schedule | None, Sequence[datetime]]:
        freed, now = self.freed, self.context.now
        schedule = await load_schedule(
            self.context.session,
            (service_id,),
            self.first,
            self.last,
            Asker(now, places=places),
            specialist_id=freed.specialist_id,
            location_id=location_id,
        )
        queries = [] if schedule is None else schedule.queries(now)
        if schedule is None or not queries:
            return None, []
        found = find_slots(queries[0], self.first, self.last).slots
        starts = [datetime.fromtimestamp(start, UTC) for start in found]
        length = timedelta(seconds=queries[0].service.duration)
        return schedule, taking(starts, length, freed.begin, freed.end)


async def offer_freed(context: RequestContext, freed: FreedStretch) -> HeldOffer | None:
    """Offer a part of a stretch to whoever is first of those who want it and can have it; None to nobody.

    Where there may be more of it, or somebody was faster, it is looked at again at once.
    """
    if context.pause is not None:
        return None
    await repository.lock_line(context.session)
    found = await _first_in_line(context, freed)
    if found is None:
        return None
    offer = await make_offer(context, found, freed)
    _look_again(context, freed, context.now if offer else context.now + SOON)
    return offer


def _look_again(context: RequestContext, freed: FreedStretch, at: datetime) -> None:
    key, timer = offering(freed.specialist_id, freed.begin, freed.end, at)
    context.set_timer(key, timer.command, timer.due_at)


async def _first_in_line(context: RequestContext, freed: FreedStretch) -> Candidate | None:
    """Find who is first; the line is looked at from its beginning, only as far as it has to be."""
    asked = _asked_of_line(freed, context.zone)
    free = FreeStarts(context, freed, asked.first, asked.last)
    passed: dict[Passed, list[int]] = {}
    missed = freed.begin
    found = None
    async for wish in _in_line(context, asked, free):
        outcome = await _candidate(context, free, wish)
        if isinstance(outcome, Candidate):
            found = outcome
            break
        if outcome is not None:
            why, missed = outcome
            passed.setdefault(why, []).append(wish.id)
    for why, entry_ids in passed.items():
        await wishes.note_passed(context.session, entry_ids, why, missed, context.now)
    return found


def _asked_of_line(freed: FreedStretch, zone: ZoneInfo) -> FreedTime:
    begin, end = freed.begin.astimezone(zone), freed.end.astimezone(zone)
    one_day = begin.date() == end.date()
    return FreedTime(
        specialist_id=freed.specialist_id,
        begin=freed.begin,
        end=freed.end,
        first=begin.date(),
        last=end.date(),
        minute=begin.hour * AN_HOUR + begin.minute if one_day else 0,
        last_part=part_of(freed.end, zone) if one_day else DayPart.EVENING,
    )


async def _in_line(context: RequestContext, freed: FreedTime, free: FreeStarts) -> AsyncIterator[Wish]:
    """Yield those who may be offered a part of a stretch, in order; each batch is twice the one before."""
    after, most = None, FEW
    while True:
        asked = replace(freed, barren=free.barren)
        batch = await wishes.load_line(context.session, asked, context.now, context.today, most, after)
        for wish in batch:
            yield wish
        if len(batch) < most:
            return
        after, most = batch[-1].id, most * 2


async def _candidate(
    context: RequestContext, free: FreeStarts, wish: Wish
) -> Candidate | tuple[Passed, datetime] | None:
    """Return what somebody can be offered, or why nothing of what they want; None where they want none."""
    if is_over(wish, context.today) or wish.rests(context.zone):
        return None
    schedule, starts = await free.of(wish)
    if schedule is None:
        return None
    specialist_id = free.freed.specialist_id
    why: tuple[Passed, datetime] | None = None
    for start in starts:
        if _was_offered(wish, schedule, start, free.freed):
            continue
        if not wants(wish, start, specialist_id, context.zone):
            continue
        found = await candidate_for(context, wish, schedule, start, specialist_id)
        if isinstance(found, Candidate):
            return found
        why = why or (found, start)
        if found in OF_ANY_START:
            break
    return why


def _was_offered(wish: Wish, schedule: Schedule, start: datetime, freed: FreedStretch) -> bool:
    length = timedelta(seconds=schedule.services[freed.specialist_id].duration)
    span = (freed.begin, freed.end)
    return any(each.is_like(freed.specialist_id, start, length, span) for each in wish.offered)


async def candidate_for(
    context: RequestContext, wish: Wish, schedule: Schedule, start: datetime, specialist_id: int
) -> Candidate | Passed:
    """Tell whether somebody can be offered a start that is free, or why not."""
    notice = timedelta(seconds=schedule.policy.min_notice)
    times = offer_times(context.now, start - notice, context.zone)
    if times is None:
        return Passed.TOO_LATE
    candidate = Candidate(wish, start, times)
    request = candidate.request(specialist_id)
    intent = intent_of(request, schedule, context.now, wish.booking_id, limited=True)
    found = await foresee(context.session, intent, context.now, wish.customer_id)
    return candidate if found is None else _PASSED.get(found.bar, Passed.TOO_MANY)


async def _hold(context: RequestContext, found: Candidate, specialist_id: int) -> Visit | None:
    wish = found.wish
    hold = NewVisit(
        wish.customer_id,
        context.business.currency,
        status=Status.HELD,
        kept_until=found.times.deadline,
        kept_for=KeptFor.OFFER,
    )
    moves = wish.booking_id is not None
    request = found.request(specialist_id, anyway=moves)
    outcome = await place(context.session, request, context.now, hold, limited=not moves)
    return outcome.visit if isinstance(outcome, Booked) else None


async def make_offer(
    context: RequestContext, found: Candidate, freed: FreedStretch, *, by_staff: bool = False
) -> HeldOffer | None:
    """Hold the time and promise the offer; None where somebody was faster."""
    wish, times = found.wish, found.times
    held = await _hold(context, found, freed.specialist_id)
    if held is None:
        return None
    values: dict[str, Any] = {
        "entry_id": wish.id,
        "customer_id": wish.customer_id,
        "service_id": wish.service_id,
        "specialist_id": freed.specialist_id,
        "start": found.start,
        "freed_from": freed.begin,
        "freed_until": freed.end,
        "booking_id": held.id,
        "told_at": times.told_at,
        "deadline": times.deadline,
    }
    number = await repository.add_offer(context.session, made_at=context.now, by_staff=by_staff, **values)
    offer = HeldOffer(id=number, state=OfferState.OPEN, message_id=None, **values)
    promises.of_offer(context, offer)
    return offer
