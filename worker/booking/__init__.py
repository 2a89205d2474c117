"""Choosing a visit and its time, and taking it: to book, or to move."""

from typing import Final

from shared.contracts import booking as contract
from shared.contracts.booking import (
    Book,
    Move,
    ShowDay,
    ShowMonth,
    ShowServices,
    ShowSpecialists,
    ShowSummary,
    StartMove,
)
from shared.i18n.marking import text_noop
from worker.booking import handlers
from worker.booking.views import home_row
from worker.runtime.capability import Capability, HelpLine, HomeRow, reads, writes
from worker.visits.access import OWN_VISIT, OWN_VISIT_LOCKED

CAPABILITY: Final = Capability(
    contract.CONTRACT,
    handlers={
        ShowServices: reads(handlers.show_services),
        ShowSpecialists: reads(handlers.show_specialists),
        ShowMonth: reads(handlers.show_month, OWN_VISIT),
        ShowDay: reads(handlers.show_day, OWN_VISIT),
        ShowSummary: reads(handlers.show_summary, OWN_VISIT),
        Book: writes(handlers.book),
        StartMove: reads(handlers.start_move, OWN_VISIT),
        Move: writes(handlers.move, OWN_VISIT_LOCKED),
    },
    home=(HomeRow(10, home_row),),
    help=(HelpLine(text_noop("/book: book a visit")),),
    outcomes=("confirmed", "moved", "conflict", "stale", "too_late"),
)
