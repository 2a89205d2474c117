"""How long slots take to compute: `python -m tests.benchmarks.slots` prints medians in milliseconds.

`calendars` is the making of the specialists' calendars from rows, `month view` which days have a slot,
`anyone` every slot of every specialist, merged, `explain` the same for one specialist with every refusal.
Busy ranges are spread over a year; `booked up` leaves no slot at all, the month view's worst case.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from statistics import median
from sys import stdout
from time import perf_counter
from zoneinfo import ZoneInfo

from worker.schedule.agenda import Busy, Calendar
from worker.schedule.engine import check, days_with_slots, find_slots, merge
from worker.schedule.hours import WeeklyHours
from worker.schedule.rule import ServiceRule
from worker.schedule.wallclock import instant

BERLIN = ZoneInfo("Europe/Berlin")
FIRST = date(2026, 3, 1)
MONTH = FIRST + timedelta(days=30)
NOW = instant(FIRST - timedelta(days=1), 720, BERLIN)
RULE = ServiceRule(
    service=1,
    duration=2700,
    buffer_before=0,
    buffer_after=600,
    step=900,
    min_notice=7200,
    horizon=60 * 86_400,
)
WEEK = dict.fromkeys(range(6), ((540, 780), (840, 1080)))
REPEATS = 25


def rows(count: int) -> list[Busy]:
    """Spread visits evenly over a year around the month."""
    begin = instant(FIRST - timedelta(days=180), 540, BERLIN)
    step = 365 * 86_400 // max(count, 1) // 300 * 300
    starts = range(begin, begin + count * step, step) if count else ()
    return [Busy(start, start + 3300, start, start + 2700, 7) for start in starts]


def booked_up() -> list[Busy]:
    """Leave half an hour between the visits of the month: too little for another."""
    begin, end = instant(FIRST, 0, BERLIN), instant(MONTH, 1440, BERLIN)
    return [Busy(start, start + 3600, start, start + 3000, 7) for start in range(begin, end, 5400)]


def calendars(specialists: int, busy: Sequence[Busy]) -> list[Calendar]:
    return [Calendar(number, WeeklyHours(WEEK), busy) for number in range(specialists)]


def milliseconds(work: Callable[[], object]) -> float:
    times = []
    for _ in range(REPEATS):
        begin = perf_counter()
        work()
        times.append(perf_counter() - begin)
    return median(times) * 1000


def figures(specialists: int, busy: Sequence[Busy]) -> Iterator[tuple[str, float]]:
    team = calendars(specialists, busy)

    def anyone(last: date) -> object:
        return merge([find_slots(RULE, each, FIRST + timedelta(days=1), last, BERLIN, NOW) for each in team])

    start = instant(FIRST + timedelta(days=9), 600, BERLIN)
    yield "calendars", milliseconds(lambda: calendars(specialists, busy))
    yield "month view", milliseconds(lambda: days_with_slots(RULE, team, FIRST, MONTH, BERLIN, NOW))
    yield "anyone, day", milliseconds(lambda: anyone(FIRST + timedelta(days=1)))
    yield "anyone, month", milliseconds(lambda: anyone(MONTH))
    yield (
        "explain month",
        milliseconds(lambda: find_slots(RULE, team[0], FIRST, MONTH, BERLIN, NOW, explain=True)),
    )
    yield "check", milliseconds(lambda: check(RULE, team[0], start, BERLIN, NOW))


def main() -> None:
    loads = {"0 busy": rows(0), "2000 busy": rows(2000), "booked up": booked_up()}
    for name, busy in loads.items():
        for specialists in (1, 50):
            line = "  ".join(f"{what} {time:.3f}" for what, time in figures(specialists, busy))
            stdout.write(f"{name:>9}, {specialists:2} specialists, ms: {line}\n")


if __name__ == "__main__":
    main()
