"""The words about visits that a restore has lost: made when they are sent, against what stands then."""

from typing import Any, Final

from worker.db.models.delivery import State
from worker.lost import views
from worker.lost.promises import LOST, TOLD
from worker.lost.rules import KnownVisit, judge
from worker.outbox.handler import MessageContext, MessageHandler, MessageType
from worker.outbox.message import ClaimedMessage
from worker.outbox.messenger import Messenger
from worker.outbox.priority import Priority
from worker.runtime.repository import load_facts
from worker.ui.view import View
from worker.visits import repository as visits


class _Word(MessageHandler[View]):
    """A message of its own."""

    async def send(self, messenger: Messenger, claimed: ClaimedMessage, content: View) -> int | None:
        """Send it."""
        return await messenger.send(claimed.message.chat_id, content)


class LostVisitMessage(_Word):
    """Tells a customer that a visit is not as they know it."""

    async def prepare(self, context: MessageContext, claimed: ClaimedMessage) -> View | State:
        """Make it, unless it has been put right meanwhile, or would come too late."""
        known = KnownVisit.model_validate(claimed.message.payload)
        stands = await visits.load(context.session, known.number)
        loss = judge(known, stands, context.now)
        if loss is None:
            return State.VOID
        texts = context.translators.choose(*known.languages)
        own = stands if stands is not None and stands.customer_id == known.customer_id else None
        return views.unasked(texts, known, own, loss)


class ToldMessage(_Word):
    """Tells who manages how many customers are told."""

    async def prepare(self, context: MessageContext, claimed: ClaimedMessage) -> View | State:
        """Make it in their language."""
        facts = await load_facts(context.session, claimed.message.chat_id)
        if facts.user is None or facts.business is None:
            return State.VOID
        user = facts.user
        texts = context.translators.choose(user.language, user.language_hint, facts.business.language)
        return views.told(texts, **claimed.message.payload)


MESSAGES: Final[tuple[MessageType[Any], ...]] = (
    MessageType(LOST, Priority.REMINDER, LostVisitMessage()),
    MessageType(TOLD, Priority.REMINDER, ToldMessage()),
)
