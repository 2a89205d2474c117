"""What a customer answers to a reminder, and what becomes of a visit of whom they do not."""

from shared.contracts.base import ButtonForm, Command, Contract, Spec


class ConfirmAttendance(Command, kind="booking.attend"):
    """'I'll be there' under a reminder."""

    booking_id: int
    version: int


class FreeUnconfirmed(Command, kind="reminders.free"):
    """A customer has not said in time that they will be there. A timer asks for it."""

    booking_id: int


CONTRACT = Contract(
    "reminders",
    (
        Spec(ConfirmAttendance, ButtonForm("at")),
        Spec(FreeUnconfirmed),
    ),
)
