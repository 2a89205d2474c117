"""What becomes of a visit that is booked."""

from shared.contracts.base import Button, Command, Contract, Spec, Typed
from shared.i18n.marking import text_noop


class ShowBookings(Command, kind="booking.list"):
    """/bookings: what is coming."""

    page: int = 0


class ShowBooking(Command, kind="booking.show"):
    """One booking's card."""

    booking_id: int


class AskCancel(Command, kind="booking.ask_cancel"):
    """'Cancel' on a card: the question before it."""

    booking_id: int
    version: int


class Cancel(Command, kind="booking.cancel"):
    """'Yes, cancel'."""

    booking_id: int
    version: int


class ConfirmAttendance(Command, kind="booking.attend"):
    """'I'll be there' under a reminder."""

    booking_id: int
    version: int


CONTRACT = Contract(
    "visits",
    (
        Spec(ShowBookings, Button("bs"), (Typed("bookings", text_noop("Your bookings")),)),
        Spec(ShowBooking, Button("b")),
        Spec(AskCancel, Button("c?")),
        Spec(Cancel, Button("c")),
        Spec(ConfirmAttendance, Button("at")),
    ),
)
