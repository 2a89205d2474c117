"""The parts of a day as people speak of them, by the wall clock."""

from collections.abc import Sequence
from datetime import datetime
from enum import IntEnum
from typing import Final
from zoneinfo import ZoneInfo

NOON_HOUR: Final = 12
EVENING_HOUR: Final = 17
MANY: Final = 12
"""More times a day than these are folded into its parts: twelve are three rows of four on a phone."""


class DayPart(IntEnum):
    """A part of a day; the numbers stand in buttons, so they stay."""

    MORNING = 1
    """Before 12:00."""
    AFTERNOON = 2
    """From 12:00 to 17:00."""
    EVENING = 3
    """From 17:00 on."""


def part_of(start: datetime, zone: ZoneInfo) -> DayPart:
    """Return the part of its day that a start is in."""
    hour = start.astimezone(zone).hour
    if hour < NOON_HOUR:
        return DayPart.MORNING
    return DayPart.AFTERNOON if hour < EVENING_HOUR else DayPart.EVENING


def fold(starts: Sequence[datetime], zone: ZoneInfo) -> dict[DayPart, list[datetime]]:
    """Fold a day's many starts into its parts, in their order.

    Nothing is folded, and there are no parts, where the starts are few or all in the same part.
    """
    if len(starts) <= MANY:
        return {}
    parts = {part: [start for start in starts if part_of(start, zone) is part] for part in DayPart}
    held = {part: found for part, found in parts.items() if found}
    return held if len(held) > 1 else {}
