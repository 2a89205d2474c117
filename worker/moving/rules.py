"""Who moves a visit, what stands in the way, and what a move would change."""

from datetime import datetime

from shared.contracts.booking import Move
from worker.db.models.booking import Awaited
from worker.visits.repository import Visit
from worker.visits.rules import Obstacle, has_lapsed, obstacle_for_business, obstacle_to_move


def is_by_staff(moved: Visit, person_id: int) -> bool:
    """Tell whether it is not the visit's customer who moves it."""
    return moved.customer_id != person_id


def obstacle(visit: Visit, version: int, now: datetime, *, by_staff: bool) -> Obstacle | None:
    """Return what stands in the way: for those who work here no deadline does."""
    if has_lapsed(visit, now):
        return Obstacle.LAPSED
    found = (obstacle_for_business if by_staff else obstacle_to_move)(visit, version, now)
    return Obstacle.UNPAID if found is None and visit.awaits is Awaited.PAYMENT else found


def is_there(visit: Visit, command: Move) -> bool:
    """Tell whether just this move has happened already."""
    return visit.is_live and visit.version == command.moving.version + 1 and stays(visit, command)


def stays(visit: Visit, command: Move) -> bool:
    """Tell whether the visit is where the move would bring it."""
    return visit.start == command.start and command.specialist_id in {None, visit.specialist_id}
