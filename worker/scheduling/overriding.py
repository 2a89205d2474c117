"""Booking against rules, by staff and by name: what is usual gives way, what cannot be at once does not."""

from collections.abc import Collection, Sequence
from typing import Final

from worker.scheduling.engine import check_each
from worker.scheduling.rules import Reason, SlotQuery

YIELDING: Final = frozenset(
    {Reason.CLOSED, Reason.GRID, Reason.OFFERED, Reason.NOTICE, Reason.HORIZON, Reason.BUFFER}
)
"""The rules that staff may book against, by name: they say what is usual, not what can be at once."""


def refusals_beside(query: SlotQuery, start: int, named: Collection[Reason]) -> list[Reason]:
    """Return why a start cannot be had though staff override the rules that they name.

    The notice never lets anybody book what has begun.
    """
    begun = start <= query.now
    yielding = YIELDING - {Reason.NOTICE} if begun else YIELDING
    return [each for each in check_each(query, start) if each not in yielding or each not in named]


def can_be_overridden(query: SlotQuery, start: int, reasons: Sequence[Reason]) -> bool:
    """Tell whether staff can book a start against all the rules that refuse it."""
    return not refusals_beside(query, start, reasons) and _is_clear(query, start)


def room_around(query: SlotQuery, start: int, *, yields_buffers: bool) -> tuple[int, int]:
    """Return for how many seconds before and after a visit its specialist is busy: its buffers.

    Where they yield, they are as long as others leave room for.
    """
    service = query.service
    before, after, end = service.buffer_before, service.buffer_after, start + service.duration
    if not yields_buffers:
        return before, after
    near = query.calendar.between(start - before, end + after)
    before = min([before, *(start - each.busy_end for each in near if each.busy_end <= start)])
    after = min([after, *(each.busy_start - end for each in near if each.busy_start >= end)])
    return before, after


def _is_clear(query: SlotQuery, start: int) -> bool:
    """Tell whether the visit itself lies in nobody's visit or buffer: the database lets none be so."""
    end, service = start + query.service.duration, query.service.id
    near = query.calendar.between(start, end)
    others = [each for each in near if (each.service, each.visit_start) != (service, start)]
    return not [each for each in others if each.busy_start < end and each.busy_end > start]
