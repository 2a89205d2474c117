"""Which message asks the question that is open, noted once it is sent."""

from worker.runtime import repository
from worker.runtime.capability import HookContext


class QuestionHook:
    """Ties a question to its message, so that the message can say how the question ended."""

    async def when_shown(self, context: HookContext) -> None:
        """Note the message of a question."""
        if context.reply.asks is None:
            return
        async with context.sessions.begin() as session:
            await repository.note_question(session, context.envelope.actor.id, context.message_id)
