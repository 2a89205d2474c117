"""The link by which customers find the shop, for who has just opened it."""

from typing import Final

from shared.i18n.translator import Translator
from worker.db.models.delivery import State
from worker.outbox.handler import MessageContext, MessageHandler, MessageType
from worker.outbox.message import ClaimedMessage
from worker.outbox.messenger import Messenger
from worker.outbox.priority import Priority
from worker.runtime.repository import load_facts
from worker.setup import views
from worker.setup.promises import SHOP_LINK


class ShopLinkMessage(MessageHandler[Translator]):
    """Only Telegram knows the bot's name: it is asked when the link is sent."""

    async def prepare(self, context: MessageContext, claimed: ClaimedMessage) -> Translator | State:
        """Say in which language."""
        facts = await load_facts(context.session, claimed.message.chat_id)
        if facts.user is None or facts.business is None:
            return State.VOID
        user, house = facts.user, facts.business.language
        return context.translators.choose(user.language, user.language_hint, house)

    async def send(self, messenger: Messenger, claimed: ClaimedMessage, content: Translator) -> int | None:
        """Send the link."""
        return await messenger.send(claimed.message.chat_id, views.link(content, await messenger.bot_link()))


MESSAGES: Final = (MessageType(SHOP_LINK, Priority.REPLY, ShopLinkMessage()),)
