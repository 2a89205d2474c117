"""Choosing a visit and its time, and taking it: to book, or to move."""

from typing import Final

from shared.contracts import booking as contract
from shared.i18n.marking import text_noop
from worker.booking import handlers
from worker.booking.views import home_row
from worker.runtime.capability import Capability, HelpLine, HomeRow, handlers_of

CAPABILITY: Final = Capability(
    contract.CONTRACT,
    handlers=handlers_of(handlers),
    home=(HomeRow(10, home_row),),
    help=(HelpLine(text_noop("/book: book a visit")),),
    outcomes=("confirmed", "asked", "proposed", "moved", "conflict", "stale", "too_late", "refused"),
)
