"""A time is offered to whom the staff choose: with the same guards as in the line, by the same function."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from heapq import merge
from typing import Final

from worker.offers import promises, repository
from worker.offers.candidates import (
    Candidate,
    candidate_for,
    candidate_of,
    length_of,
    was_offered,
    with_whom,
)
from worker.offers.chain import make_offer
from worker.offers.choices import settle
from worker.offers.free import FreeStarts, Viewpoint, asked_of_line, in_line
from worker.offers.repository import HeldOffer
from worker.offers.rules import offer_times
from worker.offers.stretch import FreedStretch
from worker.offers.together import notice, starts_with
from worker.runtime.context import RequestContext
from worker.scheduling.asker import Asker
from worker.scheduling.following import load_schedule
from worker.scheduling.repository import Schedule
from worker.scheduling.rules import SlotQuery
from worker.scheduling.soonest import spread
from worker.wishes.repository import Wish, load_wish
from worker.wishes.rules import is_over, wants

A_MINUTE: Final = timedelta(minutes=1)
A_DAY: Final = timedelta(days=1)
MOST_CANDIDATES: Final = 8
"""So many are named to who chooses; all others are in the line."""


class Unoffered(StrEnum):
    """Why a time is not offered to somebody."""

    PAUSED = "paused"
    """Nothing can be booked just now."""
    NOT_WISHED = "not_wished"
    """They do not wish for it, or not any more."""
    HAS_IT = "has_it"
    """They have booked such a visit since."""
    HAS_OFFER = "has_offer"
    """Another time is offered to them just now."""
    OFFERED_BEFORE = "offered_before"
    """It, or a time that meets it, was offered to them before."""
    GONE = "gone"
    """It is not free any more."""
    ELSEWHERE = "elsewhere"
    TOO_MANY = "too_many"
    TOO_LATE = "too_late"
    AWAY = "away"
    """As with what passes somebody over in the line: see Passed."""


@dataclass(frozen=True, slots=True)
class FittingTime:
    """A free time that somebody in line could be offered."""

    start: datetime
    specialist_id: int


async def examine(
    context: RequestContext, wish: Wish, specialist_id: int, start: datetime
) -> tuple[Candidate, FreedStretch] | Unoffered:
    """Tell whether a time can be offered to somebody, and which stretch it would take; or why not."""
    if (refused := await _unready(context, wish)) is not None:
        return refused
    if not wants(wish, start, with_whom(wish, specialist_id), context.zone):
        return Unoffered.NOT_WISHED
    day = start.astimezone(context.zone).date()
    sought = FreedStretch(specialist_id, start, start + (A_DAY if wish.added else A_MINUTE))
    schedule, free = await FreeStarts(context, sought, day, day).of(wish)
    if schedule is None or start not in free:
        return Unoffered.GONE
    freed = FreedStretch(specialist_id, start, start + length_of(wish, schedule, specialist_id))
    if was_offered(wish, schedule, start, freed):
        return Unoffered.OFFERED_BEFORE
    found = await candidate_for(context, wish, schedule, start, specialist_id)
    return (found, freed) if isinstance(found, Candidate) else Unoffered(found)


async def _unready(context: RequestContext, wish: Wish) -> Unoffered | None:
    """Say why somebody can be offered nothing at all just now."""
    if context.pause is not None:
        return Unoffered.PAUSED
    if is_over(wish, context.today):
        return Unoffered.NOT_WISHED
    if wish.rests(context.zone):
        return Unoffered.HAS_IT
    if not wish.in_reach:
        return Unoffered.AWAY
    has = await repository.load_open_of(context.session, wish.customer_id)
    return None if has is None else Unoffered.HAS_OFFER


async def offer_to(
    context: RequestContext, entry_id: int, specialist_id: int, start: datetime
) -> HeldOffer | Unoffered:
    """Offer a time to somebody in line; of several who do so at once the first is heard.

    What the staff were asked about it is answered by that.
    """
    await repository.lock_line(context.session)
    wish = await load_wish(context.session, entry_id, context.now)
    if wish is None:
        return Unoffered.NOT_WISHED
    found = await examine(context, wish, specialist_id, start)
    if isinstance(found, Unoffered):
        return found
    candidate, freed = found
    choice = await repository.load_choice_about(context.session, freed)
    offer = await make_offer(context, candidate, choice.freed if choice else freed, by_staff=True)
    if offer is None:
        return Unoffered.GONE
    if choice is not None and await settle(context, choice, repository.CHOSEN):
        promises.offer_on(context, offer)
    return offer


async def fitting(
    context: RequestContext, wish: Wish, specialist_id: int | None, after: datetime
) -> Sequence[FittingTime]:
    """Find the next free times behind an instant that somebody could be offered, spread over the days.

    `specialist_id` looks at one calendar, of several services at those of which a part is in it. None are
    found for who can be offered nothing just now.
    """
    if await _unready(context, wish) is not None:
        return []
    day = max(wish.first_day, context.today)
    whose = None if specialist_id is None else with_whom(wish, specialist_id)
    schedule = await load_schedule(
        context.session,
        (wish.service_id, *wish.added),
        day,
        wish.last_day,
        Asker(context.now, places=wish.places),
        specialist_id=wish.specialist_id if whose is None else whose,
        location_id=wish.location_id,
    )
    if schedule is None:
        return []
    doers: dict[datetime, int] = {}
    free = _free(context, wish, schedule, max(after, context.now), specialist_id)
    fits = []
    for start in spread(_in_order(free, doers), context.zone):
        outcome = await candidate_for(context, wish, schedule, start, doers[start])
        fits += [FittingTime(start, doers[start])] if isinstance(outcome, Candidate) else []
    return fits


def _in_order(found: Iterable[FittingTime], doers: dict[datetime, int]) -> Iterator[datetime]:
    """Yield each start once; `doers` is told with whom: the first of those who are free then."""
    for each in found:
        if each.start not in doers:
            doers[each.start] = each.specialist_id
            yield each.start


def _free(
    view: Viewpoint, wish: Wish, schedule: Schedule, after: datetime, whose: int | None
) -> Iterator[FittingTime]:
    """Yield in order what is free of what is wished for, where its customer could answer in time."""
    first = max(wish.first_day, after.astimezone(view.zone).date())
    free = [_free_with(query, first, wish.last_day, whose) for query in schedule.queries(view.now)]
    for each in merge(*free, key=lambda found: found.start):
        length = length_of(wish, schedule, each.specialist_id)
        freed = FreedStretch(each.specialist_id, each.start, each.start + length)
        if (
            each.start > after
            and wants(wish, each.start, with_whom(wish, each.specialist_id), view.zone)
            and not was_offered(wish, schedule, each.start, freed)
            and offer_times(view.now, each.start - notice(schedule), view.zone) is not None
        ):
            yield each


def _free_with(query: SlotQuery, first: date, last: date, whose: int | None) -> Iterator[FittingTime]:
    doer = query.calendar.specialist if whose is None else whose
    for start in starts_with(query, first, last, whose):
        yield FittingTime(start, doer)


async def candidates(view: Viewpoint, freed: FreedStretch) -> Sequence[Candidate]:
    """Find who is to be named to who chooses: the first in line of those who can have a part of a stretch."""
    asked = asked_of_line(freed, view.zone)
    free = FreeStarts(view, freed, asked.first, asked.last)
    found: dict[int, Candidate] = {}
    async for wish in in_line(view, asked, free):
        outcome = await candidate_of(view, free, wish)
        if isinstance(outcome, Candidate):
            found.setdefault(wish.customer_id, outcome)
        if len(found) == MOST_CANDIDATES:
            break
    return list(found.values())
