"""Which message asks the question that is open, noted once it is sent."""

from shared.clock import Clock
from shared.envelope import Envelope
from worker.db.engine import Sessions
from worker.runtime import repository
from worker.ui.reply import Reply


class QuestionHook:
    """Ties a question to its message, so that the message can say how the question ended."""

    def __init__(self, _: Clock) -> None:
        pass

    async def when_shown(self, sessions: Sessions, envelope: Envelope, reply: Reply, message_id: int) -> None:
        """Note the message of a question."""
        if reply.asks is None:
            return
        async with sessions.begin() as session:
            await repository.note_question(session, envelope.actor.id, message_id)
