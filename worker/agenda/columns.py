"""How the visits of a picture lie beside each other: in columns by day or by person, and there in lanes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from worker.agenda.rules import DAY, midnight, part_of
from worker.scheduling.hours import WeeklyHours, Window
from worker.scheduling.wallclock import MIDNIGHT
from worker.visits.repository import Visit

AN_HOUR: Final = 60
USUAL: Final[Window] = (9 * AN_HOUR, 18 * AN_HOUR)
"""What a picture reaches over, in minutes of the day, where nothing is to be seen in it."""


@dataclass(frozen=True, slots=True)
class Column:
    """A day of the picture: everybody's, or one specialist's."""

    day: date
    visits: Sequence[Visit]
    specialist: str = ""
    """Whose it is, where the columns are people."""
    hours: Sequence[Window] | None = None
    """When they work, of a day of several people when any of them does; None where it is not known."""


@dataclass(frozen=True, slots=True)
class Block:
    """A visit in its column, in minutes of the day by the wall clock; of a group all its bookings in one."""

    visits: Sequence[Visit]
    begin: int
    end: int
    lane: int = 0
    lanes: int = 1
    """How many lie beside each other there."""


def columns(
    visits: Sequence[Visit],
    days: Sequence[date],
    zone: ZoneInfo,
    hours: Mapping[int, WeeklyHours],
    names: Mapping[int, str],
) -> list[Column]:
    """Share out visits: one day by specialist, several days by day.

    `hours` are the specialists' by id, `names` of those who work here: a day has a column for each
    who works on it, with visits or without.
    """
    if len(days) > 1:
        return [_of_day(visits, day, zone, hours) for day in days]
    (day,) = days
    there = [visit for visit in visits if part_of(visit, day, zone) is not None]
    working = {each: name for each, name in names.items() if _windows(hours, each, day)}
    people = working | {visit.specialist_id: visit.specialist for visit in there}
    of_people = [
        Column(
            day, [visit for visit in there if visit.specialist_id == each], name, _windows(hours, each, day)
        )
        for each, name in sorted(people.items(), key=lambda person: (person[1], person[0]))
    ]
    return of_people or [Column(day, [], hours=() if names else None)]


def blocks(column: Column, zone: ZoneInfo) -> list[Block]:
    """Lay a column's visits beside each other where they overlap, each run of them as wide as it needs."""
    return [block for run in _runs(_spans(column, zone)) for block in _laned(run)]


def reach(shown: Sequence[Column], zone: ZoneInfo) -> Window:
    """Return from which to which minute of the day, in whole hours, something is to be seen."""
    spans = [(block.begin, block.end) for column in shown for block in _spans(column, zone)]
    spans += [window for column in shown for window in column.hours or ()]
    first = min((begin for begin, _ in spans), default=USUAL[0])
    last = max((end for _, end in spans), default=USUAL[1])
    return first // AN_HOUR * AN_HOUR, -(-last // AN_HOUR) * AN_HOUR


def _of_day(visits: Sequence[Visit], day: date, zone: ZoneInfo, hours: Mapping[int, WeeklyHours]) -> Column:
    there = [visit for visit in visits if part_of(visit, day, zone) is not None]
    opened = sorted({window for each in hours.values() for window in each.windows(day)})
    return Column(day, there, hours=opened if hours else None)


def _windows(hours: Mapping[int, WeeklyHours], specialist_id: int, day: date) -> Sequence[Window] | None:
    known = hours.get(specialist_id)
    return None if known is None else known.windows(day)


def _spans(column: Column, zone: ZoneInfo) -> list[Block]:
    """Return a column's visits by their beginnings, those of one group together."""
    groups: dict[tuple[int, int, datetime, datetime], list[Visit]] = {}
    for visit in column.visits:
        groups.setdefault((visit.specialist_id, visit.service_id, visit.start, visit.end), []).append(visit)
    spans = [_span(group, column.day, zone) for group in groups.values()]
    return sorted(spans, key=lambda block: (block.begin, block.end, block.visits[0].id))


def _span(group: Sequence[Visit], day: date, zone: ZoneInfo) -> Block:
    """Cut what a visit takes of its day; one in whose night the clocks go back may end before it began."""
    start, end = group[0].start, group[0].end
    begin = 0 if start < midnight(day, zone) else _minute(start, zone)
    until = MIDNIGHT if end >= midnight(day + DAY, zone) else _minute(end, zone)
    return Block(group, begin, max(until, begin + 1))


def _minute(moment: datetime, zone: ZoneInfo) -> int:
    local = moment.astimezone(zone)
    return local.hour * AN_HOUR + local.minute


def _runs(spans: Sequence[Block]) -> Iterator[list[Block]]:
    """Yield what hangs together: each begins before all that lies before it in its run has ended."""
    run: list[Block] = []
    for block in spans:
        if run and block.begin >= max(each.end for each in run):
            yield run
            run = []
        run.append(block)
    if run:
        yield run


def _laned(run: Sequence[Block]) -> list[Block]:
    """Give each visit of a run the first lane that is free."""
    ends: list[int] = []
    laned: list[Block] = []
    for block in run:
        lane = next((number for number, end in enumerate(ends) if end <= block.begin), len(ends))
        ends[lane : lane + 1] = [block.end]
        laned.append(replace(block, lane=lane))
    return [replace(block, lanes=len(ends)) for block in laned]
