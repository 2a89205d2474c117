"""Which other times are offered to whom, until when they are kept, and how far it has come."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import islice, zip_longest
from typing import Final

MOST_ALTERNATIVES: Final = 3
PLENTY: Final = 50
"""Whoever has so many times to choose from is not short of them: how many more there are is not counted."""
LONGEST: Final = timedelta(hours=12)
"""So long a customer has at most to answer, and times are kept for them."""
SHORTEST: Final = timedelta(hours=1)
BEFORE_THE_FIRST: Final = timedelta(hours=2)
"""So long before the first visit whoever calls customers can begin."""
HALF_AN_HOUR: Final = 1800
"""Seconds."""
WORTH_KEEPING: Final = timedelta(minutes=15)
"""A time that could be kept for less is not offered."""


class AnswerState(StrEnum):
    """How far it has come with one customer."""

    WAITING = "waiting"
    """They have been offered nothing yet."""
    ASKED = "asked"
    CALL = "call"
    """They cannot be written to: somebody has to call them."""
    RESOLVED = "resolved"
    """Their visit is at another time, or cancelled."""
    UNANSWERED = "unanswered"
    """They have not answered in time: somebody has to call them."""
    UNDONE = "undone"
    """The specialist is there after all."""


UNDECIDED: Final = frozenset({AnswerState.WAITING, AnswerState.ASKED})
TO_BE_CALLED: Final = frozenset({AnswerState.CALL, AnswerState.UNANSWERED})


@dataclass(frozen=True, slots=True)
class FreeTime:
    """A start that a specialist has free, with the time it takes of them (Unix seconds)."""

    specialist_id: int
    start: int
    busy_start: int
    busy_end: int
    group: int | None = None
    """The service of which a session has several seats; None takes the whole person."""
    seats: int = 1
    """How many of that session's seats are free."""

    def shares(self, other: "FreeTime") -> bool:
        """Tell whether both are seats of one session."""
        return self.group is not None and (self.specialist_id, self.start, self.group) == (
            other.specialist_id,
            other.start,
            other.group,
        )

    def overlaps(self, other: "FreeTime") -> bool:
        """Tell whether both take time of one specialist that they cannot share."""
        if self.specialist_id != other.specialist_id or self.shares(other):
            return False
        return self.busy_start < other.busy_end and other.busy_start < self.busy_end


@dataclass(frozen=True, slots=True)
class Need:
    """A visit that needs another time, and those that would do, the best first."""

    booking_id: int
    customer_id: int
    candidates: Iterable[FreeTime]
    """They are gone through more than once, and no further than anybody asks."""
    places: int = 1
    """How many seats of a session it takes."""


@dataclass(slots=True)
class _Taken:
    """What has been given out so far."""

    given: dict[int, list[FreeTime]]
    starts: dict[int, set[int]] = field(default_factory=dict)
    """By customer: nobody is offered one start twice."""
    by_specialist: dict[int, list[tuple[FreeTime, int]]] = field(default_factory=dict)
    """With how many seats of it were given out."""

    def is_free(self, candidate: FreeTime, places: int) -> bool:
        taken = self.by_specialist.get(candidate.specialist_id, ())
        if any(candidate.overlaps(each) for each, _ in taken):
            return False
        given = sum(seats for each, seats in taken if candidate.shares(each))
        return given + places <= candidate.seats

    def free_for(self, need: Need) -> Iterator[FreeTime]:
        own = self.starts.setdefault(need.customer_id, set())
        return (each for each in need.candidates if each.start not in own and self.is_free(each, need.places))

    def give(self, need: Need, candidate: FreeTime) -> None:
        self.given[need.booking_id].append(candidate)
        self.starts[need.customer_id].add(candidate.start)
        self.by_specialist.setdefault(candidate.specialist_id, []).append((candidate, need.places))


def assign(needs: Sequence[Need], most: int = MOST_ALTERNATIVES) -> dict[int, list[FreeTime]]:
    """Give each visit up to so many other times, of which no two collide.

    Every visit gets a first one before any gets a second, and a second before a third; the one with the
    fewest to choose from comes first.
    """
    taken = _Taken({need.booking_id: [] for need in needs})
    for _ in range(most):
        choices = {need.booking_id: sum(1 for _ in islice(taken.free_for(need), PLENTY)) for need in needs}
        for need in sorted(needs, key=lambda each: choices[each.booking_id]):
            candidate = next(taken.free_for(need), None)
            if candidate is not None:
                taken.give(need, candidate)
    return {number: sorted(given, key=lambda each: each.start) for number, given in taken.given.items()}


def in_order(
    had: int,
    same_day: Iterable[FreeTime],
    own: Iterable[Iterable[FreeTime]],
    others: Iterable[Iterable[FreeTime]],
    clock: Callable[[int], int],
) -> Iterator[FreeTime]:
    """Order times by how near they come to the start that a customer had.

    By turns: others on the same day, the nearest first, and the same specialist later; at last others later.
    Of each, times at the same hour and by the half hour come first: they are what people expect. What is
    later comes by days, of which none is looked at before somebody asks for it. `clock` gives a start's
    second of its day.
    """
    near, later = _by_nearness(had, [same_day], clock), _by_nearness(had, own, clock)
    yield from (each for pair in zip_longest(near, later) for each in pair if each)
    yield from _by_nearness(had, others, clock)


def _by_nearness(
    had: int, days: Iterable[Iterable[FreeTime]], clock: Callable[[int], int]
) -> Iterator[FreeTime]:
    def away(each: FreeTime) -> tuple[int, int]:
        return abs(clock(each.start) - clock(had)), each.start

    odd: list[FreeTime] = []
    for day in days:
        for each in sorted(day, key=away):
            if each.start % HALF_AN_HOUR == 0 or clock(each.start) == clock(had):
                yield each
            else:
                odd.append(each)
    yield from odd


def packed(starts: Sequence[int], busy: tuple[int, int]) -> list[int]:
    """Choose of a day's free starts, which come in order, those that lie one behind the other.

    `busy` is how long before and after its start a visit takes time. They are chosen once among those by the
    half hour, and once among all, so that none of a day's time is lost.
    """
    by_the_half_hour = [start for start in starts if start % HALF_AN_HOUR == 0]
    return sorted({*_in_a_row(by_the_half_hour, *busy), *_in_a_row(starts, *busy)})


def _in_a_row(starts: Sequence[int], before: int, after: int) -> Iterator[int]:
    end: int | None = None
    for start in starts:
        if end is None or start - before >= end:
            yield start
            end = start + after


def answer_by(now: datetime, first: datetime) -> datetime:
    """Return until when customers can answer of whose visits the first is then."""
    return min(now + LONGEST, max(now + SHORTEST, first - BEFORE_THE_FIRST))


def kept_until(deadline: datetime, start: datetime, notice: timedelta, now: datetime) -> datetime | None:
    """Return until when a time is kept: at most to the notice of its service; None for too short a while."""
    until = min(deadline, start - notice)
    return until if until - now >= WORTH_KEEPING else None
