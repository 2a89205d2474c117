"""Why a time cannot be had, in words: each rule has its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import assert_never

from shared.i18n.translator import Translator
from worker.scheduling.calendars import Calendar
from worker.scheduling.engine import check, nearest
from worker.scheduling.repository import Schedule
from worker.scheduling.rules import Reason
from worker.ui.phrases import duration


@dataclass(frozen=True, slots=True)
class Refusal:
    """A start that cannot be had from those who do the service, at this moment."""

    schedule: Schedule
    specialist_id: int | None
    start: datetime
    day: date
    """The start's date, by the business's clock."""
    now: datetime


def reason_of(schedule: Schedule, start: datetime, now: datetime) -> Reason | None:
    """Return why nobody can take the start by the rules; None where somebody can."""
    reasons = [check(query, int(start.timestamp())) for query in schedule.queries(now)]
    found = [reason for reason in reasons if reason is not None]
    return nearest(found) if len(found) == len(reasons) else None


def explain(texts: Translator, refusal: Refusal, reason: Reason) -> str:
    """Say why the start cannot be had, and what to do instead."""
    match reason:
        case Reason.CLOSED:
            return _closed(texts, refusal)
        case Reason.GRID:
            return texts.text("Visits do not begin at that time any more. Please choose another one.")
        case Reason.NOTICE:
            return _notice(texts, refusal)
        case Reason.HORIZON:
            last = refusal.now + timedelta(seconds=refusal.schedule.policy.horizon)
            return texts.text(
                "That is too far ahead: visits can be booked until {day}. Please choose an earlier time.",
                day=texts.short_day(last.astimezone(refusal.schedule.zone).date()),
            )
        case Reason.BOOKED | Reason.FULL | Reason.BUFFER:
            return texts.text("Sorry, that time has just been taken. Please choose another one.")
        case _:
            assert_never(reason)


def _notice(texts: Translator, refusal: Refusal) -> str:
    if refusal.start <= refusal.now:
        return texts.text("That time has passed. Please choose another one.")
    return texts.text(
        "That is too soon now: visits are booked at least {notice} ahead. Please choose a later time.",
        notice=duration(texts, timedelta(seconds=refusal.schedule.policy.min_notice)),
    )


def _closed(texts: Translator, refusal: Refusal) -> str:
    calendars, day = refusal.schedule.calendars, refusal.day
    if any(calendar.hours.windows(day) for calendar in calendars):
        return texts.text("That is outside the working hours of that day. Please choose another time.")
    if refusal.specialist_id is None:
        return texts.text("We are closed on that day. Please choose another one.")
    who = refusal.schedule.names[refusal.specialist_id]
    if _works_else(calendars, day):
        return texts.text("{specialist} is away on that day. Please choose another one.", specialist=who)
    return texts.text("{specialist} does not work on that day. Please choose another one.", specialist=who)


def _works_else(calendars: Sequence[Calendar], day: date) -> bool:
    """Tell whether somebody works on that weekday, but not on this date."""
    return any(calendar.hours.weekly.get(day.weekday()) for calendar in calendars)
