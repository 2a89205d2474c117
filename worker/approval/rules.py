"""Why a request cannot be answered."""

from datetime import datetime
from enum import StrEnum

from worker.db.models.booking import Awaited, Status
from worker.visits.repository import Visit
from worker.visits.rules import has_lapsed


class Closed(StrEnum):
    """Why a request cannot be answered."""

    ANSWERED = "answered"
    """Somebody was faster, or its customer has cancelled it."""
    CHANGED = "changed"
    LAPSED = "lapsed"


def closed(visit: Visit, version: int, now: datetime, *awaits: Awaited | None) -> Closed | None:
    """Return why the request as it was seen cannot be answered; None where it can.

    `awaits` are those for whom it may wait where somebody gives the answer; none are all.
    """
    if visit.status is not Status.PENDING:
        return Closed.ANSWERED
    if has_lapsed(visit, now):
        return Closed.LAPSED
    others_turn = bool(awaits) and visit.awaits not in awaits
    return Closed.CHANGED if others_turn or visit.version != version else None
