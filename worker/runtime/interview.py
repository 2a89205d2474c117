"""Commands beside a question that is open: what is said answers it, what leads elsewhere ends it."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.contracts.base import Command
from shared.contracts.chat import Say, SkipQuestion
from worker.runtime import questions, views
from worker.runtime.capability import Handler
from worker.runtime.context import RequestContext
from worker.runtime.conversation import Conversation, Misfit, completed
from worker.runtime.questions import Ending
from worker.ui.reply import Reply


@dataclass(frozen=True, slots=True)
class Turn:
    """What came of a command, and how the question that is still open beside it ends."""

    reply: Reply
    ending: Ending | None = None
    """None where it stays open, or has ended already."""


class Interview:
    """Runs writing handlers, and has a question answered by the command that it completes."""

    def __init__(self, handlers: Mapping[type[Command], Handler]) -> None:
        self._handlers = handlers

    async def run(self, handler: Handler, context: RequestContext) -> Turn:
        """Run the command, or the one that it completes; open the question that the reply asks.

        Where nothing changed, the transaction is to be rolled back, and the question to be ended after it.
        """
        turn = await self._run(handler, context)
        if not turn.reply.changed:
            return turn
        if turn.ending is not None and context.conversation is not None:
            await questions.close(context, context.conversation, turn.ending)
        if turn.reply.asks is not None:
            await questions.ask(context, turn.reply.asks)
        return Turn(turn.reply)

    async def _run(self, handler: Handler, context: RequestContext) -> Turn:
        asked, command = context.conversation, context.envelope.command
        if asked is not None and _may_answer(command):
            return await self._answer(context, asked, command)
        return Turn(await handler.run(context, command), ending_beside(handler, context))

    async def _answer(self, context: RequestContext, asked: Conversation, said: Command) -> Turn:
        if asked.expires_at <= context.now:
            return Turn(Reply(views.answered_too_late(context.texts)), Ending.EXPIRED)
        command = completed(asked, said, context.user.id)
        if isinstance(command, Misfit):
            ending = Ending.STOPPED if command is Misfit.UNKNOWN else None
            return Turn(Reply(views.misfit(context.texts, command, asked)), ending)
        if not await questions.close(context, asked, Ending.ANSWERED):
            return Turn(Reply(views.answered_too_late(context.texts)))
        reply = await self._handlers[type(command)].run(context, command)
        return Turn(reply, None if reply.changed else Ending.STOPPED)


def ending_beside(handler: Handler, context: RequestContext) -> Ending | None:
    """Return how the question ends that is open beside a command, if that leads elsewhere."""
    said = isinstance(context.envelope.command, Say | SkipQuestion)
    return None if handler.keeps_question or said else Ending.STOPPED


def _may_answer(command: Command) -> bool:
    return isinstance(command, SkipQuestion) or (isinstance(command, Say) and not command.unknown_command)
