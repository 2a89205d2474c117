"""What a visit that waits for an answer adds to what shows it."""

from zoneinfo import ZoneInfo

from shared.contracts.approval import Accept, AskDecline
from shared.i18n.translator import Html, Translator
from worker.db.models.booking import Status
from worker.ui.view import Button, Keyboard
from worker.visits.repository import Visit


def request_rows(texts: Translator, visit: Visit) -> Keyboard:
    """The answers that those who work here may give; none where nothing waits for one."""
    if visit.status is not Status.PENDING:
        return []
    about = {"booking_id": visit.id, "version": visit.version}
    accept = Button(texts.text("Accept"), Accept(**about), style="success")
    return [[accept, Button(texts.text("Decline"), AskDecline(**about), style="danger")]]


def until_lines(texts: Translator, visit: Visit) -> list[Html]:
    """Until when the request has to be answered."""
    if visit.status is not Status.PENDING or visit.kept_until is None:
        return []
    local = visit.kept_until.astimezone(ZoneInfo(visit.timezone))
    day, time = texts.short_day(local.date()), texts.time(local)
    return [texts.html("⏳ Without an answer until {day}, {time} it lapses.", day=day, time=time)]
