"""What becomes of a visit that is booked: its card, its cancellation, the customer's answer to a reminder."""

from typing import Final

from shared.contracts import visits as contract
from shared.contracts.visits import AskCancel, Cancel, ConfirmAttendance, ShowBooking, ShowBookings
from shared.i18n.marking import text_noop
from worker.booking import attend, change
from worker.booking.views import bookings_row
from worker.cards.hook import CardHook
from worker.runtime.capability import Capability, HelpLine, HomeRow, reads, writes
from worker.visits.messages import MESSAGES

CAPABILITY: Final = Capability(
    contract.CONTRACT,
    handlers={
        ShowBookings: reads(change.show_bookings),
        ShowBooking: reads(change.show_booking),
        AskCancel: reads(change.ask_cancel),
        Cancel: writes(change.cancel),
        ConfirmAttendance: writes(attend.confirm_attendance),
    },
    home=(HomeRow(20, bookings_row),),
    help=(HelpLine(text_noop("/bookings: see, move or cancel what is coming")),),
    hooks=(CardHook,),
    messages=MESSAGES,
    outcomes=("cancelled", "attending", "stale", "too_late"),
)
