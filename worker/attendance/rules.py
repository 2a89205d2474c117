"""Which marks a visit may get, and when."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from worker.db.models.booking import Mark, Status
from worker.visits.promises import COMPLETED_AFTER
from worker.visits.repository import Visit
from worker.visits.rules import Obstacle, obstacle_to_answer

EARLIEST_ARRIVAL: Final = timedelta(hours=2)
"""So long before the start somebody may be marked as here already."""


class Hindrance(StrEnum):
    """Why a visit cannot be marked so, though it stands as it was seen."""

    MARKED = "marked"
    """Somebody has marked it already, or taken the mark back."""
    TOO_EARLY = "too_early"
    TOO_LATE = "too_late"


def obstacle_to_mark(visit: Visit, version: int, mark: Mark, now: datetime) -> Obstacle | Hindrance | None:
    """Return what stands in the way of marking the visit as it was seen.

    Who arrived can only be done with: that they did not come would need the arrival taken back first.
    """
    arrived = visit.mark is Mark.ARRIVED and mark is Mark.DONE
    if obstacle := _obstacle_to_change(visit, version, now):
        return obstacle
    if visit.status is Status.PENDING:
        return Hindrance.TOO_EARLY
    if visit.mark is not None and not arrived:
        return Hindrance.MARKED
    if mark is Mark.ARRIVED and visit.until <= now:
        return Obstacle.OVER
    return Hindrance.TOO_EARLY if now < _from(visit, mark) else None


def obstacle_to_undo(visit: Visit, version: int, mark: str, now: datetime) -> Obstacle | Hindrance | None:
    """Return what stands in the way of taking back the mark that was seen."""
    if obstacle := _obstacle_to_change(visit, version, now):
        return obstacle
    return None if visit.mark is not None and visit.mark == mark else Hindrance.MARKED


def possible_marks(visit: Visit, now: datetime) -> Sequence[Mark]:
    """Return the marks that a visit may get now."""
    return [mark for mark in Mark if obstacle_to_mark(visit, visit.version, mark, now) is None]


def undoable_mark(visit: Visit, now: datetime) -> Mark | None:
    """Return the mark that can be taken back now."""
    mark = visit.mark
    return mark if mark and obstacle_to_undo(visit, visit.version, mark, now) is None else None


def _obstacle_to_change(visit: Visit, version: int, now: datetime) -> Obstacle | Hindrance | None:
    closed = visit.status in {Status.DONE, Status.NO_SHOW} or visit.until + COMPLETED_AFTER <= now
    if visit.status is not Status.CANCELLED and closed:
        return Hindrance.TOO_LATE
    return obstacle_to_answer(visit, version)


def _from(visit: Visit, mark: Mark) -> datetime:
    return visit.start - EARLIEST_ARRIVAL if mark is Mark.ARRIVED else visit.start
