"""Where a specialist works on which weekday, and so where a visit is."""

from collections.abc import Mapping
from dataclasses import dataclass, field

EVERY_DAY = range(7)


@dataclass(frozen=True, slots=True)
class Workplaces:
    """Ids of places by weekday (Monday is 0), those of one day in the business's order.

    A weekday that is not named is at `default`: the first of the specialist's own places, or the business's
    first where the file says nothing of the specialist's. None where the business has no place at all.
    """

    by_weekday: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    default: int | None = None

    def on(self, weekday: int) -> tuple[int, ...]:
        """Return where the specialist works on a weekday."""
        return self.by_weekday.get(weekday) or (() if self.default is None else (self.default,))

    def place(self, weekday: int, wanted: int | None = None) -> int | None:
        """Return where a visit on a weekday is: at the place that is wanted, if the specialist is there."""
        places = self.on(weekday)
        return wanted if wanted in places else next(iter(places), None)

    def weekdays(self, location_id: int) -> frozenset[int]:
        """Return the weekdays on which the specialist works at a place."""
        return frozenset(day for day in EVERY_DAY if location_id in self.on(day))

    @property
    def all(self) -> frozenset[int]:
        """All places of the specialist's week."""
        return frozenset(place for day in EVERY_DAY for place in self.on(day))
