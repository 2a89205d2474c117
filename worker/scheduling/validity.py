"""On which dates other hours hold: at a time of the year, in some weeks, on some weekdays of a month."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, NamedTuple, Self

DAYS_A_WEEK: Final = 7
LAST: Final = 0
"""In place of a count: the last one of a month."""


class YearDay(NamedTuple):
    """A day of any year; 29 February is 1 March for a beginning, 28 February for an end, where it is none."""

    month: int
    day: int


class Rhythm(NamedTuple):
    """Every so many weeks, counted from the one of that Monday, also backwards."""

    every: int
    monday: date

    @classmethod
    def of(cls, every: int, day: date) -> Self:
        """Count from the week of a date."""
        return cls(every, day - timedelta(days=day.weekday()))

    def names(self, day: date) -> bool:
        """Tell whether a date is in one of the weeks. Years do not matter: they have 52 weeks, or 53."""
        return (day - self.monday).days // DAYS_A_WEEK % self.every == 0


class MonthlyDay(NamedTuple):
    """A weekday (Monday is 0) by its place in a month: the first is 1; see `LAST`."""

    nth: int
    weekday: int

    def names(self, day: date) -> bool:
        """Tell whether a date is it."""
        if day.weekday() != self.weekday:
            return False
        if self.nth == LAST:
            return (day + timedelta(days=DAYS_A_WEEK)).month != day.month
        return (day.day - 1) // DAYS_A_WEEK + 1 == self.nth


@dataclass(frozen=True, slots=True, kw_only=True)
class Validity:
    """The dates that all of its parts name; a part that is left out names every date."""

    first: date | None = None
    last: date | None = None
    season: tuple[YearDay, YearDay] | None = None
    """The first and the last day of it in any year; one that ends before it begins crosses New Year."""
    rhythm: Rhythm | None = None
    monthly: tuple[MonthlyDay, ...] = ()

    def names(self, day: date) -> bool:
        """Tell whether a date is one of them."""
        if (self.first is not None and day < self.first) or (self.last is not None and day > self.last):
            return False
        if self.season is not None and not self._in_season(day):
            return False
        if self.rhythm is not None and not self.rhythm.names(day):
            return False
        return not self.monthly or any(each.names(day) for each in self.monthly)

    def _in_season(self, day: date) -> bool:
        begins, ends = self.season or (YearDay(1, 1), YearDay(12, 31))
        within = (day.month, day.day)
        if begins <= ends:
            return begins <= within <= ends
        return within >= begins or within <= ends

    def as_json(self) -> dict[str, Any]:
        """Write it for the database: only the parts that it has."""
        found: dict[str, Any] = {}
        if self.first is not None:
            found["first"] = self.first.isoformat()
        if self.last is not None:
            found["last"] = self.last.isoformat()
        if self.season is not None:
            found["season"] = [list(each) for each in self.season]
        if self.rhythm is not None:
            found["rhythm"] = [self.rhythm.every, self.rhythm.monday.isoformat()]
        if self.monthly:
            found["monthly"] = [list(each) for each in self.monthly]
        return found

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read it from the database."""
        season, rhythm = data.get("season"), data.get("rhythm")
        return cls(
            first=date.fromisoformat(data["first"]) if "first" in data else None,
            last=date.fromisoformat(data["last"]) if "last" in data else None,
            season=(YearDay(*season[0]), YearDay(*season[1])) if season else None,
            rhythm=Rhythm(rhythm[0], date.fromisoformat(rhythm[1])) if rhythm else None,
            monthly=tuple(MonthlyDay(*each) for each in data.get("monthly", ())),
        )
