"""What a customer's own visits say about one more, whoever places it, and however."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from worker.visits.repository import Visit


class Bar(StrEnum):
    """Why a customer cannot have a visit, whoever is free."""

    SAME = "same"
    """They have a visit of that service at that very start."""


@dataclass(frozen=True, slots=True)
class Barred:
    """The customer cannot have the visit, whoever is free."""

    bar: Bar
    visits: Sequence[Visit]
    """Their visits that are in the way, soonest first."""


@dataclass(frozen=True, slots=True)
class Intent:
    """A stretch of time that a customer is to be given."""

    service_id: int
    start: datetime
    end: datetime
    moving: int | None = None
    """The visit that would leave its own time for it."""


def barred(intent: Intent, own: Sequence[Visit]) -> Barred | None:
    """Return what stands in the way among the customer's visits; None where nothing does."""
    others = [visit for visit in own if visit.id != intent.moving]
    same = [visit for visit in others if (visit.service_id, visit.start) == (intent.service_id, intent.start)]
    return Barred(Bar.SAME, same) if same else None
