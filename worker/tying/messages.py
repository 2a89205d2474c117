"""The link of a customer without Telegram, for staff to pass on."""

import asyncio
from dataclasses import dataclass
from typing import Final

from shared.i18n.translator import Translator
from worker.db.models.delivery import State
from worker.links.files import qr_code
from worker.outbox.handler import MessageContext, MessageHandler, MessageType
from worker.outbox.message import ClaimedMessage
from worker.outbox.messenger import Messenger
from worker.outbox.priority import Priority
from worker.runtime.repository import BusinessProfile, load_facts
from worker.tying import repository, views
from worker.tying.promises import LINK
from worker.tying.rules import CustomerLink


@dataclass(frozen=True, slots=True)
class PassedOn:
    """Whose link it is, and in which words it is passed on."""

    texts: Translator
    business: BusinessProfile
    name: str
    link: CustomerLink
    argument: str


class CustomerLinkMessage(MessageHandler[PassedOn]):
    """The link is made when it is sent: it stands nowhere but in the chat."""

    async def prepare(self, context: MessageContext, claimed: ClaimedMessage) -> PassedOn | State:
        """Make it, while there is somebody without Telegram to use it."""
        customer_id = int(claimed.message.payload["customer"])
        name = await repository.load_name(context.session, customer_id)
        facts = await load_facts(context.session, claimed.message.chat_id)
        if name is None or facts.user is None or facts.business is None:
            return State.VOID
        languages = facts.user.language, facts.user.language_hint, facts.business.language
        today = context.now.astimezone(facts.business.zone).date()
        link = CustomerLink.made_on(repository.business_of(context.session), customer_id, today)
        argument = link.argument(context.settings.bot_token.get_secret_value())
        return PassedOn(context.translators.choose(*languages), facts.business, name, link, argument)

    async def send(self, messenger: Messenger, claimed: ClaimedMessage, content: PassedOn) -> int | None:
        """Send it with its QR code, for a customer who stands there."""
        address = f"{await messenger.bot_link()}?start={content.argument}"
        picture = await asyncio.to_thread(qr_code, address)
        until = content.link.until
        view = views.link(content.texts, content.business, content.name, address, until, picture)
        return await messenger.send(claimed.message.chat_id, view)


MESSAGES: Final = (MessageType(LINK, Priority.REPLY, CustomerLinkMessage()),)
