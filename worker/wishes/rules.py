"""What a wish asks for, which times it would take, and how it stands in the line."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from worker.scheduling.parts import part_of

ANY_TIME = 0
"""The part of a day of a wish that takes any."""
MOST_DAYS: Final = 6
"""So many first days are offered to who would rather be earlier, beside 'any' and the visit's own."""

type FreedSpan = tuple[datetime, datetime]
"""From when until when a specialist's time is free again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WishedTimes:
    """The times that somebody would take."""

    specialist_id: int | None
    """None takes anyone who does the service."""
    first_day: date
    last_day: date
    part: int = ANY_TIME
    """Morning, afternoon, evening from 1 on."""
    until: date | None = None
    """The last day on which it is wished for; None is as long as it can come true."""
    before: datetime | None = None
    """The start of the visit that would move: only earlier ones are taken."""
    places: int = 1
    """How many places of a group it takes; another number keeps its place in the line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FreedTime:
    """What the line is asked for: a specialist's stretch of time, on some days by the wall clock."""

    specialist_id: int
    begin: datetime
    end: datetime
    first: date
    last: date
    minute: int
    """The minute of the day at which it begins; 0 where it is of several days."""
    last_part: int
    """The last part of a day in which it is."""
    barren: Collection[int] = ()
    """The services of which nothing is free in it."""


def wants(wish: WishedTimes, start: datetime, specialist_id: int | None, zone: ZoneInfo) -> bool:
    """Tell whether a start with a specialist, None is anyone, is what is wished for."""
    day = start.astimezone(zone).date()
    return (
        wish.first_day <= day <= wish.last_day
        and wish.specialist_id in {None, specialist_id}
        and (wish.part == ANY_TIME or part_of(start, zone) == wish.part)
        and (wish.before is None or start < wish.before)
    )


def first_days(today: date, day: date) -> Sequence[date]:
    """Return the days from which on a visit of a day may be wanted earlier, spread over those before it.

    The first is today, which is any earlier time; the last is the visit's own day.
    """
    between = (day - today).days - 1
    chosen = min(max(between, 0), MOST_DAYS)
    days = [1 + round(index * (between - 1) / max(chosen - 1, 1)) for index in range(chosen)]
    return list(dict.fromkeys([today, *(today + timedelta(days=each) for each in days), max(day, today)]))


def is_over(wish: WishedTimes, today: date) -> bool:
    """Tell whether a wish cannot come true any more, or was wished for until a day that has passed."""
    return wish.last_day < today or (wish.until is not None and wish.until < today)


def widens(before: WishedTimes, after: WishedTimes) -> bool:
    """Tell whether a wish takes times that it did not take: it goes to the end of the line for them."""
    return (
        after.first_day < before.first_day
        or after.last_day > before.last_day
        or before.part not in {ANY_TIME, after.part}
        or before.specialist_id not in {None, after.specialist_id}
    )


@dataclass(frozen=True, slots=True)
class OfferedBefore:
    """What somebody was offered before, whatever came of it."""

    specialist_id: int
    freed_specialist_id: int
    """Whose stretch it was."""
    start: datetime
    freed_from: datetime
    freed_until: datetime

    def is_like(self, specialist_id: int | None, start: datetime, length: timedelta) -> bool:
        """Tell whether a visit would take a part of that time; with None, whoever it is with."""
        overlaps = self.start < start + length and start < self.start + length
        return specialist_id in {None, self.specialist_id} and overlaps

    def is_of(self, specialist_id: int, freed: FreedSpan) -> bool:
        """Tell whether it came of that very stretch of a specialist's time."""
        return (self.freed_specialist_id, self.freed_from, self.freed_until) == (specialist_id, *freed)


def taking(
    starts: Sequence[datetime], length: timedelta, begin: datetime, end: datetime
) -> Sequence[datetime]:
    """Return the starts of visits that take a part of a freed stretch: its own start first, then in order."""
    found = [start for start in starts if start < end and begin < start + length]
    return sorted(found, key=lambda start: (start != begin, start))


class Passed(StrEnum):
    """Why somebody in line was not offered a time that they had wished for."""

    ELSEWHERE = "elsewhere"
    """They have another visit then."""
    TOO_MANY = "too_many"
    """They have as many visits ahead as the business allows, or cancelled too many."""
    TOO_LATE = "too_late"
    """Nobody could have answered in time."""
    AWAY = "away"
    """They are out of reach, or have to call."""


class WhyNothing(StrEnum):
    """Why a wish has not come true so far."""

    NOTHING_FREE = "nothing_free"
    """Nothing that was wished for has freed up."""
    OTHERS_FIRST = "others_first"
    """It was offered to somebody before them in line."""
    CHOSEN = "chosen"
    """The staff chose somebody else for it."""
    PASSED = "passed"
    """It freed up, and they could not have it: see Passed."""
    NOT_TAKEN = "not_taken"
    """It was offered to them, and they did not take it."""
    HAS_IT = "has_it"
    """They have booked such a visit since."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """What happened last about a wish, of each sort: when, or None where it did not."""

    passed_at: datetime | None = None
    offered_to_others_at: datetime | None = None
    chosen_others_at: datetime | None = None
    not_taken_at: datetime | None = None
    has_it: bool = False


def why_nothing(happened: Happened) -> WhyNothing:
    """Say why nothing has come of a wish: what happened last about it."""
    if happened.has_it:
        return WhyNothing.HAS_IT
    latest = {
        WhyNothing.NOT_TAKEN: happened.not_taken_at,
        WhyNothing.PASSED: happened.passed_at,
        WhyNothing.OTHERS_FIRST: happened.offered_to_others_at,
        WhyNothing.CHOSEN: happened.chosen_others_at,
    }
    known = {why: at for why, at in latest.items() if at is not None}
    return max(known, key=lambda why: known[why], default=WhyNothing.NOTHING_FREE)
