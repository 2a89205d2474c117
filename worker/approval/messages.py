"""The word to a customer whose request came to nothing, with the next free times."""

from typing import Any, Final
from zoneinfo import ZoneInfo

from worker.approval import promises, views
from worker.choosing.next_free import Missed, next_free
from worker.db.models.delivery import State
from worker.outbox.handler import MessageContext, MessageHandler, MessageType
from worker.outbox.message import ClaimedMessage
from worker.outbox.messenger import Messenger
from worker.outbox.priority import Priority
from worker.ui.view import View
from worker.visits.messages import texts_for, visit_about
from worker.visits.repository import Visit


class AnswerMessage(MessageHandler[View]):
    """That a request was declined, or that nobody answered it."""

    async def prepare(self, context: MessageContext, claimed: ClaimedMessage) -> View | State:
        """Make it with the times that are free now."""
        visit = await visit_about(context, claimed)
        if visit is None:
            return State.VOID
        free = await next_free(context.session, _missed(visit), context.now)
        word, own = claimed.message.payload["word"], claimed.message.payload.get("own", False)
        return views.answer(texts_for(context, visit), visit, word, free, own=own)

    async def send(self, messenger: Messenger, claimed: ClaimedMessage, content: View) -> int | None:
        """Send it."""
        return await messenger.send(claimed.message.chat_id, content)


MESSAGES: Final[tuple[MessageType[Any], ...]] = (
    MessageType(promises.ANSWER, Priority.REPLY, AnswerMessage()),
)


def _missed(visit: Visit) -> Missed:
    zone = ZoneInfo(visit.timezone)
    return Missed(
        visit.service_id, visit.specialist_id, visit.customer_id, visit.start, zone, places=visit.places
    )
