"""What is said of a customer's word that they will be there: before, and while it is missing."""

from datetime import datetime
from zoneinfo import ZoneInfo

from shared.contracts.reminders import ConfirmAttendance
from shared.i18n.translator import Html, Translator
from worker.confirming.rules import has_to_confirm, is_unconfirmed
from worker.ui.view import Button
from worker.visits.repository import Visit

SIGN = "❔"
"""Beside a visit whose customer was asked and has not said that they will be there."""


def there_button(texts: Translator, visit: Visit) -> Button:
    """Return the button by which a customer says that they will be there."""
    attend = ConfirmAttendance(booking_id=visit.id, version=visit.version)
    return Button(texts.text("I'll be there"), attend, style="success")


def in_advance_lines(texts: Translator, by: datetime | None, zone: ZoneInfo) -> list[Html]:
    """What whoever is about to book has to know; nothing where they need not say anything."""
    if by is None:
        return []
    return [
        texts.html(
            "❗ We will remind you: tap <b>I'll be there</b> then, by {day}, {time}. "
            "Otherwise the time is given to others.",
            **_moment(texts, by, zone),
        )
    ]


def confirm_lines(texts: Translator, visit: Visit, now: datetime) -> list[Html]:
    """That the customer still has to say that they will be there, and until when."""
    if visit.confirm_by is None or not has_to_confirm(visit, now):
        return []
    moment = _moment(texts, visit.confirm_by, ZoneInfo(visit.timezone))
    if visit.asked_at is None:
        return in_advance_lines(texts, visit.confirm_by, ZoneInfo(visit.timezone))
    return [
        texts.html(
            "❗ Please tap <b>I'll be there</b> by {day}, {time}. Otherwise the time is given to others.",
            **moment,
        )
    ]


def confirm_buttons(texts: Translator, visit: Visit, now: datetime) -> list[Button]:
    """The way to say so on a card, once the customer was asked and where the time hangs on it."""
    asked = visit.asked_at is not None and has_to_confirm(visit, now)
    return [there_button(texts, visit)] if asked else []


def staff_lines(texts: Translator, visit: Visit, now: datetime) -> list[Html]:
    """What those who expect the customer know of their word."""
    if visit.attending:
        return [texts.html("👍 The customer will be there.")]
    if not is_unconfirmed(visit, now):
        return []
    lines = [texts.html("❔ The customer has not said yet that they will be there.")]
    if visit.confirm_by is not None and has_to_confirm(visit, now):
        moment = _moment(texts, visit.confirm_by, ZoneInfo(visit.timezone))
        lines.append(texts.html("Without their word the time is freed on {day}, {time}.", **moment))
    return lines


def _moment(texts: Translator, moment: datetime, zone: ZoneInfo) -> dict[str, str]:
    local = moment.astimezone(zone)
    day = texts.short_day(local.date())
    return {"day": day, "time": texts.time(local)}
