"""The question from when on a visit would rather be earlier."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from shared.contracts.earlier import WantEarlier
from shared.contracts.own_visits import ShowBooking
from shared.i18n.translator import Html, Translator
from worker.ui.phrases import visit_line, when
from worker.ui.view import Button, Keyboard, View
from worker.visits.repository import Visit
from worker.visits.views import swap_buttons
from worker.wishes.rules import first_days
from worker.wishes.views import first_day_label


def question(texts: Translator, visit: Visit, today: date, now: datetime) -> View:
    """What happens when an earlier time frees up, and from which day on one would suit."""
    zone = ZoneInfo(visit.timezone)
    lines = [
        texts.html("<b>Would you like to come earlier?</b>"),
        visit_line(texts, visit.service, visit.specialist),
        when(texts, visit.start, visit.end, zone)[0],
        Html(),
        texts.html(
            "When an earlier time frees up, it is kept for you and you are asked here. "
            "Your visit stays where it is until you say yes."
        ),
        texts.html("What would suit you?"),
    ]
    swap = swap_buttons(texts, visit, now)
    back = Button(texts.text("« Back"), ShowBooking(booking_id=visit.id))
    return View(Html("\n".join(lines)), [*_choices(texts, visit, today, zone), swap, [back]])


def _choices(texts: Translator, visit: Visit, today: date, zone: ZoneInfo) -> Keyboard:
    day = visit.start.astimezone(zone).date()
    buttons = [
        Button(first_day_label(texts, each, day, today), _want(visit, each))
        for each in first_days(today, day)
    ]
    first, between, last = buttons[:1], buttons[1:-1], buttons[1:][-1:]
    return [first, *(between[index : index + 2] for index in range(0, len(between), 2)), last]


def _want(visit: Visit, first_day: date) -> WantEarlier:
    return WantEarlier(booking_id=visit.id, version=visit.version, first_day=first_day)
