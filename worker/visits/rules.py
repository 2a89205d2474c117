"""What stands in the way of changing a visit."""

from dataclasses import fields, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from shared.envelope import NOBODY
from worker.db.models.booking import Mark, Status
from worker.visits.parts import VisitPart
from worker.visits.repository import Visit

TO_ANSWER: Final = timedelta(minutes=5)
"""Who has less time to answer is offered nothing."""


class Obstacle(StrEnum):
    """Why a visit cannot be changed by its customer."""

    CANCELLED = "cancelled"
    OVER = "over"
    STALE = "stale"
    """It has changed since the customer saw it."""
    LAPSED = "lapsed"
    """It waited for an answer that did not come in time."""
    UNPAID = "unpaid"
    """It is accepted, and waits for its deposit: another time is another request."""
    TOO_LATE_TO_MOVE = "too_late_to_move"
    """The service's deadline for moving has passed."""
    MOVED_ENOUGH = "moved_enough"
    """Its customer has moved it as often as the service lets them."""
    TOO_LATE_TO_CANCEL = "too_late_to_cancel"
    """The service's deadline for cancelling has passed."""


def obstacle_to_answer(visit: Visit, version: int) -> Obstacle | None:
    """Return what stands in the way of an answer about the visit as the customer saw it."""
    if visit.status is Status.CANCELLED:
        return Obstacle.CANCELLED
    if not visit.is_live:
        return Obstacle.OVER
    return Obstacle.STALE if visit.version != version else None


def has_lapsed(visit: Visit, now: datetime) -> bool:
    """Tell whether a request waits no longer, for all that nobody has answered."""
    return visit.status is Status.PENDING and visit.kept_until is not None and visit.kept_until <= now


def obstacle_for_business(visit: Visit, version: int, now: datetime) -> Obstacle | None:
    """Return what stands in the way of the business: no deadline, but that the visit has been."""
    obstacle = obstacle_to_answer(visit, version)
    been = visit.until <= now or visit.mark in {Mark.DONE, Mark.NO_SHOW}
    return Obstacle.OVER if obstacle is None and been else obstacle


def is_repeatable(visit: Visit, now: datetime) -> bool:
    """Tell whether visits like it can be booked at once: not where each is asked for, or paid ahead."""
    there = visit.status is Status.CONFIRMED and obstacle_for_business(visit, visit.version, now) is None
    return there and visit.is_repeatable and visit.specialist_active and visit.customer_id != NOBODY


def obstacle_to_move(visit: Visit, version: int, now: datetime) -> Obstacle | None:
    """Return what stands in the way of moving the visit as the customer saw it: of a request no deadline."""
    obstacle = obstacle_to_answer(visit, version)
    if visit.status is Status.PENDING:
        return obstacle
    if obstacle is not None or now < visit.deadlines.move:
        return obstacle or (Obstacle.MOVED_ENOUGH if visit.moves_left == 0 else None)
    return Obstacle.TOO_LATE_TO_MOVE


def can_be_earlier(visit: Visit, now: datetime) -> bool:
    """Tell whether a time before a visit's own could still be booked, and its customer asked about it.

    What frees up is held for one service: several in one visit are not offered it.
    """
    wanted = visit.may_be_earlier or visit.wants_earlier
    return wanted and not visit.parts and _can_be_asked_about(visit, now)


def can_be_swapped(visit: Visit, now: datetime) -> bool:
    """Tell whether a visit's customer may ask for somebody else's time, and be asked for theirs."""
    fits = visit.is_exchangeable and not visit.waived and not visit.parts
    return fits and _can_be_asked_about(visit, now)


def _can_be_asked_about(visit: Visit, now: datetime) -> bool:
    return visit.status is Status.CONFIRMED and now + visit.notice + TO_ANSWER < visit.start


def obstacle_to_cancel(visit: Visit, version: int, now: datetime) -> Obstacle | None:
    """Return what stands in the way of cancelling the visit as the customer saw it."""
    obstacle = obstacle_to_answer(visit, version)
    if visit.status is Status.PENDING:
        return obstacle
    return Obstacle.TOO_LATE_TO_CANCEL if obstacle is None and visit.deadlines.cancel <= now else obstacle


def seen_by(visit: Visit, specialist_id: int) -> Visit:
    """Return a visit as it concerns a specialist who does not begin it: as their part of it."""
    return next((each for each in pieces(visit) if each.specialist_id == specialist_id), visit)


def pieces(visit: Visit) -> list[Visit]:
    """Return a visit's first service and each that follows, as if it were a visit by itself."""
    return [visit, *(_by_itself(visit, each) for each in visit.parts)]


def _by_itself(visit: Visit, part: VisitPart) -> Visit:
    own = {each.name: getattr(part, each.name) for each in fields(VisitPart) if each.name != "id"}
    return replace(visit, **own)


def loses_deposit(visit: Visit) -> bool:
    """Tell whether a customer who cancels loses what they paid ahead: not where nobody is there for them."""
    return visit.deposit is not None and visit.deposit.keeps and not visit.waived
