"""Which swaps may be asked for, until when they can be agreed to, and what makes them void."""

from datetime import datetime
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from worker.db.models.booking import Status
from worker.offers.rules import OfferTimes, offer_times
from worker.visits.repository import Visit

MOST_OPEN: Final = 2
"""So many questions of one person wait for an answer at a time."""
MOST_ASKED: Final = 2
"""So often a visit's customer is asked at all, by whomever."""


class SwapState(StrEnum):
    """Where a swap stands: it is open, then one of the others for good."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"
    """It was taken back, or one of the visits is not what it was."""


def swap_times(now: datetime, visits: tuple[Visit, Visit], zone: ZoneInfo) -> OfferTimes | None:
    """Return when to ask and until when to wait: as with an offer of the earlier of the two times."""
    first, second = visits
    return offer_times(now, min(first.start, second.start) - first.notice, zone)


def fits(visit: Visit, start: datetime, now: datetime) -> bool:
    """Tell whether a visit is still what a swap was asked for: it stands at that start, which is ahead."""
    stands = visit.status is Status.CONFIRMED and not visit.waived and not visit.parts
    return stands and visit.is_exchangeable and visit.start == start and start > now
