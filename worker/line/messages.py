"""The question to the staff whom to offer a freed time, and the word to who is taken off the line."""

from typing import Any, Final
from zoneinfo import ZoneInfo

from worker.db.models.delivery import State
from worker.line import promises, views
from worker.line.replies import Moment, choice_view
from worker.line.repository import load_ended
from worker.notices.repository import load_desk
from worker.notices.rules import Desk, recipients
from worker.offers import repository as offers
from worker.offers.promises import CHOOSE, choice_message
from worker.offers.repository import StaffChoice
from worker.outbox.handler import MessageContext, MessageHandler, MessageType
from worker.outbox.message import ClaimedMessage
from worker.outbox.messenger import Messenger
from worker.outbox.priority import Priority
from worker.ui.view import View
from worker.visits.messages import texts_of


class ChooseMessage(MessageHandler[View]):
    """To whom a freed time is to be offered: asked of who is responsible for its specialist's calendar."""

    async def prepare(self, context: MessageContext, claimed: ClaimedMessage) -> View | State:
        """Make it while nobody has chosen, for somebody who is responsible now; else they are asked."""
        choice = await _choice(context, claimed)
        if choice is None:
            return State.VOID
        desk = await _desk(context, choice)
        if claimed.message.chat_id not in {each.chat_id for each in recipients(desk, by=None)}:
            await _ask(context, choice, desk)
            return State.VOID
        texts = await texts_of(context, claimed.message.chat_id)
        moment = Moment(context.session, context.now, ZoneInfo(desk.timezone))
        view = None if texts is None else await choice_view(moment, texts, choice)
        return State.VOID if view is None else view

    async def send(self, messenger: Messenger, claimed: ClaimedMessage, content: View) -> int | None:
        """Send it."""
        return await messenger.send(claimed.message.chat_id, content)

    async def on_unreachable(self, context: MessageContext, claimed: ClaimedMessage) -> None:
        """Ask those who are responsible where this one is out of reach."""
        choice = await _choice(context, claimed)
        if choice is not None:
            await _ask(context, choice, await _desk(context, choice))


class RemovedMessage(MessageHandler[View]):
    """That a customer does not wait any more, because the staff ended their wish."""

    async def prepare(self, context: MessageContext, claimed: ClaimedMessage) -> View | State:
        """Make it."""
        payload = claimed.message.payload
        ended = await load_ended(context.session, int(payload["entry_id"]))
        texts = await texts_of(context, claimed.message.chat_id)
        if ended is None or texts is None:
            return State.VOID
        return views.removed(texts, ended, str(payload["word"]))

    async def send(self, messenger: Messenger, claimed: ClaimedMessage, content: View) -> int | None:
        """Send it."""
        return await messenger.send(claimed.message.chat_id, content)


async def _choice(context: MessageContext, claimed: ClaimedMessage) -> StaffChoice | None:
    return await offers.load_choice(context.session, int(claimed.message.payload["choice_id"]))


async def _desk(context: MessageContext, choice: StaffChoice) -> Desk:
    return await load_desk(context.session, choice.specialist_id, context.settings.admin_ids)


async def _ask(context: MessageContext, choice: StaffChoice, desk: Desk) -> None:
    chats = [each.chat_id for each in recipients(desk, by=None)]
    await context.enqueue([choice_message(choice.id, chat_id, choice.deadline) for chat_id in chats])


MESSAGES: Final[tuple[MessageType[Any], ...]] = (
    MessageType(CHOOSE, Priority.REPLY, ChooseMessage()),
    MessageType(promises.REMOVED, Priority.REPLY, RemovedMessage()),
)
