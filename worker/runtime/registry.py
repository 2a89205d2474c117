"""Which use case runs which command."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from shared import commands
from shared.commands import Command
from worker.admin.overview import show_admin
from worker.booking import attend, book, browse, change, choose
from worker.menu import pages
from worker.runtime.context import Context
from worker.runtime.replies import Reply
from worker.staff.agenda import show_agenda

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
    commands.ShowHome: Entry(pages.show_home, leaves=True),
    commands.ShowHelp: Entry(pages.show_help),
    commands.ShowSettings: Entry(pages.show_settings),
    commands.ShowLanguages: Entry(pages.show_languages),
    commands.ChooseLanguage: Entry(pages.choose_language),
    commands.SetReachable: Entry(pages.set_reachable),
    commands.ExplainText: Entry(pages.explain_text),
    commands.ExplainButton: Entry(pages.explain_button),
    commands.ShowServices: Entry(choose.show_services),
    commands.ShowSpecialists: Entry(choose.show_specialists, leaves=True),
    commands.ShowMonth: Entry(browse.show_month),
    commands.ShowDay: Entry(browse.show_day),
    commands.ShowSummary: Entry(choose.show_summary),
    commands.Book: Entry(book.book, once=True),
    commands.Move: Entry(change.move, once=True),
    commands.Cancel: Entry(change.cancel, once=True),
    commands.ConfirmAttendance: Entry(attend.confirm_attendance, once=True),
    commands.AskCancel: Entry(change.ask_cancel, leaves=True),
    commands.StartMove: Entry(change.start_move, leaves=True),
    commands.ShowBookings: Entry(change.show_bookings, leaves=True),
    commands.ShowBooking: Entry(change.show_booking),
    commands.ShowAgenda: Entry(show_agenda),
    commands.ShowAdmin: Entry(show_admin),
}
