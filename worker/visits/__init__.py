"""What becomes of a visit that is booked: its card, its cancellation, its note, the answer to a reminder."""

from typing import Final

from shared.contracts import visits as contract
from shared.i18n.marking import text_noop
from worker.cards.hook import CardHook
from worker.retention.purge import Purge
from worker.runtime.capability import Capability, HelpLine, HomeRow, handlers_of
from worker.visits import handlers, repository
from worker.visits.messages import MESSAGES
from worker.visits.views import bookings_row

CAPABILITY: Final = Capability(
    contract.CONTRACT,
    handlers=handlers_of(handlers),
    home=(HomeRow(20, bookings_row),),
    help=(HelpLine(text_noop("/bookings: see, move or cancel what is coming")),),
    hooks=(CardHook(),),
    messages=MESSAGES,
    retention=(Purge("events", repository.remove_events),),
    outcomes=("cancelled", "attending", "late", "stale", "too_late"),
)
