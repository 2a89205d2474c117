"""What customers are reminded of, with a way to answer and to change it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from shared.contracts.own_visits import ShowBooking
from shared.i18n.translator import Html, Translator
from worker.confirming.views import confirm_lines, there_button
from worker.lateness.views import late_buttons
from worker.ui.phrases import visit_line, when, where
from worker.ui.view import Button, View
from worker.visits.part_views import part_lines
from worker.visits.repository import Visit
from worker.visits.views import changes, passed_deadline_lines


def reminder(texts: Translator, visit: Visit, now: datetime) -> View:
    """What the customer is reminded of, with a way to answer and to change it."""
    rows = [] if visit.attending else [[there_button(texts, visit)]]
    title = texts.html("🔔 <b>Your visit is coming up</b>")
    ways = [late_buttons(texts, visit, now), _changes_or_card(texts, visit, now)]
    return View(_about(texts, visit, title, now), [*rows, *ways])


def see_you(texts: Translator, visit: Visit, now: datetime) -> View:
    """What a reminder becomes once the customer has said that they will be there."""
    title = texts.html("👍 <b>See you then!</b>")
    ways = [late_buttons(texts, visit, now), _changes_or_card(texts, visit, now)]
    return View(_about(texts, visit, title, now), ways)


def _about(texts: Translator, visit: Visit, title: Html, now: datetime) -> Html:
    what = visit_line(texts, visit.service, visit.specialist)
    zone = ZoneInfo(visit.timezone)
    parts = part_lines(texts, visit.parts, zone, visit.currency)
    times = when(texts, visit.start, visit.until, zone)
    still = [*confirm_lines(texts, visit, now), *passed_deadline_lines(texts, visit, now)]
    return Html("\n".join([title, what, *parts, *times, *where(texts, visit.place), *still]))


def _changes_or_card(texts: Translator, visit: Visit, now: datetime) -> list[Button]:
    show = Button(texts.text("Show the visit"), ShowBooking(booking_id=visit.id))
    return changes(texts, visit, now) or [show]
