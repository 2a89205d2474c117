"""Hours beside the specialist's that a visit has to lie within: a service's own, and a resource's."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from worker.scheduling.hours import WHOLE_DAY, WeeklyHours, open_intervals
from worker.scheduling.runs import Blocked
from worker.scheduling.wallclock import day_of, instants


@dataclass(frozen=True, slots=True)
class Bounds:
    """Opening hours by the wall clock; what was worked out of a date is kept, as many ask for the same."""

    hours: WeeklyHours
    _kept: dict[tuple[date, int], Sequence[Blocked]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def closed(self, day: date, zone: ZoneInfo, duration: int) -> Sequence[Blocked]:
        """Return the starts of a date from which a visit would not be within the hours until its end."""
        known = self._kept.get((day, duration))
        if known is None:
            known = self._kept[day, duration] = list(self._find(day, zone, duration))
        return known

    def _find(self, day: date, zone: ZoneInfo, duration: int) -> Sequence[Blocked]:
        begin, end = instants(day, WHOLE_DAY, zone)
        opened = open_intervals(self.hours, day, day_of(end + duration, zone), zone)
        edges = [begin, *(edge for interval in opened for edge in interval), end + duration]
        gaps = zip(edges[::2], edges[1::2], strict=True)
        return [(closes - duration, opens) for closes, opens in gaps if closes < opens]
