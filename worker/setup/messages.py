"""The link by which customers find the shop, for who has just opened it."""

import asyncio
from dataclasses import dataclass
from typing import Final

from shared.i18n.translator import Translator
from worker.db.models.delivery import State
from worker.outbox.handler import MessageContext, MessageHandler, MessageType
from worker.outbox.message import ClaimedMessage
from worker.outbox.messenger import Messenger
from worker.outbox.priority import Priority
from worker.runtime.repository import load_facts
from worker.setup import views
from worker.setup.files import qr_code
from worker.setup.promises import SHOP_LINK
from worker.setup.repository import load_specialist


@dataclass(frozen=True, slots=True)
class ShopLink:
    """Where the link leads, and in which language that is said."""

    texts: Translator
    specialist_id: int | None
    specialist: str | None


class ShopLinkMessage(MessageHandler[ShopLink]):
    """Only Telegram knows the bot's name: it is asked when the link is sent."""

    async def prepare(self, context: MessageContext, claimed: ClaimedMessage) -> ShopLink | State:
        """Say in which language, and whose link it is."""
        facts = await load_facts(context.session, claimed.message.chat_id)
        if facts.user is None or facts.business is None:
            return State.VOID
        user, house = facts.user, facts.business.language
        texts = context.translators.choose(user.language, user.language_hint, house)
        number = claimed.message.payload.get("specialist_id")
        name = None if number is None else await load_specialist(context.session, number)
        return State.VOID if number is not None and name is None else ShopLink(texts, number, name)

    async def send(self, messenger: Messenger, claimed: ClaimedMessage, content: ShopLink) -> int | None:
        """Send the link with its QR code, which is drawn beside the event loop."""
        bot = await messenger.bot_link()
        address = bot if content.specialist_id is None else f"{bot}?start=p{content.specialist_id}"
        picture = await asyncio.to_thread(qr_code, address)
        view = views.link(content.texts, address, content.specialist, picture)
        return await messenger.send(claimed.message.chat_id, view)


MESSAGES: Final = (MessageType(SHOP_LINK, Priority.REPLY, ShopLinkMessage()),)
