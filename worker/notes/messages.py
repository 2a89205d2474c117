"""What a customer reads whose note was kept."""

from typing import Any, Final

from shared.contracts.base import DraftRef
from worker.db.models.delivery import State
from worker.notes import promises, views
from worker.outbox.handler import MessageContext, MessageHandler, MessageType
from worker.outbox.message import ClaimedMessage
from worker.outbox.messenger import Messenger
from worker.outbox.priority import Priority
from worker.ui.view import View
from worker.visits.messages import texts_for, visit_about


class NotedMessage(MessageHandler[View]):
    """What a customer reads whose note was kept, or taken away."""

    async def prepare(self, context: MessageContext, claimed: ClaimedMessage) -> View | State:
        """Say how the note stands, and offer to take the change back."""
        visit, undo = await visit_about(context, claimed), claimed.message.payload["undo"]
        if visit is None:
            return State.VOID
        return views.noted(texts_for(context, visit), visit, undo and DraftRef.model_validate(undo))

    async def send(self, messenger: Messenger, claimed: ClaimedMessage, content: View) -> int | None:
        """Show it where the customer tapped, else in a message of its own."""
        return await messenger.show(claimed.message.chat_id, claimed.message.payload["message_id"], content)


MESSAGES: Final[tuple[MessageType[Any], ...]] = (MessageType(promises.NOTED, Priority.REPLY, NotedMessage()),)
