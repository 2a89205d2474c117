"""Messages about a visit that come by themselves: reminders, and word to the specialist."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from shared.contracts.booking import Moving, StartMove
from shared.contracts.staff import ShowAgenda
from shared.contracts.visits import AskCancel, ConfirmAttendance
from shared.i18n.translator import Html, Translator
from worker.booking.details import Details
from worker.booking.views import when, where
from worker.ui.phrases import visit
from worker.ui.view import Button, View


def reminder(texts: Translator, details: Details) -> View:
    """What the customer is reminded of, with a way to answer and to change it."""
    there = Button(
        texts.text("I'll be there"),
        ConfirmAttendance(booking_id=details.id, version=details.version),
        style="success",
    )
    rows = [] if details.attending else [[there]]
    title = texts.html("🔔 <b>Your visit is coming up</b>")
    return View(_visit(texts, details, title), [*rows, _changes(texts, details)])


def see_you(texts: Translator, details: Details) -> View:
    """What a reminder becomes once the customer has said that they will be there."""
    return View(_visit(texts, details, texts.html("👍 <b>See you then!</b>")), [_changes(texts, details)])


def _visit(texts: Translator, details: Details, title: Html) -> Html:
    what = visit(texts, details.service, details.specialist)
    times = when(texts, details.start, details.end, ZoneInfo(details.timezone))
    return Html("\n".join([title, "", what, *times, *where(texts, details.place)]))


def _changes(texts: Translator, details: Details) -> list[Button]:
    moving = Moving(booking_id=details.id, version=details.version)
    return [
        Button(texts.text("Move"), StartMove(moving=moving)),
        Button(texts.text_in("visit", "Cancel"), AskCancel(booking_id=details.id, version=details.version)),
    ]


@dataclass(frozen=True, slots=True)
class News:
    """What happened to a visit: told as it was then, whatever has become of the visit since."""

    what: str
    at: datetime
    was: datetime | None = None


def for_specialist(texts: Translator, details: Details, news: News) -> View:
    """What happened to a visit of the specialist's."""
    zone = ZoneInfo(details.timezone)
    titles = {
        "booked": texts.html("🆕 <b>New visit</b>"),
        "moved": texts.html("↪️ <b>Visit moved</b>"),
        "cancelled": texts.html("❌ <b>Visit cancelled</b>"),
    }
    local = news.at.astimezone(zone)
    lines = [
        titles[news.what],
        texts.html("{day}, {time}", day=texts.title(texts.day(local.date())), time=texts.time(local)),
        texts.html("{service}, {customer}", service=details.service, customer=details.customer),
    ]
    if news.was is not None:
        before = news.was.astimezone(zone)
        lines.append(
            texts.html("Before: <s>{day}, {time}</s>", day=texts.day(before.date()), time=texts.time(before))
        )
    today = Button(texts.text("The day"), ShowAgenda(first=local.date()))
    return View(Html("\n".join(lines)), [[today]])
