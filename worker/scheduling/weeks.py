"""The pages of the day picker: five weeks each, the first of them with this week on top."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Self

from worker.scheduling.engine import dates, has_slot
from worker.scheduling.rules import SlotQuery

DAYS_A_WEEK: Final = 7
DAYS_A_PAGE: Final = 5 * DAYS_A_WEEK


@dataclass(frozen=True, slots=True)
class Weeks:
    """Five weeks, from Monday to Sunday."""

    first: date

    @classmethod
    def of(cls, day: date, today: date) -> Self:
        """Return the page that a day is on; days of before this week are on pages of their own."""
        this_week = today.toordinal() - today.weekday()
        pages = (day.toordinal() - this_week) // DAYS_A_PAGE
        return cls(date.fromordinal(max(this_week + pages * DAYS_A_PAGE, 1)))

    @property
    def last(self) -> date:
        """The last day of the page."""
        return self.first + timedelta(days=DAYS_A_PAGE - 1)

    @property
    def following(self) -> date:
        """The first day of the next page."""
        return self.first + timedelta(days=DAYS_A_PAGE)

    def rows(self, until: date) -> list[list[date]]:
        """Return the days week by week, down to the week that a day is in."""
        firsts = range(0, DAYS_A_PAGE, DAYS_A_WEEK)
        mondays = [self.first + timedelta(days=days) for days in firsts]
        return [
            [monday + timedelta(days=days) for days in range(DAYS_A_WEEK)]
            for monday in mondays
            if monday <= max(until, self.first)
        ]


def nearest_free(
    queries: Sequence[SlotQuery], weeks: Weeks, today: date, last: date, *, earlier: bool
) -> date | None:
    """Find the first free day behind the weeks, else the last one before them; `earlier`, the other way.

    Days before today and behind the last are none; None where no day is free.
    """
    behind, before = dates(weeks.following, last), reversed(list(dates(today, weeks.first)))
    ways = (before, behind) if earlier else (behind, before)
    return next((day for way in ways for day in way if has_slot(queries, day)), None)
