"""Messages about a visit that come by themselves: reminders, and word to the specialist."""

from datetime import datetime
from zoneinfo import ZoneInfo

from shared import commands
from shared.commands import Moving
from shared.i18n.translator import Html, Translator
from worker.booking.details import Details
from worker.booking.views import when, where
from worker.replies import Button, View


def reminder(texts: Translator, details: Details) -> View:
    """What the customer is reminded of, with a way to change it."""
    lines = [texts.html("🔔 <b>Your visit is coming up</b>"), ""]
    lines.append(
        texts.html("<b>{service}</b>, {specialist}", service=details.service, specialist=details.specialist)
    )
    lines += when(texts, details.start, details.end, ZoneInfo(details.timezone))
    lines += where(texts, details.place)
    moving = Moving(booking_id=details.id, version=details.version)
    move = Button(texts.text("Move"), commands.StartMove(moving=moving))
    cancel = Button(texts.text("Cancel"), commands.AskCancel(booking_id=details.id, version=details.version))
    return View(Html("\n".join(lines)), [[move, cancel]])


def for_specialist(texts: Translator, details: Details, what: str, was: datetime | None) -> View:
    """What happened to a visit of the specialist's."""
    zone = ZoneInfo(details.timezone)
    titles = {
        "booked": texts.html("🆕 <b>New visit</b>"),
        "moved": texts.html("↪️ <b>Visit moved</b>"),
        "cancelled": texts.html("❌ <b>Visit cancelled</b>"),
    }
    local = details.start.astimezone(zone)
    lines = [
        titles[what],
        texts.html("{day}, {time}", day=texts.day(local.date()), time=texts.time(local)),
        texts.html("{service}, {customer}", service=details.service, customer=details.customer),
    ]
    if was is not None:
        before = was.astimezone(zone)
        lines.append(
            texts.html("Before: <s>{day}, {time}</s>", day=texts.day(before.date()), time=texts.time(before))
        )
    today = Button(texts.text("The day"), commands.ShowAgenda(first=local.date()))
    return View(Html("\n".join(lines)), [[today]])
