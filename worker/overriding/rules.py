"""Which rules staff name, as a button carries them, and which time they mean."""

from collections.abc import Collection
from datetime import date, datetime
from enum import IntEnum
from typing import Final
from zoneinfo import ZoneInfo

from shared.i18n.translator import Translator
from worker.choosing.rules import on_the_clock
from worker.dates.written import read_days
from worker.scheduling.rules import Reason
from worker.why.rules import read_time

HOUR: Final = 60
CLOCK: Final = 100
"""Hours and minutes written together, 930: how many of the smaller are one of the greater."""


class Override(IntEnum):
    """The places of rules in a button: for ever, like a prefix."""

    CLOSED = 0
    GRID = 1
    NOTICE = 2
    HORIZON = 3
    BUFFER = 4
    OFFERED = 5


def packed(reasons: Collection[Reason]) -> int:
    """Write rules into a button."""
    return sum(1 << each for each in Override if Reason(each.name.lower()) in reasons)


def unpacked(rules: int) -> frozenset[Reason]:
    """Read which rules a button names."""
    return frozenset(Reason(each.name.lower()) for each in Override if rules >> each & 1)


def moment_of(texts: Translator, said: str, today: date, zone: ZoneInfo) -> datetime | None:
    """Read a day and a time as people write them: '24.12. 18:15', 'Friday 7:30'; a time alone is today's.

    None for what is none, and for a time that the clock leaves out on that day.
    """
    minute = read_time(said)
    day = today if minute is not None else None
    if minute is None:
        found = read_days(texts, said, today)
        if found is not None and found.first == found.last:
            day, minute = found.first, read_time(found.rest)
    if day is None or minute is None:
        return None
    return on_the_clock(day, minute // HOUR * CLOCK + minute % HOUR, zone)
