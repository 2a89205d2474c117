"""The menu of typed commands, published for one person."""

from dataclasses import dataclass
from typing import Final

from shared.command_menu import command_menu
from worker.db.models.delivery import State
from worker.outbox.handler import MessageContext, MessageHandler, MessageType
from worker.outbox.message import ClaimedMessage
from worker.outbox.messenger import Messenger
from worker.outbox.priority import Priority
from worker.people import repository
from worker.people.promises import MENU
from worker.people.rules import UNKNOWN, menu_name
from worker.runtime.context import audience_of
from worker.runtime.repository import load_facts


@dataclass(frozen=True, slots=True)
class PersonalMenu:
    """A menu for one person; of no name and without commands, it makes way for the public one."""

    name: str | None
    commands: list[dict[str, str]]


class MenuMessage(MessageHandler[PersonalMenu]):
    """Publishes the menu that a person needs, or takes theirs away where the public one is just that."""

    async def prepare(self, context: MessageContext, claimed: ClaimedMessage) -> PersonalMenu | State:
        """Make the menu of what the person may do now, in the language they are spoken to now."""
        person_id = claimed.message.chat_id
        facts = await load_facts(context.session, person_id)
        if facts.user is None or facts.business is None:
            return State.VOID
        user, translators = facts.user, context.translators
        texts = translators.choose(user.language, user.language_hint, facts.business.language)
        roles = facts.roles | context.environment.roles_by_settings(person_id)
        audience = audience_of(roles, facts.specialist_id)
        name = menu_name(audience, texts, translators.of_public_menu(user.language_hint))
        return PersonalMenu(name, [] if name is None else command_menu(texts, audience))

    async def send(self, messenger: Messenger, claimed: ClaimedMessage, content: PersonalMenu) -> int | None:
        """Publish it for the person's chat."""
        await messenger.set_menu(claimed.message.chat_id, content.commands)
        return None

    async def on_sent(
        self, context: MessageContext, claimed: ClaimedMessage, content: PersonalMenu, message_id: int | None
    ) -> None:
        """Note which menu the person has."""
        del message_id
        await repository.set_menu(context.session, claimed.message.chat_id, content.name)

    async def on_unreachable(self, context: MessageContext, claimed: ClaimedMessage) -> None:
        """Have it published when the person comes back."""
        await repository.set_menu(context.session, claimed.message.chat_id, UNKNOWN)


MESSAGES: Final = (MessageType(MENU, Priority.REMINDER, MenuMessage()),)
