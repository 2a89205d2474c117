"""The seats of a group's session: which are taken, and which a visit gets."""

from collections.abc import Sequence
from itertools import count

from worker.scheduling.calendars import Busy
from worker.scheduling.query import SlotQuery


def seated(query: SlotQuery, start: int) -> Sequence[Busy]:
    """Return the visits of the service's own group at a start."""
    beside, service = query.calendar.between(start, start + query.service.duration), query.service.id
    return [each for each in beside if each.visit_start == start and each.service == service]


def seats_taken(query: SlotQuery, start: int) -> int:
    """Return how many seats of a group's session at a start are somebody's."""
    return sum(each.seats for each in seated(query, start))


def free_seats(query: SlotQuery, start: int) -> range:
    """Return the lowest seats in a row that are free in the group's session at a start that the rules allow.

    Where those that are left do not lie in a row, they are numbers beyond the capacity: a number tells visits
    apart, and how many are taken is what the rule counts.
    """
    taken = {seat for each in seated(query, start) for seat in range(each.seat, each.seat + each.seats)}
    rows = (range(first, first + query.places) for first in count(1))
    return next(row for row in rows if taken.isdisjoint(row))
