"""What a customer answers to a reminder."""

from shared.contracts.base import ButtonForm, Command, Contract, Spec


class ConfirmAttendance(Command, kind="booking.attend"):
    """'I'll be there' under a reminder."""

    booking_id: int
    version: int


CONTRACT = Contract(
    "reminders",
    (Spec(ConfirmAttendance, ButtonForm("at")),),
)
