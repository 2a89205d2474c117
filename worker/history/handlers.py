"""What happened to visits: lately, of one visit, of a person."""

from typing import Final

from shared.cleaning import tidy
from shared.contracts.history import AskHistory, FindHistory, ShowHistory
from worker.history import repository, views
from worker.history.rules import visit_number
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
    page = max(0, min(command.page, LAST_PAGE))
    events, more = await repository.load_page(context.session, page, EVENTS_A_PAGE)
    return Reply(views.lately(context.texts, events, context.zone, page, more=more))


@writes(AskHistory, access=ADMINS)
async def ask_history(context: RequestContext, _: AskHistory) -> Reply:
    """Ask whose history."""
    return Reply(views.question(context.texts), changed=True, asks=FindHistory(text=""))


@writes(FindHistory, access=ADMINS)
async def find_history(context: RequestContext, command: FindHistory) -> Reply:
    """Show what happened to the visit of a number, or to the people of a name and by them."""
    said, most = tidy(command.text), EVENTS_A_PAGE + 1
    number = visit_number(said)
    if number is None:
        events = await repository.find_people(context.session, said, most)
    else:
        events = await repository.find_visit(context.session, number, most)
    more = len(events) > EVENTS_A_PAGE
    view = views.found(context.texts, said, events[:EVENTS_A_PAGE], context.zone, more=more)
    return Reply(view, changed=True)
