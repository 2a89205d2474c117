"""A customer's own visits: what is coming, what is over, a card, its place, a word that it gets late."""

from shared.contracts.base import ButtonForm, Command, Contract, Spec, Typed
from shared.i18n.marking import text_noop


class ShowBookings(Command, kind="booking.list", only_shows=True):
    """/bookings: what is coming."""

    page: int = 0


class ShowPast(Command, kind="visits.past", only_shows=True):
    """'Past visits': those that are over, the latest first."""

    page: int = 0


class ShowBooking(Command, kind="booking.show", only_shows=True):
    """One booking's card."""

    booking_id: int


class ShowMap(Command, kind="visits.map"):
    """'Map' on a card: where the visit is."""

    booking_id: int


class AskLateness(Command, kind="visits.ask_late"):
    """'Running late' on a card: the question by how much."""

    booking_id: int


class SayLateness(Command, kind="visits.say_late"):
    """'+5', '+10', '+15': so many minutes late."""

    booking_id: int
    version: int
    minutes: int


class CompleteVisit(Command, kind="visits.complete"):
    """A visit has been over for a day. A timer asks for it."""

    booking_id: int


CONTRACT = Contract(
    "own_visits",
    (
        Spec(ShowBookings, ButtonForm("bs"), (Typed("bookings", text_noop("Your bookings")),)),
        Spec(ShowPast, ButtonForm("bp")),
        Spec(ShowBooking, ButtonForm("b")),
        Spec(ShowMap, ButtonForm("mp")),
        Spec(AskLateness, ButtonForm("lt?")),
        Spec(SayLateness, ButtonForm("lt")),
        Spec(CompleteVisit),
    ),
)
