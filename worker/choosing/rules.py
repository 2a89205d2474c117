"""Which days and times a command means."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from shared.contracts.booking import ShowMonth
from worker.scheduling.query import SlotQuery
from worker.scheduling.weeks import Weeks
from worker.ui.phrases import HOURS_A_DAY, MINUTES_AN_HOUR


def has_passed(command: ShowMonth, today: date) -> bool:
    """Tell whether nothing of what is asked for is ahead; of this month, the days that are left are meant."""
    if command.before is not None:
        return command.before <= Weeks.of(today, today).first
    return command.month is not None and (command.month.year, command.month.month) < (today.year, today.month)


def weeks_of(command: ShowMonth, today: date) -> Weeks:
    """Return the weeks that are asked for; of what has passed, those of today."""
    day = command.month if command.before is None else command.before - timedelta(days=1)
    return Weeks.of(max(day or today, today), today)


def on_the_clock(day: date, clock: int, zone: ZoneInfo) -> datetime | None:
    """Return the instant at which a clock shows so many hours and minutes, written together as 930.

    Of a time that the clock shows twice it is the first; None where it shows no such time, as when clocks
    are put forward over it.
    """
    hour, minute = divmod(clock, 100)
    if hour >= HOURS_A_DAY or minute >= MINUTES_AN_HOUR:
        return None
    shown = datetime.combine(day, time(hour, minute), zone)
    start = shown.astimezone(UTC)
    return start if start.astimezone(zone).replace(fold=0) == shown else None


def first_open(queries: Sequence[SlotQuery], first: date, last: date) -> date | None:
    """Return the first date on which somebody works and the service is offered, whoever is booked then."""
    days = map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1))
    return next((day for day in days if any(_is_open(query, day) for query in queries)), None)


def _is_open(query: SlotQuery, day: date) -> bool:
    offered = query.offered is None or query.offered.hours.windows(day)
    return bool(offered and query.calendar.hours.windows(day))
