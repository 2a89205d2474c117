"""When a customer is written to after a visit, and who reads what they say."""

from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from worker.db.models.booking import Status
from worker.preferences.rules import quiet_until
from worker.scheduling.wallclock import instant
from worker.visits.repository import Visit

NIGHT: Final = (21 * 60, 9 * 60)
"""In these minutes of the day nobody is asked anything that can wait."""
MORNING: Final = 10 * 60
AHEAD: Final = timedelta(days=3)
"""So long before it is time to come again, at most, a customer is told of times."""


class RatingReader(StrEnum):
    """Who reads what customers say of a visit; None of them: nobody is asked."""

    SPECIALIST = "specialist"
    """Whoever did it; where they cannot be told, owners and admins."""
    OWNER = "owner"
    """Owners and admins."""
    NOBODY = "nobody"


def asked_at(now: datetime, zone: ZoneInfo) -> datetime:
    """Return when a customer is asked how a visit was of which it is known that it has been."""
    return quiet_until(now, NIGHT, zone)


def again_on(start: datetime, again_after: timedelta, zone: ZoneInfo) -> date:
    """Return the day from which on a customer may want to come again."""
    return (start.astimezone(zone).replace(tzinfo=None) + again_after).date()


def again_at(start: datetime, again_after: timedelta, zone: ZoneInfo) -> datetime:
    """Return when they are told of times near it: in the morning, and somewhat before."""
    ahead = min(AHEAD.days, again_after.days // 4)
    day = again_on(start, again_after, zone) - timedelta(days=ahead)
    return datetime.fromtimestamp(instant(day, MORNING, zone), UTC)


def can_be_rated(visit: Visit, now: datetime) -> bool:
    """Tell whether a customer may say how a visit was: it has been, and they came."""
    return visit.status is Status.DONE or (visit.status is Status.CONFIRMED and visit.until <= now)
