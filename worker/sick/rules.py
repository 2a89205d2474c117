"""A day on which somebody is ill, and the visits that were seen to be hit by it."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from shared.contracts.absence import TimeOffKind
from worker.absence.rules import TimeOff
from worker.visits.repository import Visit

ILL: Final = "sick"
"""The drafts of what is shown."""
SEEN: Final = "seen"
"""Where a draft keeps which visits were shown."""


def day_off(specialist_id: int, day: date) -> TimeOff:
    """Return the time off of who is ill for a day."""
    return TimeOff(specialist_id=specialist_id, how=TimeOffKind.OFF, first=day, last=day)


def seen(visits: Sequence[Visit]) -> list[list[int]]:
    """Return what tells visits from what they become."""
    return [[visit.id, visit.version] for visit in visits]
