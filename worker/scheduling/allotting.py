"""Which units a visit takes of what it needs, and what of that it lacks."""

from enum import StrEnum
from typing import NamedTuple

from worker.scheduling.resources import NeededResource, needed_at
from worker.scheduling.rules import SlotQuery
from worker.scheduling.wallclock import day_of


class Lack(StrEnum):
    """Why a resource cannot be had."""

    ELSEWHERE = "elsewhere"
    """It is at another place than the visit."""
    CLOSED = "closed"
    """It cannot be used then."""
    TAKEN = "taken"
    """Others have all its units."""


class Missing(NamedTuple):
    """What a visit lacks."""

    resource: NeededResource
    why: Lack


def allot(query: SlotQuery, start: int) -> list[int]:
    """Return the units that a visit at a start takes: in a group's session those that the session has."""
    begin, end = _held(query, start)
    mine, found = query.calendar.specialist, list[int]()
    for each in needed_at(query.needs, query.place_at(start)) or ():
        shared = each.used_by(mine, start) if query.service.capacity > 1 else None
        unit = each.free_unit(begin, end, mine) if shared is None else shared
        found += [] if unit is None else [unit]
    return found


def missing(query: SlotQuery, start: int) -> Missing | None:
    """Return the first thing that a visit at a start would lack; None where it lacks nothing."""
    needed = needed_at(query.needs, query.place_at(start))
    if needed is None:
        return Missing(next(each for each in query.needs if each.location is not None), Lack.ELSEWHERE)
    begin, end = _held(query, start)
    day, duration = day_of(start, query.zone), query.service.duration
    for each in needed:
        closed = each.bounds.closed(day, query.zone, duration) if each.bounds else ()
        if any(after < start < before for after, before in closed):
            return Missing(each, Lack.CLOSED)
        if each.free_unit(begin, end, query.calendar.specialist) is None:
            return Missing(each, Lack.TAKEN)
    return None


def _held(query: SlotQuery, start: int) -> tuple[int, int]:
    service = query.service
    return start - service.buffer_before, start + service.duration + service.buffer_after
