"""What stands in the way of what the business does about a visit."""

from datetime import datetime
from zlib import crc32

from worker.db.models.booking import Mark
from worker.visits.repository import Visit
from worker.visits.rules import Obstacle, obstacle_to_answer


def digest(note: str | None) -> int:
    """Return a few digits that tell one note from another."""
    return crc32(f"{note or ''}".encode())


def obstacle_to_call_off(visit: Visit, version: int, now: datetime) -> Obstacle | None:
    """Return what stands in the way of cancelling for the business: what has been cannot be called off."""
    obstacle = obstacle_to_answer(visit, version)
    been = visit.end <= now or visit.mark in {Mark.DONE, Mark.NO_SHOW}
    return Obstacle.OVER if obstacle is None and been else obstacle
