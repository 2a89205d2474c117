"""What is found for somebody who looks from another chat: a few statements, whatever they type."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from worker.catalogue.repository import ServiceSummary
from worker.inline.rules import TypedWish, thin
from worker.runtime.context import RequestContext
from worker.scheduling.asker import Asker
from worker.scheduling.engine import Offer, dates, find_slots, merge
from worker.scheduling.query import SlotQuery
from worker.scheduling.repository import Loader, Schedule
from worker.ui.inline import MOST_CARDS

MOST_SERVICES: Final = 6
"""Services that are searched for one query, each in a statement: those that the business lists first."""


@dataclass(frozen=True, slots=True)
class FoundTime:
    """A time that is free, with whom and for what."""

    service: ServiceSummary
    """As the specialist does it."""
    specialist_id: int
    specialist: str
    start: datetime


async def free_times(
    context: RequestContext, wish: TypedWish, services: Sequence[ServiceSummary]
) -> list[FoundTime]:
    """Find the soonest times for a wish, in their order."""
    wanted = [each for each in services if _fits(wish, each)][:MOST_SERVICES]
    found: list[FoundTime] = []
    for service in wanted:
        found += await _of_service(context, wish, service, MOST_CARDS // len(wanted), hourly=len(wanted) == 1)
    return sorted(found, key=lambda each: each.start)


def few(times: Sequence[FoundTime], most: int, zone: ZoneInfo) -> list[FoundTime]:
    """Choose a few of some times: of one day all over it, of several days the soonest."""
    if len(times) <= most or len({each.start.astimezone(zone).date() for each in times}) > 1:
        return [*times[:most]]
    return [times[place * (len(times) - 1) // (most - 1)] for place in range(most)]


def _fits(wish: TypedWish, service: ServiceSummary) -> bool:
    named = not wish.services or service.id in wish.services
    return named and (not wish.specialists or not service.with_each.keys().isdisjoint(wish.specialists))


async def _of_service(
    context: RequestContext, wish: TypedWish, service: ServiceSummary, most: int, *, hourly: bool
) -> list[FoundTime]:
    first, last = wish.between(context.today)
    alone = wish.specialists[0] if len(wish.specialists) == 1 else None
    loader = Loader(context.session, first, last, Asker(context.now))
    schedule = await loader.load(service.id, alone)
    if schedule is None:
        return []
    queries = [
        query
        for query in schedule.queries(context.now)
        if not wish.specialists or query.calendar.specialist in wish.specialists
    ]
    offers = thin(_offers(queries, first, last), context.zone, most, hourly=hourly and _is_one_day(wish))
    return [_free_time(schedule, service, offer) for offer in offers]


def _is_one_day(wish: TypedWish) -> bool:
    return wish.days is not None and wish.days[0] == wish.days[1]


def _offers(queries: Sequence[SlotQuery], first: date, last: date) -> Iterator[Offer]:
    for day in dates(first, last):
        yield from merge([find_slots(query, day, day) for query in queries])


def _free_time(schedule: Schedule, service: ServiceSummary, offer: Offer) -> FoundTime:
    who = offer.specialists[0]
    return FoundTime(service.done_by(who), who, schedule.names[who], datetime.fromtimestamp(offer.start, UTC))
