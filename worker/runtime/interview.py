"""Commands beside a question that is open: what is said answers it, what leads elsewhere ends it."""

from collections.abc import Mapping
from dataclasses import replace

from shared.contracts.base import Command
from shared.contracts.chat import Say, SkipQuestion
from worker.runtime import questions, views
from worker.runtime.capability import Handler
from worker.runtime.context import RequestContext
from worker.runtime.conversation import Conversation, Misfit, completed
from worker.runtime.questions import Ending
from worker.ui.reply import Reply


class Interview:
    """Runs writing handlers, and has a question answered by the command that it completes."""

    def __init__(self, handlers: Mapping[type[Command], Handler]) -> None:
        self._handlers = handlers

    async def run(self, handler: Handler, context: RequestContext) -> Reply:
        """Run the command, or the one that it completes; open the question that the reply asks."""
        asked, command = context.conversation, context.envelope.command
        if asked is not None and _may_answer(command):
            reply = await self._answer(context, asked, command)
        else:
            if asked is not None and self.leads_away(handler, context):
                await questions.close(context, asked, Ending.STOPPED)
            reply = await handler.run(context, command)
        if reply.changed and reply.asks is not None:
            await questions.ask(context, reply.asks)
        return reply

    @staticmethod
    def leads_away(handler: Handler, context: RequestContext) -> bool:
        """Tell whether a command ends the question that is open beside it."""
        return not handler.keeps_question and not isinstance(context.envelope.command, Say | SkipQuestion)

    async def _answer(self, context: RequestContext, asked: Conversation, said: Command) -> Reply:
        if asked.expires_at <= context.now:
            await questions.close(context, asked, Ending.EXPIRED)
            return Reply(views.answered_too_late(context.texts), changed=True)
        command = completed(asked, said, context.user.id)
        if isinstance(command, Misfit):
            return Reply(views.misfit(context.texts, command, asked))
        await questions.close(context, asked, Ending.ANSWERED)
        reply = await self._handlers[type(command)].run(context, command)
        return replace(reply, changed=True)  # whatever came of the answer, the question is closed


def _may_answer(command: Command) -> bool:
    return isinstance(command, SkipQuestion) or (isinstance(command, Say) and not command.unknown_command)
