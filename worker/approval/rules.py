"""Why a request cannot be answered."""

from datetime import datetime
from enum import StrEnum

from worker.db.models.booking import Status
from worker.visits.repository import Visit


class Closed(StrEnum):
    """Why a request cannot be answered."""

    ANSWERED = "answered"
    """Somebody was faster, or its customer has cancelled it."""
    CHANGED = "changed"
    LAPSED = "lapsed"


def closed(visit: Visit, version: int, now: datetime) -> Closed | None:
    """Return why the request as it was seen cannot be answered; None where it can."""
    if visit.status is not Status.PENDING:
        return Closed.ANSWERED
    if is_over(visit, now):
        return Closed.LAPSED
    return Closed.CHANGED if visit.version != version else None


def is_over(visit: Visit, now: datetime) -> bool:
    """Tell whether a request waits no longer, for all that nobody has answered."""
    return visit.status is Status.PENDING and visit.kept_until is not None and visit.kept_until <= now
