"""When several services of one visit can be had as a whole, a part of them in a certain stretch."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

from worker.offers.stretch import FreedStretch
from worker.scheduling.chains import MOST_WAITING
from worker.scheduling.engine import starts
from worker.scheduling.query import ChainPart, SlotQuery
from worker.scheduling.repository import Schedule


def longest(schedule: Schedule) -> timedelta:
    """Return how long a visit takes at most, with what follows it and the waiting between."""
    taken = sum(each.longest for each in (schedule, *schedule.then))
    return timedelta(seconds=taken + MOST_WAITING * len(schedule.then))


def notice(schedule: Schedule) -> timedelta:
    """Return how long before it begins a visit can be booked: of several services the longest of theirs."""
    return timedelta(seconds=max(each.policy.min_notice for each in (schedule, *schedule.then)))


def starts_of_several(
    queries: Sequence[SlotQuery], freed: FreedStretch, first: date, last: date
) -> Sequence[datetime]:
    """Return the starts from which all of it can be had, of which the stretch's specialist does a part in it.

    What begins with the stretch comes first, then the others in their order.
    """
    every = ((query, at) for query in queries for at in starts([query], first, last))
    found = {at for query, at in every if at < freed.end.timestamp() and _takes(query, at, freed)}
    return sorted(map(_instant, found), key=lambda start: (start != freed.begin, start))


def _takes(query: SlotQuery, start: int, freed: FreedStretch) -> bool:
    begin, end = freed.begin.timestamp(), freed.end.timestamp()
    return any(
        each.specialist == freed.specialist_id and each.start < end and begin < each.end
        for each in plan(query, start)
    )


def plan(query: SlotQuery, start: int) -> Sequence[ChainPart]:
    """Return a visit at a start with all that follows it; empty where that cannot be had."""
    own = [ChainPart(query, start)]
    return own if query.then is None else query.then.plan(query, start) or ()


def with_whom(query: SlotQuery, start: int) -> Iterable[int]:
    """Return who does a part of a visit at a start."""
    return {each.specialist for each in plan(query, start)}


def starts_with(query: SlotQuery, first: date, last: date, whose: int | None) -> Iterable[datetime]:
    """Yield in order the starts of a visit on some days, of which `whose` specialist does a part."""
    for at in starts([query], first, last):
        if whose is None or whose in with_whom(query, at):
            yield _instant(at)


def _instant(at: int) -> datetime:
    return datetime.fromtimestamp(at, UTC)
