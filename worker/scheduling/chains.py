"""What follows a visit at once: the parts behind its first service, one after another.

Each part begins as soon as whoever does it can after the part before. Of all that are possible the one with
the least waiting is had; of several the one whose parts begin sooner, then whose specialists come first in
the business's order.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from worker.scheduling.calendars import Busy
from worker.scheduling.engine import check, find_slots
from worker.scheduling.query import ChainPart, SlotQuery
from worker.scheduling.wallclock import MINUTE, day_of

MOST_WAITING: Final = 30 * MINUTE
"""For so long somebody waits between two parts of a visit, in seconds."""


@dataclass(frozen=True, slots=True)
class Chain:
    """What follows a visit: for each part who may do it, in the business's order.

    What the calendars say is looked up once for all the starts that are asked about.
    """

    parts: Sequence[Sequence[SlotQuery]]
    _slots: dict[tuple[int, int, date], Sequence[int]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _starts: dict[tuple[int, int, int], Sequence[int]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _open: dict[tuple[int, int], bool] = field(default_factory=dict, init=False, repr=False, compare=False)

    def possible(self, first: SlotQuery, start: int) -> bool:
        """Tell whether what follows a visit can be had: it is left at the first way that is found."""
        return self._goes_on([ChainPart(first, start)])

    def plan(self, first: SlotQuery, start: int) -> Sequence[ChainPart] | None:
        """Return the visit and what follows it; None where that cannot be had."""
        most = MOST_WAITING * len(self.parts) + 1
        return self._best([ChainPart(first, start)], most)

    def _goes_on(self, done: Sequence[ChainPart]) -> bool:
        if len(done) > len(self.parts):
            return True
        if not self._is_open(len(done) - 1, done[-1].end):
            return False
        return any(self._goes_on([*done, part]) for part in self._next(done))

    def _best(self, done: Sequence[ChainPart], most: int) -> Sequence[ChainPart] | None:
        """Go on from what is done; None where it takes `most` seconds of waiting from here on, or more."""
        if len(done) > len(self.parts):
            return done
        if not self._is_open(len(done) - 1, done[-1].end):
            return None
        found = None
        for part in sorted(self._next(done), key=lambda part: part.start):
            waited = part.start - done[-1].end
            if waited >= most:
                break
            further = self._best([*done, part], most - waited)
            if further is not None:
                found, most = further, waiting(further) - waiting(done)
        return found

    def _is_open(self, number: int, end: int) -> bool:
        """Tell whether the calendars leave room for a part and all behind it, whoever did what was before.

        Where they leave none, nobody has to be tried with anybody.
        """
        if number == len(self.parts):
            return True
        known = self._open.get((number, end))
        if known is None:
            known = self._open[number, end] = any(
                self._is_open(number + 1, start + query.service.duration)
                for query, starts in self._choices(number, end)
                for start in starts
            )
        return known

    def _next(self, done: Sequence[ChainPart]) -> Iterator[ChainPart]:
        """Yield the next part with each who can do it, as soon as they can."""
        for query, starts in self._choices(len(done) - 1, done[-1].end):
            parts = (ChainPart(query, start) for start in starts)
            if (soonest := next((part for part in parts if fits(part, done)), None)) is not None:
                yield soonest

    def _choices(self, number: int, end: int) -> Iterator[tuple[SlotQuery, Sequence[int]]]:
        """Yield when each could begin a part by their own calendar, in the time for which somebody waits."""
        for place, query in enumerate(self.parts[number]):
            known = self._starts.get((number, place, end))
            if known is None:
                known = self._starts[number, place, end] = self._within(number, place, end)
            yield query, known

    def _within(self, number: int, place: int, end: int) -> Sequence[int]:
        zone, last = self.parts[number][place].zone, end + MOST_WAITING
        days = sorted({day_of(end, zone), day_of(last, zone)})
        slots = [start for day in days for start in self._on(number, place, day)]
        return slots[bisect_left(slots, end) : bisect_right(slots, last)]

    def _on(self, number: int, place: int, day: date) -> Sequence[int]:
        known = self._slots.get((number, place, day))
        if known is None:
            found = find_slots(self.parts[number][place], day, day)
            known = self._slots[number, place, day] = found.slots
        return known


def waiting(parts: Sequence[ChainPart]) -> int:
    """Return how long somebody waits between parts, in seconds."""
    return parts[-1].end - parts[0].start - sum(each.query.service.duration for each in parts)


def fits(part: ChainPart, done: Sequence[ChainPart]) -> bool:
    """Tell whether a part that its specialist's calendar has room for goes with what was before it."""
    first = done[0]
    if part.query.place_at(part.start) != first.query.place_at(first.start):
        return False
    if any(part.start < earlier.end + _apart(earlier, part) for earlier in done):
        return False
    own = [each for each in done if each.specialist == part.specialist]
    return not own or check(_beside(part, own), part.start) is None


def busy_from(part: ChainPart, done: Sequence[ChainPart]) -> int:
    """Return from when on a part takes its specialist's time: two of their own parts share a buffer."""
    own = (each.busy_end for each in done if each.specialist == part.specialist)
    return max([part.start - part.query.service.buffer_before, *own])


def _apart(earlier: ChainPart, part: ChainPart) -> int:
    """Return how long after another part this one begins, in seconds."""
    after, before = earlier.query.service.buffer_after, part.query.service.buffer_before
    if earlier.specialist == part.specialist:
        return max(after, before)
    shared = {each.id for each in earlier.query.needs} & {each.id for each in part.query.needs}
    return after + before if shared else 0


def _beside(part: ChainPart, own: Sequence[ChainPart]) -> SlotQuery:
    """Ask for a part as if the earlier ones of its specialist stood in their calendar."""
    buffer, calendar = part.query.service.buffer_before, part.query.calendar
    busy = [Busy(each.start, min(each.busy_end, part.start - buffer), each.start, each.end) for each in own]
    return replace(part.query, calendar=replace(calendar, busy=[*calendar.busy, *busy]))
