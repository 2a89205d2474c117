"""A visit as staff see it, in a message that showed it before: made when it is sent."""

from typing import Final

from worker.db.models.delivery import State
from worker.outbox.handler import MessageContext, MessageHandler, MessageType
from worker.outbox.message import ClaimedMessage
from worker.outbox.messenger import Messenger
from worker.outbox.priority import Priority
from worker.runtime.repository import load_facts
from worker.staff import views
from worker.staff.promises import STAFF_CARD
from worker.ui.view import View
from worker.visits.messages import visit_about


class StaffCardMessage(MessageHandler[View]):
    """Brings a message up to date that is still there."""

    async def prepare(self, context: MessageContext, claimed: ClaimedMessage) -> View | State:
        """Make the card as it is now, for whoever may see it still."""
        reader = claimed.message.chat_id
        visit, facts = await visit_about(context, claimed), await load_facts(context.session, reader)
        if visit is None or facts.user is None or facts.business is None:
            return State.VOID
        roles = facts.roles | context.environment.roles_by_settings(reader)
        if not roles and facts.specialist_id != visit.specialist_id:
            return State.VOID
        user, house = facts.user, facts.business.language
        texts = context.translators.choose(user.language, user.language_hint, house)
        return views.staff_card(texts, visit, context.now)

    async def send(self, messenger: Messenger, claimed: ClaimedMessage, content: View) -> int | None:
        """Edit it if it is still there."""
        message_id: int = claimed.message.payload["message_id"]
        return await messenger.refresh(claimed.message.chat_id, message_id, content)


MESSAGES: Final = (MessageType(STAFF_CARD, Priority.REPLY, StaffCardMessage()),)
