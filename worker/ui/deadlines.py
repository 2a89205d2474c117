"""Until when a visit's customer may change it, and what is said before and after."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from shared.i18n.translator import Html, Translator


@dataclass(frozen=True, slots=True)
class Deadlines:
    """The instants from which on a visit can no longer be moved, or cancelled, by its customer."""

    start: datetime
    move: datetime
    cancel: datetime

    @classmethod
    def before(cls, start: datetime, move_until: timedelta, cancel_until: timedelta) -> Self:
        """Make those of a visit at `start`."""
        return cls(start, start - move_until, start - cancel_until)


def by_when(texts: Translator, last: datetime, zone: ZoneInfo, today: date) -> str:
    """Write until when somebody may answer: today's time of day alone, another day's with its day."""
    local = last.astimezone(zone)
    if local.date() == today:
        return texts.time(local)
    day = texts.title(texts.short_day(local.date()))
    return texts.text("{day}, {time}", day=day, time=texts.time(local))


def please_contact(texts: Translator, contact: str) -> str:
    """Say whom to call, in the business's words where there are any."""
    if contact:
        return texts.text("Please contact us: {contact}", contact=contact)
    return texts.text("Please contact us.")


def too_late_to_move(texts: Translator, deadlines: Deadlines, zone: ZoneInfo, contact: str) -> str:
    """Say why a visit cannot be moved, and whom to call."""
    local = deadlines.move.astimezone(zone)
    return texts.text(
        "It is too late to move this visit here: that was possible until {day}, {time}. {contact}",
        day=texts.short_day(local.date()),
        time=texts.time(local),
        contact=please_contact(texts, contact),
    )


def moved_enough(texts: Translator, contact: str) -> str:
    """Say that a visit was moved as often as its customer may, and whom to call."""
    return texts.text(
        "This visit has been moved as often as it can be here. {contact}",
        contact=please_contact(texts, contact),
    )


def too_late_to_cancel(texts: Translator, deadlines: Deadlines, zone: ZoneInfo, contact: str) -> str:
    """Say why a visit cannot be cancelled, and whom to call."""
    local = deadlines.cancel.astimezone(zone)
    return texts.text(
        "It is too late to cancel this visit here: that was possible until {day}, {time}. {contact}",
        day=texts.short_day(local.date()),
        time=texts.time(local),
        contact=please_contact(texts, contact),
    )


def too_late_lines(texts: Translator, deadlines: Deadlines, now: datetime, contact: str) -> list[Html]:
    """Whom to call about what can no longer be done here with a visit that lies ahead."""
    match (deadlines.move <= now, deadlines.cancel <= now):
        case (True, True):
            what = texts.text("It is too late to move or cancel this visit here.")
        case (True, False):
            what = texts.text("It is too late to move this visit here.")
        case (False, True):
            what = texts.text("It is too late to cancel this visit here.")
        case _:
            return []
    return [texts.html("☎️ {what} {contact}", what=what, contact=please_contact(texts, contact))]


def deadline_lines(texts: Translator, deadlines: Deadlines, now: datetime, zone: ZoneInfo) -> list[Html]:
    """Until when a visit that is about to be booked can be changed; none where that is its start."""
    move, cancel, start = deadlines.move, deadlines.cancel, deadlines.start
    if move == cancel == start:
        return []
    if move <= now and cancel <= now:
        return [texts.html("↩️ This soon before it, the visit can no longer be moved or cancelled here.")]
    if move == cancel:
        return [texts.html("↩️ Can be moved or cancelled until {day}, {time}", **_until(texts, move, zone))]
    lines = []
    if move < start:
        lines.append(
            texts.html("↩️ This soon before it, the visit can no longer be moved here.")
            if move <= now
            else texts.html("↩️ Can be moved until {day}, {time}", **_until(texts, move, zone))
        )
    if cancel < start:
        lines.append(
            texts.html("↩️ This soon before it, the visit can no longer be cancelled here.")
            if cancel <= now
            else texts.html("↩️ Can be cancelled until {day}, {time}", **_until(texts, cancel, zone))
        )
    return lines


def _until(texts: Translator, last: datetime, zone: ZoneInfo) -> dict[str, str]:
    local = last.astimezone(zone)
    day = texts.short_day(local.date())
    return {"day": day, "time": texts.time(local)}
