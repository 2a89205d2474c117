"""A customer's own visits: what is coming, what is over, a card, its place, a word that it gets late."""

from typing import Final

from shared.contracts import own_visits as contract
from shared.i18n.marking import text_noop
from worker.cards.hook import CardHook
from worker.own_visits import handlers, repository
from worker.own_visits.messages import MESSAGES
from worker.own_visits.views import bookings_row
from worker.retention.purge import Purge
from worker.runtime.capability import Capability, HelpLine, HomeRow, handlers_of

CAPABILITY: Final = Capability(
    contract.CONTRACT,
    handlers=handlers_of(handlers),
    home=(HomeRow(20, bookings_row),),
    help=(HelpLine(text_noop("/bookings: see, move or cancel what is coming")),),
    hooks=(CardHook(),),
    messages=MESSAGES,
    retention=(Purge("events", repository.remove_events),),
    outcomes=("late", "stale", "too_late"),
)
