"""What is different between two versions of a part, as an owner would write it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any, Final

from worker.business.document import DURATIONS, ExceptionPart, Part
from worker.business.durations import format_duration
from worker.business.hours import WEEKDAYS, Week, Windows, fold, format_windows

MOST_LINES = 10
"""So many a field; of what is more than that only the number is told."""

type Lines = Iterator[str]


def differences(before: Part, after: Part) -> tuple[str, ...]:
    """Say what is different, field by field: 'price: 35 → 40'."""
    lines: list[str] = []
    for name in type(after).model_fields:
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            lines += _cut(name, LINES.get(name, _one_value)(name, old, new))
    return tuple(lines)


def _cut(name: str, lines: Lines) -> Lines:
    yield from islice(lines, MOST_LINES)
    if more := sum(1 for _ in lines):
        yield f"{name}: {more} more"


def _one_value(name: str, old: object, new: object) -> Lines:
    yield f"{name}: {_value(name, old)} → {_value(name, new)}"


def _value(name: str, value: Any) -> str:  # noqa: ANN401 - whatever a field holds
    if name in DURATIONS:
        return format_duration(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:.2f}".removesuffix(".00")
    return "none" if value in {None, ""} else str(value)


def _durations(name: str, old: Sequence[int], new: Sequence[int]) -> Lines:
    first, then = (", ".join(map(format_duration, minutes)) or "none" for minutes in (old, new))
    yield f"{name}: {first} → {then}"


def _members(name: str, old: Sequence[object], new: Sequence[object]) -> Lines:
    known, wanted = set(old), set(new)
    changes = {
        "added": [str(each) for each in new if each not in known],
        "removed": [str(each) for each in old if each not in wanted],
    }
    said = [f"{verb} {', '.join(members)}" for verb, members in changes.items() if members]
    yield f"{name}: {'; '.join(said) or 'in another order'}"


def _hours(name: str, old: Week, new: Week) -> Lines:
    pairs = {day: (old.get(day, ()), new.get(day, ())) for day in range(len(WEEKDAYS))}
    different = {day: pair for day, pair in pairs.items() if pair[0] != pair[1]}
    for days, (before, after) in fold(different):
        yield f"{name}, {days}: {_open(before)} → {_open(after)}"


def _exceptions(name: str, old: Sequence[ExceptionPart], new: Sequence[ExceptionPart]) -> Lines:
    before, after = _by_date(old), _by_date(new)
    for day in sorted(before.keys() | after.keys()):
        if before.get(day) != after.get(day):
            yield f"{name}, {day}: {_open(before.get(day))} → {_open(after.get(day))}"


def _by_date(exceptions: Sequence[ExceptionPart]) -> dict[date, Windows]:
    return {each.date: each.hours for each in exceptions}


def _open(windows: Windows | None) -> str:
    if windows is None:
        return "as usual"
    return ", ".join(format_windows(windows)) or "closed"


LINES: Final[Mapping[str, Callable[[str, Any, Any], Lines]]] = {
    "reminders": _durations,
    "services": _members,
    "owner": _members,
    "admin": _members,
    "hours": _hours,
    "exceptions": _exceptions,
}
"""How fields are told that hold more than one value."""
