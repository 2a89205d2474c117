"""Which of the free starts are offered first: soon, and not all of them next to each other."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from worker.scheduling.parts import part_of

OFFERED: Final = 3
A_DAY: Final = 2


def spread(starts: Iterable[datetime], zone: ZoneInfo) -> list[datetime]:
    """Choose three of the starts, which come in order; no more of them are read than that takes.

    The soonest is one of them. After it comes each that is in another half of a day than those before, at
    most two of the same day; where too few are, the soonest of the others fill up.
    """
    chosen: list[datetime] = []
    others: list[datetime] = []
    for start in starts:
        (chosen if _is_apart(start, chosen, zone) else others).append(start)
        if len(chosen) == OFFERED:
            break
    return sorted([*chosen, *others[: OFFERED - len(chosen)]])


def _is_apart(start: datetime, chosen: list[datetime], zone: ZoneInfo) -> bool:
    day = start.astimezone(zone).date()
    same_day = [each for each in chosen if each.astimezone(zone).date() == day]
    parts = {part_of(each, zone) for each in same_day}
    return len(same_day) < A_DAY and part_of(start, zone) not in parts
