"""When somebody can say that they will be late, and by how much."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from worker.db.models.booking import Status
from worker.visits.repository import Visit
from worker.visits.rules import Obstacle, obstacle_to_answer

STEPS: Final = tuple(timedelta(minutes=minutes) for minutes in (5, 10, 15))
"""By how much somebody can be late and still be waited for; who needs longer is to call."""
EARLIEST: Final = timedelta(hours=4)
"""So long before its start a visit is near: the last reminder of most services has come by then."""


class Unneeded(StrEnum):
    """Why nobody needs to hear it."""

    TOO_EARLY = "too_early"
    HERE = "here"
    """The staff have marked the customer as here, or as done with."""
    SAID = "said"
    """It was said before, or more."""
    NO_STEP = "no_step"
    """No button offers it."""


def can_be_late(visit: Visit, now: datetime) -> bool:
    """Tell whether a card offers to say it: the visit is near and not over, and nobody has come yet.

    Nobody is late for what is only asked for.
    """
    stands = visit.is_live and visit.status is not Status.PENDING
    return stands and visit.mark is None and visit.start - EARLIEST <= now < visit.until


def lateness(visit: Visit) -> timedelta | None:
    """Return by how much a customer is still expected late: nobody waits for who has come, or never will."""
    return visit.late_by if visit.is_live and visit.mark is None else None


def steps_of(visit: Visit) -> Sequence[timedelta]:
    """Return what can still be said: only more than before, so a specialist hears it three times at most."""
    return [step for step in STEPS if visit.late_by is None or step > visit.late_by]


def unneeded_to_ask(visit: Visit, now: datetime) -> Unneeded | None:
    """Return why nobody needs to be asked by how much; None for a visit that stands and can be late."""
    if visit.mark is not None:
        return Unneeded.HERE
    if not can_be_late(visit, now):
        return Unneeded.TOO_EARLY
    return None if steps_of(visit) else Unneeded.SAID


def unneeded_to_say(visit: Visit, minutes: int, now: datetime) -> Unneeded | None:
    """Return why nobody needs to hear of so many minutes."""
    if minutes not in {minutes_of(step) for step in STEPS}:
        return Unneeded.NO_STEP
    left = {minutes_of(step) for step in steps_of(visit)}
    return unneeded_to_ask(visit, now) or (None if minutes in left else Unneeded.SAID)


def minutes_of(step: timedelta) -> int:
    """Return a length of time in minutes."""
    return step // timedelta(minutes=1)


def obstacle_to_ask_lateness(visit: Visit, now: datetime) -> Obstacle | Unneeded | None:
    """Return what stands in the way of asking how late the visit's customer will be."""
    return _obstacle_to_come(visit, visit.version, now) or unneeded_to_ask(visit, now)


def obstacle_to_lateness(
    visit: Visit, version: int, minutes: int, now: datetime
) -> Obstacle | Unneeded | None:
    """Return what stands in the way of saying that it will be so many minutes."""
    return _obstacle_to_come(visit, version, now) or unneeded_to_say(visit, minutes, now)


def _obstacle_to_come(visit: Visit, version: int, now: datetime) -> Obstacle | None:
    obstacle = obstacle_to_answer(visit, version)
    return Obstacle.OVER if obstacle is None and visit.until <= now else obstacle
