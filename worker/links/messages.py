"""A link by which customers come, for whoever runs the shop."""

import asyncio
from dataclasses import dataclass
from typing import Final

from shared.contracts.booking import AddedServices
from shared.i18n.translator import Translator
from worker.db.models.delivery import State
from worker.links import views
from worker.links.files import qr_code
from worker.links.promises import SHOP_LINK
from worker.links.repository import LinkTarget, load_target
from worker.outbox.handler import MessageContext, MessageHandler, MessageType
from worker.outbox.message import ClaimedMessage
from worker.outbox.messenger import Messenger
from worker.outbox.priority import Priority
from worker.runtime.repository import load_facts


@dataclass(frozen=True, slots=True)
class ShopLink:
    """Where the link leads, None for the shop itself, and in which language that is said."""

    texts: Translator
    target: LinkTarget | None


class ShopLinkMessage(MessageHandler[ShopLink]):
    """Only Telegram knows the bot's name: it is asked when the link is sent."""

    async def prepare(self, context: MessageContext, claimed: ClaimedMessage) -> ShopLink | State:
        """Say in which language, and whose link it is."""
        facts = await load_facts(context.session, claimed.message.chat_id)
        if facts.user is None or facts.business is None:
            return State.VOID
        user, house = facts.user, facts.business.language
        texts = context.translators.choose(user.language, user.language_hint, house)
        payload = claimed.message.payload
        service_id, specialist_id = payload.get("service_id"), payload.get("specialist_id")
        if service_id is None and specialist_id is None:
            return ShopLink(texts, None)
        added = AddedServices(ids=tuple(payload["added"])) if "added" in payload else None
        target = await load_target(context.session, service_id, specialist_id, added)
        return State.VOID if target is None else ShopLink(texts, target)

    async def send(self, messenger: Messenger, claimed: ClaimedMessage, content: ShopLink) -> int | None:
        """Send the link with its QR code, which is drawn beside the event loop."""
        bot = await messenger.bot_link()
        address = bot if content.target is None else f"{bot}?start={content.target.argument}"
        picture = await asyncio.to_thread(qr_code, address)
        view = views.link(content.texts, address, content.target, picture)
        return await messenger.send(claimed.message.chat_id, view)


MESSAGES: Final = (MessageType(SHOP_LINK, Priority.REPLY, ShopLinkMessage()),)
