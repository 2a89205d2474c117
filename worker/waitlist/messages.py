"""An offer, and what became of it: made when it is sent."""

from dataclasses import dataclass
from typing import Any, Final

from shared.contracts.waitlist import LapseOffer
from worker.db.models.delivery import State
from worker.keeping.repository import load_held
from worker.offers import promises, repository, views
from worker.offers.repository import OfferState
from worker.outbox import writer
from worker.outbox.handler import MessageContext, MessageHandler, MessageType
from worker.outbox.message import ClaimedMessage, TimerSetting
from worker.outbox.messenger import Messenger
from worker.outbox.priority import Priority
from worker.ui.view import View
from worker.visits.messages import texts_for, texts_of
from worker.wishes.repository import load_wish


@dataclass(frozen=True, slots=True)
class ShownOffer:
    """An offer, and the message that shows it."""

    view: View
    message_id: int


class OfferMessage(MessageHandler[View]):
    """A time that is kept for somebody, with the ways to take it and to pass it on."""

    async def prepare(self, context: MessageContext, claimed: ClaimedMessage) -> View | State:
        """Make it while it can be taken."""
        offer = await repository.load_offer(context.session, _number(claimed))
        if offer is None or offer.state is not OfferState.OPEN:
            return State.VOID
        held = await load_held(context.session, offer.booking_id, context.now)
        if held is None:
            return State.VOID
        wish = await load_wish(context.session, offer.entry_id, context.now)
        if wish is None:
            return State.VOID
        return views.offer_view(texts_for(context, held), offer, held, context.now, wish.before)

    async def send(self, messenger: Messenger, claimed: ClaimedMessage, content: View) -> int | None:
        """Send it."""
        return await messenger.send(claimed.message.chat_id, content)

    async def on_sent(
        self, context: MessageContext, claimed: ClaimedMessage, content: View, message_id: int | None
    ) -> None:
        """Note where it is shown; what was settled meanwhile is said there."""
        del content
        number = _number(claimed)
        if message_id is None:
            return
        state = await repository.note_offer_message(context.session, number, message_id)
        offer = await repository.load_offer(context.session, number)
        if offer is not None and state is not OfferState.OPEN:
            await context.enqueue([promises.settled_message(offer, late=True)])

    async def on_unreachable(self, context: MessageContext, claimed: ClaimedMessage) -> None:
        """Have it lapse at once: who cannot be told keeps nobody waiting."""
        number = _number(claimed)
        timer = TimerSetting(LapseOffer(offer_id=number, unheard=True), context.now)
        await writer.enqueue(context.session, [], context.now, timers={promises.deadline_key(number): timer})


class SettledMessage(MessageHandler[ShownOffer]):
    """The message of an offer says what became of it."""

    async def prepare(self, context: MessageContext, claimed: ClaimedMessage) -> ShownOffer | State:
        """Make what it says now."""
        offer = await repository.load_offer(context.session, _number(claimed))
        texts = await texts_of(context, claimed.message.chat_id)
        if offer is None or offer.message_id is None or texts is None:
            return State.VOID
        return ShownOffer(views.settled(texts, offer), offer.message_id)

    async def send(self, messenger: Messenger, claimed: ClaimedMessage, content: ShownOffer) -> int | None:
        """Edit the message if it is still there."""
        return await messenger.refresh(claimed.message.chat_id, content.message_id, content.view)


def _number(claimed: ClaimedMessage) -> int:
    return int(claimed.message.payload["offer_id"])


MESSAGES: Final[tuple[MessageType[Any], ...]] = (
    MessageType(promises.OFFER, Priority.REMINDER, OfferMessage()),
    MessageType(promises.SETTLED, Priority.REMINDER, SettledMessage()),
)
