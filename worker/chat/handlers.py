"""Answers to what cannot be read."""

from shared.contracts.chat import ExplainButton, ExplainCell, Say
from worker.chat import views
from worker.runtime.context import RequestContext
from worker.ui.cells import meaning
from worker.ui.reply import Reply


async def explain_text(context: RequestContext, command: Say) -> Reply:
    """Say what can be done here."""
    return Reply(views.explain(context.texts, unknown_command=command.unknown_command))


async def explain_button(context: RequestContext, _: ExplainButton) -> Reply:
    """Answer a button that nobody here can read."""
    toast = context.texts.text("This button is out of date. Send /start for a fresh menu.")
    return Reply(toast=toast, alert=True)


async def explain_cell(context: RequestContext, command: ExplainCell) -> Reply:
    """Say what a cell of a keyboard is; the message stays as it is."""
    return Reply(toast=meaning(context.texts, command.cell))
