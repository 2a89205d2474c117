"""What becomes of a visit that is booked: its card, its cancellation, its note, the answer to a reminder."""

from typing import Final

from shared.contracts import visits as contract
from shared.contracts.visits import (
    AskCancel,
    AskNote,
    Cancel,
    CompleteVisit,
    ConfirmAttendance,
    RestoreNote,
    ShowBooking,
    ShowBookings,
    WriteNote,
)
from shared.i18n.marking import text_noop
from worker.cards.hook import CardHook
from worker.runtime.access import TIMERS_ONLY
from worker.runtime.capability import Capability, HelpLine, HomeRow, reads, writes
from worker.visits import handlers
from worker.visits.access import OWN_VISIT, OWN_VISIT_LOCKED
from worker.visits.messages import MESSAGES
from worker.visits.views import bookings_row

CAPABILITY: Final = Capability(
    contract.CONTRACT,
    handlers={
        ShowBookings: reads(handlers.show_bookings),
        ShowBooking: reads(handlers.show_booking, OWN_VISIT),
        AskCancel: reads(handlers.ask_cancel, OWN_VISIT),
        Cancel: writes(handlers.cancel, OWN_VISIT_LOCKED),
        ConfirmAttendance: writes(handlers.confirm_attendance, OWN_VISIT_LOCKED),
        AskNote: writes(handlers.ask_note, OWN_VISIT),
        WriteNote: writes(handlers.write_note, OWN_VISIT_LOCKED),
        RestoreNote: writes(handlers.restore_note),
        CompleteVisit: writes(handlers.complete, TIMERS_ONLY),
    },
    home=(HomeRow(20, bookings_row),),
    help=(HelpLine(text_noop("/bookings: see, move or cancel what is coming")),),
    hooks=(CardHook,),
    messages=MESSAGES,
    outcomes=("cancelled", "attending", "stale", "too_late"),
)
