"""What becomes of the message that asked, once its question has ended."""

from typing import Final

from shared.i18n.translator import Translator
from worker.chat import views
from worker.db.models.delivery import State
from worker.outbox.handler import NOT_KNOWN_HERE, Later, MessageContext, MessageHandler, MessageType
from worker.outbox.message import ClaimedMessage
from worker.outbox.messenger import Messenger
from worker.outbox.priority import Priority
from worker.runtime.conversation import Conversation
from worker.runtime.questions import QUESTION_CLOSED, Ending
from worker.runtime.repository import load_facts
from worker.ui.view import View


class QuestionClosedMessage(MessageHandler[View | None]):
    """The question's message loses its buttons; one that was not answered says so."""

    async def prepare(self, context: MessageContext, claimed: ClaimedMessage) -> View | State | Later | None:
        """Make what the message becomes; None leaves it its words."""
        if claimed.message.payload["ending"] not in Ending:
            return NOT_KNOWN_HERE
        facts = await load_facts(context.session, claimed.message.chat_id)
        keyboard = bool(claimed.message.payload.get("keyboard"))
        if facts.user is None or (keyboard and _needs_keyboard(facts.conversation)):
            return State.VOID
        user, house = facts.user, None if facts.business is None else facts.business.language
        texts = context.translators.choose(user.language, user.language_hint, house)
        ending = Ending(claimed.message.payload["ending"])
        if keyboard:
            return views.without_keyboard(texts, _said(texts, ending))
        return _said(texts, ending)

    async def send(self, messenger: Messenger, claimed: ClaimedMessage, content: View | None) -> int | None:
        """Edit the message if it is still there; a keyboard goes with a message of its own."""
        message_id = int(claimed.message.payload["message_id"])
        if content is not None and content.ends_keyboard:
            return await messenger.send(claimed.message.chat_id, content)
        if content is None:
            await messenger.take_buttons(claimed.message.chat_id, message_id)
            return message_id
        return await messenger.refresh(claimed.message.chat_id, message_id, content)


def _needs_keyboard(open_now: Conversation | None) -> bool:
    """Tell whether what stands below the input is of the question that is open now: it was asked anew."""
    return open_now is not None and open_now.has_keyboard


def _said(texts: Translator, ending: Ending) -> View | None:
    """Say how the question ended; nothing of one that was answered."""
    match ending:
        case Ending.ANSWERED:
            return None
        case Ending.STOPPED:
            return views.stopped(texts)
        case Ending.EXPIRED:
            return views.expired(texts)


MESSAGES: Final = (MessageType(QUESTION_CLOSED, Priority.REPLY, QuestionClosedMessage()),)
