"""Which use case runs which command."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from shared.contracts.admin import ShowAdmin
from shared.contracts.base import Command
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
from shared.contracts.chat import ExplainButton, Say
from shared.contracts.menu import ShowHelp, ShowHome, ShowSettings
from shared.contracts.people import ChooseLanguage, SetReachable, ShowLanguages
from shared.contracts.staff import ShowAgenda
from shared.contracts.visits import AskCancel, Cancel, ConfirmAttendance, ShowBooking, ShowBookings
from worker.admin.overview import show_admin
from worker.booking import attend, book, browse, change, choose
from worker.menu import pages
from worker.runtime.context import Context
from worker.staff.agenda import show_agenda
from worker.ui.view import Reply

# Each use case takes its own command; the table below is what ties the two together.
type UseCase = Callable[[Context, Any], Awaitable[Reply]]


@dataclass(frozen=True, slots=True)
class Entry:
    """A use case; one that runs `once` marks its update as processed in the transaction that it changes."""

    use_case: UseCase
    once: bool = False
    leaves: bool = False
    """Whether it is a way from a booking's card to something else."""


REGISTRY: Mapping[type[Command], Entry] = {
    ShowHome: Entry(pages.show_home, leaves=True),
    ShowHelp: Entry(pages.show_help),
    ShowSettings: Entry(pages.show_settings),
    ShowLanguages: Entry(pages.show_languages),
    ChooseLanguage: Entry(pages.choose_language),
    SetReachable: Entry(pages.set_reachable),
    Say: Entry(pages.explain_text),
    ExplainButton: Entry(pages.explain_button),
    ShowServices: Entry(choose.show_services),
    ShowSpecialists: Entry(choose.show_specialists, leaves=True),
    ShowMonth: Entry(browse.show_month),
    ShowDay: Entry(browse.show_day),
    ShowSummary: Entry(choose.show_summary),
    Book: Entry(book.book, once=True),
    Move: Entry(change.move, once=True),
    Cancel: Entry(change.cancel, once=True),
    ConfirmAttendance: Entry(attend.confirm_attendance, once=True),
    AskCancel: Entry(change.ask_cancel, leaves=True),
    StartMove: Entry(change.start_move, leaves=True),
    ShowBookings: Entry(change.show_bookings, leaves=True),
    ShowBooking: Entry(change.show_booking),
    ShowAgenda: Entry(show_agenda),
    ShowAdmin: Entry(show_admin),
}
