"""Who has not said that they will be there, and whose time is freed for it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from worker.db.models.booking import Status
from worker.visits.repository import Visit

TO_ANSWER: Final = timedelta(hours=1)
"""So long a customer has at least, from a reminder until their time is freed."""
LATE_REMINDER: Final = timedelta(minutes=30)
"""Whoever was reminded later than that after the promised moment keeps their time."""


def deadline(
    start: datetime, reminders: Iterable[timedelta], confirm_until: timedelta | None, now: datetime
) -> datetime | None:
    """Return until when a customer has to say that they will be there who gets a time now; None: never.

    Nobody has to who is not asked in good time: a reminder that still lies ahead comes at least TO_ANSWER
    before it.
    """
    if confirm_until is None:
        return None
    asks = any(now < start - each and each >= confirm_until + TO_ANSWER for each in reminders)
    return start - confirm_until if asks else None


def is_unconfirmed(visit: Visit, now: datetime) -> bool:
    """Tell whether the customer of a visit to come was asked and has not said anything."""
    quiet = not visit.attending and visit.mark is None and visit.late_by is None and not visit.waived
    return visit.is_live and visit.asked_at is not None and quiet and now < visit.start


def has_to_confirm(visit: Visit, now: datetime) -> bool:
    """Tell whether the customer still has to say that they will be there, or loses the time."""
    silent = not visit.attending and visit.mark is None and visit.late_by is None and not visit.waived
    asked = visit.confirm_by is not None and visit.confirm_until is not None and now < visit.confirm_by
    return visit.is_live and silent and asked


def is_to_be_freed(visit: Visit, now: datetime) -> bool:
    """Tell whether a visit's time is freed now: its customer was asked in good time and has said nothing."""
    if visit.status is not Status.CONFIRMED or visit.confirm_until is None or not is_unconfirmed(visit, now):
        return False
    by, asked = visit.confirm_by, visit.asked_at
    return by is not None and by <= now and asked is not None and asked <= by - TO_ANSWER + LATE_REMINDER
