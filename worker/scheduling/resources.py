"""Rooms, chairs and machines: what there is of them, and which visits have it when.

A resource has so many units, and a visit that needs it has one of them from the beginning of its buffers to
their end. Units bear numbers that no two resources share, so that the database knows a unit by its number.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Final, NamedTuple

from worker.scheduling.bounds import Bounds
from worker.scheduling.runs import Blocked

MOST_UNITS: Final = 500
UNIT_STEP: Final = 2
"""Between two units' numbers, so that none is another's neighbour: ranges of neighbours become one."""
NUMBERS_EACH: Final = MOST_UNITS * UNIT_STEP
"""So many numbers a resource has for its units: those of resource 7 begin at 7000."""


class Use(NamedTuple):
    """A unit that a visit has (Unix seconds), with the visit's buffers. A named tuple, as `Busy` is."""

    unit: int
    busy_start: int
    busy_end: int
    specialist: int
    visit_start: int


@dataclass(frozen=True, slots=True)
class NeededResource:
    """So many of a kind, all in one place or wherever they are needed."""

    id: int
    name: str
    count: int
    location: int | None = None
    bounds: Bounds | None = None
    """When it can be used; None is whenever a specialist works."""
    uses: Sequence[Use] = ()
    _kept: dict[tuple[int, int], Sequence[Blocked]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @property
    def units(self) -> Sequence[int]:
        """The numbers of its units."""
        return units_of(self.id, self.count)

    def taken(self, lead: int, tail: int, begin: int, end: int) -> Sequence[Blocked]:
        """Return the starts from `begin` to before `end` from which no unit is free all the time.

        A visit has a unit from `tail` before its start until `lead` after it.
        """
        known = self._kept.get((lead, tail))
        if known is None:
            known = self._kept[lead, tail] = self._all_taken(lead, tail)
        first = bisect_right(known, begin, key=itemgetter(1))
        return known[first : bisect_left(known, end, key=itemgetter(0))]

    def free_unit(self, begin: int, end: int, specialist: int) -> int | None:
        """Return a unit that no other specialist has between two instants, None where there is none.

        It is the one that has been free for the shortest time, so that long gaps stay whole.
        """
        last_used = dict.fromkeys(self.units, -1)
        for use in self.uses:
            if use.specialist == specialist or use.unit not in last_used:
                continue
            if use.busy_start < end and use.busy_end > begin:
                del last_used[use.unit]
            elif use.busy_end <= begin:
                last_used[use.unit] = max(last_used[use.unit], use.busy_end)
        return max(last_used, key=lambda unit: (last_used[unit], -unit), default=None)

    def used_by(self, specialist: int, start: int) -> int | None:
        """Return the unit that a specialist's session at a start has, if it has any."""
        mine = set(self.units)
        own = (use for use in self.uses if use.unit in mine and use.visit_start == start)
        return next((use.unit for use in own if use.specialist == specialist), None)

    def _all_taken(self, lead: int, tail: int) -> Sequence[Blocked]:
        mine = set(self.units)
        stretches = ((unit, begin - lead, end + tail) for unit, begin, end, *_ in self.uses if unit in mine)
        return all_blocked(stretches, self.count)


def units_of(resource_id: int, count: int) -> range:
    """Return the numbers of the first units of a resource."""
    first = resource_id * NUMBERS_EACH
    return range(first, first + count * UNIT_STEP, UNIT_STEP)


def all_blocked(stretches: Iterable[tuple[int, int, int]], units: int) -> Sequence[Blocked]:
    """Return the starts that are blocked for all of so many units.

    A stretch says whose it is, and after and before which starts its unit is not free. With those of one unit
    made one where they overlap, all units are taken from where a stretch begins until the next one ends if so
    many have begun and not ended by then: until the end that is `units` - 1 places before, in order of time.
    """
    begins: list[int] = []
    ends: list[int] = []
    last = None
    for unit, after, before in sorted(stretches):
        if unit == last and after < ends[-1]:
            ends[-1] = max(ends[-1], before)
        else:
            begins.append(after)
            ends.append(before)
            last = unit
    begins.sort()
    ends.sort()
    return [
        (after, before) for after, before in zip(begins[units - 1 :], ends, strict=False) if after < before
    ]


def needed_at(needs: Sequence[NeededResource], place: int | None) -> Sequence[NeededResource] | None:
    """Return what a visit at a place needs of what its service names: what is there, or nowhere for good.

    None where all that the service names for some place is elsewhere.
    """
    there = [each for each in needs if each.location is None or each.location == place]
    placed = any(each.location is not None for each in needs)
    return None if placed and all(each.location is None for each in there) else there
