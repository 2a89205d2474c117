"""Choosing a visit and its time: to book one, or to move one."""

from datetime import date, datetime

from shared.contracts.base import ButtonForm, Command, Contract, Frozen, Spec, Typed
from shared.i18n.marking import text_noop


class Moving(Frozen):
    """The booking that is being moved, and its version as the person saw it."""

    booking_id: int
    version: int


class ShowServices(Command, kind="booking.services"):
    """/book: the services to choose from."""

    page: int = 0


class ShowSpecialists(Command, kind="booking.specialists"):
    """The specialists who do a service."""

    service_id: int
    page: int = 0


class ShowMonth(Command, kind="schedule.show_month"):
    """A month's calendar; `specialist_id` None is 'Anyone', `month` None the first with a free day."""

    service_id: int
    specialist_id: int | None = None
    month: date | None = None
    moving: Moving | None = None


class ShowDay(Command, kind="schedule.show_day"):
    """A day's free times, a page of them where one keyboard does not hold all."""

    service_id: int
    specialist_id: int | None = None
    day: date
    moving: Moving | None = None
    page: int = 0


class ShowSummary(Command, kind="booking.summary"):
    """What is about to be booked or moved, before the person confirms."""

    service_id: int
    specialist_id: int | None = None
    start: datetime
    moving: Moving | None = None


class Book(Command, kind="booking.book"):
    """Confirm a new booking."""

    service_id: int
    specialist_id: int | None = None
    start: datetime


class StartMove(Command, kind="booking.start_move"):
    """'Move' on a card: choose a new time."""

    moving: Moving


class Move(Command, kind="booking.move"):
    """Confirm a booking's new time."""

    moving: Moving
    specialist_id: int | None = None
    start: datetime


CONTRACT = Contract(
    "booking",
    (
        Spec(ShowServices, ButtonForm("s", former=("sp",)), (Typed("book", text_noop("Book a visit")),)),
        Spec(ShowSpecialists, ButtonForm("p", former=("pp",))),
        Spec(ShowMonth, ButtonForm("m")),
        Spec(ShowDay, ButtonForm("d")),
        Spec(ShowSummary, ButtonForm("t")),
        Spec(Book, ButtonForm("ok")),
        Spec(StartMove, ButtonForm("mv")),
        Spec(Move, ButtonForm("mok")),
    ),
)
