"""Answers to what cannot be read, and the ends of questions."""

from shared.contracts.chat import (
    CancelConversation,
    ExpireQuestion,
    ExplainButton,
    ExplainCell,
    Say,
    SkipQuestion,
)
from worker.chat import views
from worker.editing.promises import promise_file
from worker.runtime import questions
from worker.runtime.access import TIMERS_ONLY
from worker.runtime.capability import reads, writes
from worker.runtime.context import RequestContext
from worker.runtime.environment import OWNER
from worker.ui.cells import meaning
from worker.ui.reply import Reply


@writes(Say, SkipQuestion)
async def explain_text(context: RequestContext, command: Say | SkipQuestion) -> Reply:
    """Say what can be done here, to somebody whom nothing was asked, or is any more."""
    if isinstance(command, Say) and command.document is not None and OWNER in context.roles:
        promise_file(context, command.document)
        return Reply(changed=True)
    if isinstance(command, Say) and (
        command.contact or command.location or command.photo or command.document
    ):
        return Reply(views.not_asked_for(context.texts))
    if isinstance(command, SkipQuestion) or command.reply_to_message_id is not None:
        return Reply(views.nothing_asked(context.texts))
    return Reply(views.explain(context.texts, unknown_command=command.unknown_command))


def _is_shared(said: Say) -> bool:
    """Tell whether something was sent that is no text."""
    return bool(said.contact or said.location or said.photo or said.document)


@reads(CancelConversation)
async def cancel_conversation(context: RequestContext, _: CancelConversation) -> Reply:
    """Say that nothing is asked any more: what leads elsewhere ends the question, as this does."""
    asked = context.conversation is not None
    return Reply((views.stopped if asked else views.nothing_asked)(context.texts))


@writes(ExpireQuestion, access=TIMERS_ONLY)
async def expire_question(context: RequestContext, command: ExpireQuestion) -> Reply:
    """Close a question that nobody answered in time."""
    await questions.expire(context, command.person_id, command.opened_at)
    return Reply(changed=True)


@reads(ExplainButton, keeps_question=True)
async def explain_button(context: RequestContext, _: ExplainButton) -> Reply:
    """Answer a button that nobody here can read."""
    toast = context.texts.text("This button is out of date. Send /start for a fresh menu.")
    return Reply(toast=toast, alert=True)


@reads(ExplainCell, keeps_question=True, founds=True)
async def explain_cell(context: RequestContext, command: ExplainCell) -> Reply:
    """Say what a cell of a keyboard is; the message stays as it is."""
    return Reply(toast=meaning(context.texts, command.cell))
