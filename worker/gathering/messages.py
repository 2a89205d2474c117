"""How far a booking together has come, and that nothing came of it: made when it is sent."""

from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from shared.i18n.translator import Translator
from worker.choosing.next_free import Missed, next_free
from worker.db.models.delivery import State
from worker.gathering import promises, views
from worker.gathering.promises import CARD, ENDED
from worker.outbox.handler import MessageContext, MessageHandler, MessageType
from worker.outbox.message import ClaimedMessage
from worker.outbox.messenger import Messenger
from worker.outbox.priority import Priority
from worker.runtime.repository import load_facts
from worker.together import repository
from worker.together.repository import GatheringData
from worker.together.rules import GatheringLink, GatheringState
from worker.ui.view import View


@dataclass(frozen=True, slots=True)
class GatheringCard:
    """A booking together as somebody is shown it, in the message that shows it already, if any does."""

    texts: Translator
    gathering: GatheringData
    reader: int
    message_id: int | None
    argument: str
    """What its link carries."""


class GatheringCardMessage(MessageHandler[GatheringCard]):
    """The card of a booking together: one message for each who has joined."""

    async def prepare(self, context: MessageContext, claimed: ClaimedMessage) -> GatheringCard | State:
        """Make it as it stands now; where it has changed since, the card of that is promised."""
        gathering, reader = await _load(context, claimed), claimed.message.chat_id
        place = None if gathering is None else gathering.of(reader)
        texts = await _texts(context, reader)
        if gathering is None or place is None or texts is None:
            return State.VOID
        if gathering.version != claimed.message.payload["version"]:
            return State.VOID
        link = GatheringLink(repository.business_of(context.session), gathering.id)
        argument = link.argument(context.settings.bot_token.get_secret_value())
        return GatheringCard(texts, gathering, reader, place.message_id, argument)

    async def send(self, messenger: Messenger, claimed: ClaimedMessage, content: GatheringCard) -> int | None:
        """Show it; the link, which the organizer alone is given, is made of the bot's name."""
        chat_id, gathering = claimed.message.chat_id, content.gathering
        if gathering.state is not GatheringState.OPEN:
            view = views.ended(content.texts, gathering)
            return content.message_id and await messenger.refresh(chat_id, content.message_id, view)
        if content.reader == gathering.organizer_id:
            address = f"{await messenger.bot_link()}?start={content.argument}"
            view = views.for_organizer(content.texts, gathering, address)
        else:
            view = views.for_joined(content.texts, gathering)
        return await messenger.show(chat_id, content.message_id, view)

    async def on_sent(
        self, context: MessageContext, claimed: ClaimedMessage, content: GatheringCard, message_id: int | None
    ) -> None:
        """Note where it is shown; what has changed meanwhile is promised to be shown once more."""
        if message_id is None:
            return
        number, reader = content.gathering.id, content.reader
        version = await repository.note_message(context.session, number, reader, message_id)
        now = None if version in {None, content.gathering.version} else await _load(context, claimed)
        if now is not None:
            await context.enqueue([promises.card(now, reader, f":after:{claimed.id}")])


class GatheringEndedMessage(MessageHandler[View]):
    """The word that nobody is booked, and why, with the next free times."""

    async def prepare(self, context: MessageContext, claimed: ClaimedMessage) -> View | State:
        """Make it with the times that are free now."""
        gathering, reader = await _load(context, claimed), claimed.message.chat_id
        texts = await _texts(context, reader)
        if gathering is None or gathering.of(reader) is None or texts is None:
            return State.VOID
        who = (gathering.service_id, gathering.specialist_id, reader, gathering.start)
        missed = Missed(*who, ZoneInfo(gathering.timezone))
        free = await next_free(context.session, missed, context.now)
        return views.told_of_end(texts, gathering, free)

    async def send(self, messenger: Messenger, claimed: ClaimedMessage, content: View) -> int | None:
        """Send it."""
        return await messenger.send(claimed.message.chat_id, content)


MESSAGES: Final = (
    MessageType(CARD, Priority.REPLY, GatheringCardMessage()),
    MessageType(ENDED, Priority.REPLY, GatheringEndedMessage()),
)


async def _load(context: MessageContext, claimed: ClaimedMessage) -> GatheringData | None:
    return await repository.load_gathering(context.session, int(claimed.message.payload["gathering_id"]))


async def _texts(context: MessageContext, reader: int) -> Translator | None:
    facts = await load_facts(context.session, reader)
    if facts.user is None or facts.business is None:
        return None
    languages = facts.user.language, facts.user.language_hint, facts.business.language
    return context.translators.choose(*languages)
