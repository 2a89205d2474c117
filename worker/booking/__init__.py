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
from worker.booking import book, browse, change, choose
from worker.booking.views import home_row
from worker.runtime.capability import Capability, HelpLine, HomeRow, reads, writes

CAPABILITY: Final = Capability(
    contract.CONTRACT,
    handlers={
        ShowServices: reads(choose.show_services),
        ShowSpecialists: reads(choose.show_specialists),
        ShowMonth: reads(browse.show_month),
        ShowDay: reads(browse.show_day),
        ShowSummary: reads(choose.show_summary),
        Book: writes(book.book),
        StartMove: reads(change.start_move),
        Move: writes(change.move),
    },
    home=(HomeRow(10, home_row),),
    help=(HelpLine(text_noop("/book: book a visit")),),
    outcomes=("confirmed", "moved", "conflict", "stale", "too_late"),
)
