"""What happened to visits and to the business: lately, of one visit, of a person, of an entry."""

from typing import Final

from shared.cleaning import tidy
from shared.contracts.history import (
    AskHistory,
    FindHistory,
    SendHistory,
    ShowEntryHistory,
    ShowHistory,
)
from worker.history import repository, views
from worker.history.repository import Wanted
from worker.history.rules import LARGEST, visit_number
from worker.runtime.access import ADMINS
from worker.runtime.capability import reads, writes
from worker.runtime.context import RequestContext
from worker.ui.reply import Reply

EVENTS_A_PAGE: Final = 12
LAST_PAGE: Final = 10_000
"""Behind it nobody turns pages."""


@reads(ShowHistory, access=ADMINS)
async def show_history(context: RequestContext, command: ShowHistory) -> Reply:
    """Show a page of what happened, the newest first."""
    from worker.history import replies  # noqa: PLC0415 - only who looks pays for the file's reader

    page = max(0, min(command.page, LAST_PAGE))
    wanted = Wanted.part(command.only)
    events, more = await repository.load_page(context.session, wanted, EVENTS_A_PAGE, page)
    asked = command.model_copy(update={"page": page})
    lines = replies.lines(context.texts, events, context.zone)
    return Reply(views.lately(context.texts, lines, events, asked, more=more))


@reads(ShowEntryHistory, access=ADMINS)
async def show_entry_history(context: RequestContext, command: ShowEntryHistory) -> Reply:
    """Show a page of what happened to an entry of the business."""
    from worker.history import replies  # noqa: PLC0415 - as above

    page, number = max(0, min(command.page, LAST_PAGE)), max(0, min(command.number, LARGEST))
    wanted = Wanted.entry(command.section, number)
    events, more = await repository.load_page(context.session, wanted, EVENTS_A_PAGE, page)
    asked = command.model_copy(update={"page": page, "number": number})
    lines = replies.lines(context.texts, events, context.zone)
    return Reply(views.of_entry(context.texts, lines, asked, more=more))


@writes(AskHistory, access=ADMINS)
async def ask_history(context: RequestContext, _: AskHistory) -> Reply:
    """Ask whose history."""
    return Reply(views.question(context.texts), changed=True, asks=FindHistory(text=""))


@writes(FindHistory, access=ADMINS)
async def find_history(context: RequestContext, command: FindHistory) -> Reply:
    """Show what happened to the visit of a number, or to people and entries of a name and by them."""
    from worker.history import replies  # noqa: PLC0415 - as above

    said = tidy(command.text)
    events, more = await repository.load_page(context.session, _searched(context, said), EVENTS_A_PAGE)
    lines = replies.lines(context.texts, events, context.zone)
    return Reply(views.found(context.texts, said, lines, events, more=more), changed=True)


@reads(SendHistory, access=ADMINS)
async def send_history(context: RequestContext, command: SendHistory) -> Reply:
    """Send what happened as a file."""
    from worker.history import files  # noqa: PLC0415 - as above

    if command.sought:
        wanted = _searched(context, tidy(command.sought))
    elif command.section:
        wanted = Wanted.entry(command.section, max(0, min(command.number, LARGEST)))
    else:
        wanted = Wanted.part(command.only)
    return await files.export(context, command, wanted)


def _searched(context: RequestContext, said: str) -> Wanted:
    number = visit_number(said)
    return Wanted.called(context.session, said) if number is None else Wanted.visit(number)
