"""Which starts can be booked, and why the others cannot.

Each date's starts depend on its own hours and those next to it alone, so a month is the sum of its days and
one start can be checked by itself. What is refused, and in which order, stands in worker/scheduling/rules.py.
Of what keeps all rules, a visit that others are to follow keeps the starts at which they can; elsewhere it is
refused as taken.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import NamedTuple

from worker.scheduling import rules
from worker.scheduling.hours import Stretch, openings, stretches
from worker.scheduling.rules import Reason, SlotQuery
from worker.scheduling.runs import Runs
from worker.scheduling.seats import seats_taken
from worker.scheduling.wallclock import day_of


class Refusal(NamedTuple):
    """A start (Unix seconds) that cannot be booked, and the rule that says so."""

    start: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class SlotSearch:
    """A specialist's bookable starts in order (Unix seconds); `refused` is filled when asked to explain."""

    specialist: int
    slots: Sequence[int]
    refused: Sequence[Refusal] = ()


class Offer(NamedTuple):
    """A start and everyone who can take it, in the order they were given."""

    start: int
    specialists: tuple[int, ...]


def find_slots(query: SlotQuery, first: date, last: date, *, explain: bool = False) -> SlotSearch:
    """Find the bookable starts on the dates from first to last, both included.

    To explain is to name every step of every day that is refused, open or not.
    """
    if explain:
        return _explained(query, first, last)
    slots: list[int] = []
    for day in dates(first, last):
        for run in _free(query, day):
            slots.extend(run)
    return SlotSearch(query.calendar.specialist, slots)


def has_slot(queries: Sequence[SlotQuery], day: date) -> bool:
    """Tell whether any of the specialists has a slot on the date; it is left at the first one found."""
    return any(True for query in queries for _ in _free(query, day))


def days_with_slots(queries: Sequence[SlotQuery], first: date, last: date) -> set[date]:
    """Return the dates on which any of the specialists has a slot."""
    return {day for day in dates(first, last) if has_slot(queries, day)}


def starts(queries: Sequence[SlotQuery], first: date, last: date) -> Iterator[int]:
    """Yield when anyone has a slot, in order, each once; a date is searched when it is come to."""
    for day in dates(first, last):
        for offer in merge([find_slots(query, day, day) for query in queries]):
            yield offer.start


def places_left(queries: Sequence[SlotQuery], start: int) -> int | None:
    """Return how many places a group has left at a start, with whoever has most; None of what is no group.

    They are counted where as many are left as are wanted.
    """
    groups = [query for query in queries if query.service.capacity > 1 and check(query, start) is None]
    return max((query.service.capacity - seats_taken(query, start) for query in groups), default=None)


def merge(searches: Iterable[SlotSearch]) -> list[Offer]:
    """Join several specialists' slots for whoever takes anyone, ordered by start."""
    takers: dict[int, list[int]] = {}
    for search in searches:
        for start in search.slots:
            takers.setdefault(start, []).append(search.specialist)
    return [Offer(start, tuple(takers[start])) for start in sorted(takers)]


def check(query: SlotQuery, start: int) -> Reason | None:
    """Return why this very start cannot be booked, or None if `find_slots` would list it."""
    return _refusing(query, _stretch_of(query, start), [range(start, start + 1)])


def check_each(query: SlotQuery, start: int) -> list[Reason]:
    """Return the reason of each rule that refuses this very start by itself, in the rules' order."""
    stretch, runs = _stretch_of(query, start), [range(start, start + 1)]
    return [rule.reason for rule in rules.RULES if not rule.leaves(query, stretch, runs)]


def steps_around(query: SlotQuery, start: int) -> tuple[int, int]:
    """Return the last step of the grid before a start that is on none, and the first behind it."""
    stretch, step = _stretch_of(query, start), query.service.step
    before = start - (start - stretch.anchor) % step
    return before, before + step


def why_closed(queries: Iterable[SlotQuery], day: date) -> Reason | None:
    """Return why nobody has a slot on the date, or None where somebody has.

    Of several reasons it is the one of whoever came nearest: some start kept every rule before that one.
    """
    reasons = []
    for query in queries:
        for stretch in _stretches(query, day):
            reason = _refusing(query, stretch, _steps(query, stretch))
            if reason is None:
                return None
            reasons.append(reason)
    return nearest(reasons) or Reason.CLOSED


def nearest(reasons: Iterable[Reason]) -> Reason | None:
    """Return the reason of whoever came nearest to being free; None where there is none."""
    order = [rule.reason for rule in rules.RULES]
    return max(reasons, key=order.index, default=None)


def needs_lock(query: SlotQuery) -> bool:
    """Tell whether a start that `check` allows may be gone for the sake of a count until it is written."""
    return any(rule.needs_lock(query) for rule in rules.RULES)


def _free(query: SlotQuery, day: date) -> Iterator[range]:
    """Yield a date's bookable starts as runs of even steps, none empty."""
    for stretch in openings(query.calendar.hours, day, query.zone, query.service.duration):
        runs = _steps(query, stretch)
        for rule in rules.RULES:
            if not runs:
                break
            if not rule.only_explains:
                runs = rule.leaves(query, stretch, runs)
        yield from _followed(query, runs)


def _followed(query: SlotQuery, runs: Runs) -> Iterable[range]:
    """Leave the starts from which what is to follow can be had; each is looked into when it is come to."""
    then = query.then
    if then is None:
        return runs
    every = (start for run in runs for start in run)
    return (range(start, start + 1) for start in every if then.possible(query, start))


def _refusing(query: SlotQuery, stretch: Stretch, runs: Runs) -> Reason | None:
    """Return the reason of the rule that leaves none of the starts; None where all rules leave some."""
    for rule in rules.RULES:
        runs = rule.leaves(query, stretch, runs)
        if not runs:
            return rule.reason
    return None if any(_followed(query, runs)) else Reason.BOOKED


def _explained(query: SlotQuery, first: date, last: date) -> SlotSearch:
    slots: list[int] = []
    refused: list[Refusal] = []
    for day in dates(first, last):
        for stretch in _stretches(query, day):
            runs = _steps(query, stretch)
            for rule in rules.RULES:
                left = rule.leaves(query, stretch, runs) if runs else runs
                gone = set(chain(*runs)).difference(*left)
                refused += [Refusal(start, rule.reason) for start in gone]
                runs = left
            slots.extend(chain(*runs))
    return SlotSearch(query.calendar.specialist, slots, sorted(refused))


def _stretches(query: SlotQuery, day: date) -> Sequence[Stretch]:
    return stretches(query.calendar.hours, day, query.zone, query.service.duration)


def _stretch_of(query: SlotQuery, start: int) -> Stretch:
    day = day_of(start, query.zone)
    return next(each for each in _stretches(query, day) if each.begin <= start < each.end)


def _steps(query: SlotQuery, stretch: Stretch) -> Runs:
    """Return every step of the stretch's grid."""
    step = query.service.step
    run = range(stretch.begin + (stretch.anchor - stretch.begin) % step, stretch.end, step)
    return [run] if run else []


def dates(first: date, last: date) -> Iterator[date]:
    """Yield the dates from the first to the last, both included."""
    return map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1))
