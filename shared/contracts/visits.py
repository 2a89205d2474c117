"""What becomes of a visit that is booked."""

from typing import Final

from shared.contracts.base import Answer, ButtonForm, Command, Contract, DraftRef, Spec, Typed
from shared.i18n.marking import text_noop

LONGEST_NOTE: Final = 500
"""Characters of a customer's note: with it, a card and an agenda still fit their messages."""

LONGEST_CANCEL_REASON: Final = 300
"""Characters of a word why a visit was cancelled."""


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


class AskCancel(Command, kind="booking.ask_cancel"):
    """'Cancel' on a card: the question before it."""

    booking_id: int
    version: int


class Cancel(Command, kind="booking.cancel"):
    """'Yes, cancel'."""

    booking_id: int
    version: int


class AskCancelReason(Command, kind="visits.ask_reason"):
    """'Say why' on the card of a visit that its customer cancelled: the question."""

    booking_id: int


class WriteCancelReason(Command, kind="visits.write_reason"):
    """Why it was cancelled, as its customer says."""

    booking_id: int
    reason: str


class ConfirmAttendance(Command, kind="booking.attend"):
    """'I'll be there' under a reminder."""

    booking_id: int
    version: int


class AskNote(Command, kind="visits.ask_note"):
    """'Add a note' on a card: the question what should be known before the visit."""

    booking_id: int


class WriteNote(Command, kind="visits.write_note"):
    """The note that was asked for; without one, 'Remove the note' beside that question."""

    booking_id: int
    note: str | None = None


class RestoreNote(Command, kind="visits.restore_note"):
    """'Undo' under a changed note: the draft keeps the note as it was before."""

    draft: DraftRef


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
    "visits",
    (
        Spec(ShowBookings, ButtonForm("bs"), (Typed("bookings", text_noop("Your bookings")),)),
        Spec(ShowPast, ButtonForm("bp")),
        Spec(ShowBooking, ButtonForm("b")),
        Spec(ShowMap, ButtonForm("mp")),
        Spec(AskCancel, ButtonForm("c?")),
        Spec(Cancel, ButtonForm("c")),
        Spec(AskCancelReason, ButtonForm("cr?")),
        Spec(WriteCancelReason, answer=Answer("reason", longest=LONGEST_CANCEL_REASON)),
        Spec(ConfirmAttendance, ButtonForm("at")),
        Spec(AskNote, ButtonForm("n?")),
        Spec(WriteNote, ButtonForm("n-", ("booking_id",)), answer=Answer("note", longest=LONGEST_NOTE)),
        Spec(RestoreNote, ButtonForm("nu")),
        Spec(AskLateness, ButtonForm("lt?")),
        Spec(SayLateness, ButtonForm("lt")),
        Spec(CompleteVisit),
    ),
)
