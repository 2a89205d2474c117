"""The answer for people: a line a day, then what was refused."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from worker.slots.answer import Slot, SlotReport


def write_table(answer: SlotReport) -> str:
    """Write the answer as text."""
    count = len(answer.slots)
    lines = [f"{answer.service}: {count or 'no'} {'slot' if count == 1 else 'slots'} ({answer.timezone})"]
    for day, slots in groupby(answer.slots, key=lambda slot: _day(slot.start)):
        lines += ["", day, *_slot_lines(slots)]
    for day, starts in groupby(_starts(answer), key=lambda start: _day(start.moment)):
        refused = _refused_lines(starts)
        lines += ["", f"{day}, refused", *refused] if refused else []
    return "".join(f"{line}\n" for line in lines)


class _Start(NamedTuple):
    """A start with one specialist; no reason where it can be booked."""

    moment: datetime
    specialist: str
    reason: str


def _starts(answer: SlotReport) -> list[_Start]:
    """Return every start that was looked at, in order; none where no reasons were asked for."""
    if answer.refused is None:
        return []
    free = [_Start(slot.start, name, "") for slot in answer.slots for name in slot.specialists]
    refused = [_Start(one.start, one.specialist, one.reason) for one in answer.refused]
    return sorted(free + refused, key=lambda start: start.moment)


def _slot_lines(slots: Iterable[Slot]) -> list[str]:
    return [f"  {_clock(slot.start)}-{_clock(slot.end)}  {', '.join(slot.specialists)}" for slot in slots]


def _refused_lines(starts: Iterable[_Start]) -> list[str]:
    """Make one line of a specialist's neighbouring starts with the same reason."""
    by_specialist: dict[str, list[_Start]] = {}
    for start in starts:
        by_specialist.setdefault(start.specialist, []).append(start)
    lines = []
    for name, own in by_specialist.items():
        for reason, run in groupby(own, key=lambda start: start.reason):
            times = [_clock(start.moment) for start in run]
            span = times[0] if len(times) == 1 else f"{times[0]} to {times[-1]}"
            lines += [f"  {span}  {name}: {reason}"] if reason else []
    return lines


def _day(moment: datetime) -> str:
    return f"{moment:%a %Y-%m-%d}"


def _clock(moment: datetime) -> str:
    return f"{moment:%H:%M}"
