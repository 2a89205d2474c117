"""How many may come with a booking, without I/O."""

from collections.abc import Sequence
from datetime import datetime

from worker.db.models.booking import Status
from worker.visits.repository import Visit
from worker.visits.rules import Obstacle, obstacle_to_answer


def obstacle_to_resize(
    visit: Visit, version: int, now: datetime, places: int | None = None, *, by_staff: bool = False
) -> Obstacle | None:
    """Return what stands in the way of another number of places; fewer are like a visit that is cancelled.

    For those who work here no deadline does.
    """
    obstacle = obstacle_to_answer(visit, version)
    if obstacle is not None:
        return obstacle
    if visit.status is Status.PENDING:
        return Obstacle.STALE
    if visit.start <= now:
        return Obstacle.OVER
    fewer = places is not None and places < visit.places and not by_staff
    return Obstacle.TOO_LATE_TO_CANCEL if fewer and visit.deadlines.cancel <= now else None


def sizes(visit: Visit, left: int, now: datetime, *, by_staff: bool = False) -> Sequence[int]:
    """Return how many may come: `left` is how many more places its customer could have.

    Where a deposit is paid ahead, no more are booked without one, by whomever.
    """
    fewest = 1 if by_staff or now < visit.deadlines.cancel else visit.places
    more = 0 if visit.deposit_terms is not None or visit.deposit is not None else left
    most = max(visit.places, min(visit.most_places, visit.places + more))
    return range(fewest, most + 1)


def in_one_line(names: str) -> str:
    """Write names one behind the other that were written one beneath the other; empty of none."""
    found = (each.strip(" ,;") for each in names.splitlines())
    return ", ".join(each for each in found if each)
