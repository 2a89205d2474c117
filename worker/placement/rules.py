"""What a customer's standing and their own visits say about one more, whoever places it, and however."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from worker.db.models.booking import KeptFor, Status
from worker.visits.repository import Visit

LATELY: Final = timedelta(days=1)
"""For so long what a customer cancelled, did not pay for or moved counts."""
MOST_MOVES: Final = 20
"""So often customers move visits by themselves within that time; each move is a word to specialists."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What the business lets each customer do by themselves: `limits` of the business file."""

    max_upcoming: int = 5
    """Visits that have not ended."""
    max_cancelled: int = 5
    """Visits that they cancelled or did not pay for lately; with so many, they may book no other."""
    max_requests: int = 3
    """Requests that wait for an answer."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the database says of a customer."""

    blocked: bool = False
    cancelled: int = 0
    """How many visits they cancelled lately, or had held and did not pay for."""
    limits: Allowance = Allowance()
    moved: int = 0
    """How often they moved visits lately, or asked for another time."""


class Bar(StrEnum):
    """Why a customer cannot have a visit, whoever is free."""

    BLOCKED = "blocked"
    """The staff has it that they call."""
    SAME = "same"
    """They have a visit of that service at that very start."""
    PAUSED = "paused"
    """The business has paused: customers can book and move nothing."""
    CANCELLED = "cancelled"
    """They cancelled too many lately, or did not pay for them."""
    UPCOMING = "upcoming"
    """They have as many ahead as the business allows."""
    MOVED = "moved"
    """They moved visits too often lately: whoever waits for them is told each time."""
    REQUESTS = "requests"
    """As many of their requests wait for an answer as the business allows."""
    OVERLAP = "overlap"
    """They are elsewhere then, and have not said that they want it all the same."""


@dataclass(frozen=True, slots=True)
class Barred:
    """The customer cannot have the visit, whoever is free."""

    bar: Bar
    visits: Sequence[Visit] = ()
    """Their visits that are in the way, soonest first."""
    count: int = 0
    """How many visits, or moves, that are too many."""


@dataclass(frozen=True, slots=True)
class Intent:
    """A stretch of time that a customer is to be given."""

    service_id: int
    start: datetime
    end: datetime
    moving: int | None = None
    """The visit that would leave its own time for it."""
    anyway: bool = False
    """Whether it is wanted though the customer has another visit then."""
    limited: bool = True
    """Whether the customer asks for themselves; whom the staff gives a visit, no limit holds for."""
    paused: bool = False
    """Whether the business has paused for customers."""


def barred(intent: Intent, standing: Standing, own: Sequence[Visit]) -> Barred | None:
    """Return what stands in the way; None where nothing does.

    `own` are the customer's visits that have not ended, and what is held for them, soonest first.
    """
    booked = [each for each in own if _is_expected(each)]
    if intent.limited and standing.blocked:
        return Barred(Bar.BLOCKED)
    if same := [visit for visit in _others(intent, booked) if _is_same(intent, visit)]:
        return Barred(Bar.SAME, same)
    if intent.limited and intent.paused:
        return Barred(Bar.PAUSED)
    if intent.limited and intent.moving is not None and standing.moved >= MOST_MOVES:
        return Barred(Bar.MOVED, count=standing.moved)
    if (
        intent.limited
        and intent.moving is None
        and (found := _too_many(standing, [each for each in own if _is_limited(intent, each)]))
    ):
        return found
    overlapping = overlaps(intent, own)
    return Barred(Bar.OVERLAP, overlapping) if overlapping and not intent.anyway else None


def overlaps(intent: Intent, own: Sequence[Visit]) -> list[Visit]:
    """Return the customer's other visits of which each shares a moment with the one that is wanted."""
    return [visit for visit in _others(intent, own) if _is_expected(visit) and _meets(intent, visit)]


def _is_expected(own: Visit) -> bool:
    """Tell whether its customer means to be there: they have booked it, or joined others who will."""
    return own.is_live or own.kept_for is KeptFor.GATHERING


def _meets(intent: Intent, visit: Visit) -> bool:
    return visit.start < intent.end and intent.start < visit.until


def too_many_requests(new: Visit, standing: Standing, own: Sequence[Visit]) -> Barred | None:
    """Return that too many requests of the customer wait for one more; None where they do not."""
    waiting = [each for each in own if each.status is Status.PENDING and each.id != new.id]
    if new.status is not Status.PENDING or len(waiting) < standing.limits.max_requests:
        return None
    return Barred(Bar.REQUESTS, waiting, len(waiting))


def is_offered(own: Sequence[Visit]) -> bool:
    """Tell whether a time is held because its customer was offered it."""
    return any(each.kept_for is KeptFor.OFFER for each in own)


def displaced(service_id: int, own: Sequence[Visit]) -> list[int]:
    """Return which holds of a customer go when they look at the summary of a service, or book it.

    One of another service may stay, so that somebody holds two times at most: of several the newest.
    """
    looked_at = [each for each in own if each.kept_for is KeptFor.SUMMARY and each.service_id != service_id]
    return sorted(each.id for each in looked_at)[:-1]


def room_left(standing: Standing, own: Sequence[Visit], repeated: Visit) -> int:
    """Return how many more visits a customer may have ahead that repeat one of theirs."""
    if repeated.max_series is None:
        return max(0, standing.limits.max_upcoming - _number_of(own))
    series = repeated.series_id
    ahead = [
        each for each in own if each.id != repeated.id and series is not None and each.series_id == series
    ]
    return max(0, repeated.max_series - 1 - len(ahead))


def _number_of(own: Sequence[Visit]) -> int:
    """Count what is limited; a series whose service says how long it may be is one."""
    return len({_counted_as(each) for each in own if _counts(each)})


def _counted_as(own: Visit) -> tuple[str, int]:
    if own.series_id is None or own.max_series is None:
        return "visit", own.id
    return "series", own.series_id


def _counts(own: Visit) -> bool:
    """Tell whether a visit, or what is held, is one of those that are limited: what is looked at is not."""
    return own.is_live or own.kept_for in {KeptFor.PAYMENT, KeptFor.OFFER, KeptFor.GATHERING}


def _is_limited(intent: Intent, own: Visit) -> bool:
    """Tell whether it counts beside what is wanted: not what was offered and is now taken by another way."""
    return _counts(own) and not (own.kept_for is KeptFor.OFFER and _meets(intent, own))


def _others(intent: Intent, own: Sequence[Visit]) -> list[Visit]:
    return [visit for visit in own if visit.id != intent.moving]


def _is_same(intent: Intent, visit: Visit) -> bool:
    return (visit.service_id, visit.start) == (intent.service_id, intent.start)


def _too_many(standing: Standing, own: Sequence[Visit]) -> Barred | None:
    if (number := _number_of(own)) >= standing.limits.max_upcoming:
        return Barred(Bar.UPCOMING, own, number)
    if standing.cancelled >= standing.limits.max_cancelled:
        return Barred(Bar.CANCELLED, count=standing.cancelled)
    return None
