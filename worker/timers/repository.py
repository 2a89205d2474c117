"""The timers that are due. They are set and cancelled by whatever writes the outbox, in one statement."""

from dataclasses import dataclass
from typing import Any, Final

from worker.db.models.flows import Timer
from worker.due.rows import ClaimedRow, DueRows


@dataclass(slots=True)
class ClaimedTimer(ClaimedRow):
    """A timer that its claimer may run until the claim is over."""

    kind: str
    key: str
    payload: dict[str, Any]


TIMERS: Final = DueRows(Timer, ClaimedTimer, (Timer.kind, Timer.key, Timer.payload))
