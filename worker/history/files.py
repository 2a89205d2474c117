"""The history as a file for spreadsheets."""

import asyncio
from collections.abc import Sequence
from typing import Final

from shared.contracts.history import SendHistory
from worker.history import replies, repository, views
from worker.history.repository import Wanted
from worker.history.rules import as_csv
from worker.runtime.context import RequestContext
from worker.ui.reply import Reply

MOST_ROWS: Final = 10_000


async def export(context: RequestContext, asked: SendHistory, wanted: Wanted) -> Reply:
    """Send the newest of what is wanted, and tell whether there is more."""
    table: list[Sequence[str]] = []
    async for events in repository.load_all(context.session, wanted, MOST_ROWS + 1):
        table += await asyncio.to_thread(replies.rows, context.texts, events, context.zone)
    count = min(len(table), MOST_ROWS)
    heading = replies.heading(context.texts, context.zone)
    written = await asyncio.to_thread(as_csv, [heading, *table[:MOST_ROWS]])
    return Reply(views.file(context.texts, asked, written, count, more=len(table) > count))
