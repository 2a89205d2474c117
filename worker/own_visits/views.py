"""What people see of their visits: the row of the menu, the lists, the place on the map."""

from collections.abc import Sequence
from typing import Final
from zoneinfo import ZoneInfo

from shared.contracts.booking import ShowServices
from shared.contracts.own_visits import ShowBooking, ShowBookings, ShowPast
from shared.i18n.translator import Html, Translator
from worker.ui.buttons import Page, menu, pager
from worker.ui.view import Button, Keyboard, View
from worker.visits.repository import Visit
from worker.visits.views import venue

VISITS_A_PAGE: Final = 8


def bookings_row(texts: Translator) -> list[Button]:
    """The menu's row of the person's own visits."""
    return [Button(texts.text("My bookings"), ShowBookings())]


def upcoming(
    texts: Translator,
    visits: Sequence[Visit],
    asked: ShowBookings,
    zone: ZoneInfo,
    waiting: Keyboard | None = None,
) -> View:
    """What is coming, a page at a time, and what is not settled yet or wished for: the rows `waiting`."""
    book = Button(texts.text("Book a visit"), ShowServices(), style="primary")
    been = Button(texts.text("Past visits"), ShowPast())
    wished = waiting or []
    if not visits:
        return View(texts.html("You have no visits ahead."), [*wished, [book], [been, menu(texts)]])
    page = Page.of(visits, asked.page, VISITS_A_PAGE)
    heading = texts.plural("You have {number} visit ahead:", "You have {number} visits ahead:", len(visits))
    buttons = [[Button(_line(texts, visit, zone), ShowBooking(booking_id=visit.id))] for visit in page.shown]
    return View(
        Html(f"<b>{heading}</b>"), [*buttons, pager(page, asked), *wished, [book], [been, menu(texts)]]
    )


def past(texts: Translator, visits: Sequence[Visit], asked: ShowPast, zone: ZoneInfo) -> View:
    """What is over, a page at a time, the latest first."""
    ways = [Button(texts.text("My bookings"), ShowBookings()), menu(texts)]
    if not visits:
        return View(texts.html("You have not been here yet."), [ways])
    page = Page.of(visits, asked.page, VISITS_A_PAGE)
    buttons = [[Button(_line(texts, visit, zone), ShowBooking(booking_id=visit.id))] for visit in page.shown]
    heading = texts.html("<b>Your past visits</b>\nChoose one to book it again.")
    return View(heading, [*buttons, pager(page, asked), ways])


def _line(texts: Translator, visit: Visit, zone: ZoneInfo) -> str:
    local = visit.start.astimezone(zone)
    return texts.text(
        "{day}, {time} · {service}",
        day=texts.title(texts.short_day(local.date())),
        time=texts.time(local),
        service=visit.services,
    )


def place_on_map(texts: Translator, visit: Visit) -> View | None:
    """Where the visit is, with the way back to it."""
    pin = venue(visit)
    back = Button(texts.text("Show the visit"), ShowBooking(booking_id=visit.id))
    return None if pin is None else View(Html(), [[back]], shows=pin)
