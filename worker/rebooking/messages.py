"""The words of a rebooking: made when they are sent, so that they say what is true then."""

from typing import Any, Final

from worker.alternatives import promises, repository, views
from worker.alternatives.replies import load_progress
from worker.alternatives.repository import RebookedData
from worker.alternatives.rules import AnswerState
from worker.db.models.delivery import State
from worker.outbox.handler import MessageContext, MessageHandler, MessageType
from worker.outbox.message import ClaimedMessage
from worker.outbox.messenger import Messenger
from worker.outbox.priority import Priority
from worker.reach.repository import note_unreachable
from worker.rebooking.repository import load_card, load_one, write_card, write_message
from worker.runtime.repository import load_facts
from worker.ui.view import View
from worker.visits.messages import texts_for, visit_about
from worker.visits.promises import to_customer
from worker.visits.repository import Visit


async def _load(context: MessageContext, claimed: ClaimedMessage) -> tuple[Visit, RebookedData] | None:
    """Load the visit that a message is about, and how far it has come with it."""
    visit = await visit_about(context, claimed)
    if visit is None:
        return None
    rebooked = await load_one(context.session, claimed.message.payload["rebooking_id"], visit.id)
    return None if rebooked is None else (visit, rebooked)


class AlternativesMessage(MessageHandler[View]):
    """Tells a customer, once, that nobody is there for their visit, and what they can have instead."""

    async def prepare(self, context: MessageContext, claimed: ClaimedMessage) -> View | State:
        """Make it, unless it has been dealt with meanwhile."""
        found = await _load(context, claimed)
        if found is None or found[1].state is not AnswerState.ASKED:
            return State.VOID
        visit, rebooked = found
        rebooking = await repository.load(context.session, rebooked.rebooking_id)
        if rebooking is None:
            return State.VOID
        kept = await repository.load_kept(context.session, [visit.id], context.now)
        return views.offer(texts_for(context, visit), visit, kept[visit.id], rebooking.answer_by, context.now)

    async def send(self, messenger: Messenger, claimed: ClaimedMessage, content: View) -> int | None:
        """Send it."""
        return await messenger.send(claimed.message.chat_id, content)

    async def on_sent(
        self, context: MessageContext, claimed: ClaimedMessage, content: View, message_id: int | None
    ) -> None:
        """Note which message it is; what has been decided meanwhile it is to say soon."""
        del content
        found = await _load(context, claimed)
        if found is None or message_id is None:
            return
        visit, rebooked = found
        await write_message(context.session, rebooked.rebooking_id, visit.id, message_id)
        if rebooked.state is not AnswerState.ASKED:
            payload = {"rebooking_id": rebooked.rebooking_id, "message_id": message_id}
            key = f"rebooking_follow:{rebooked.rebooking_id}:{visit.id}:after:{claimed.id}"
            await context.enqueue([to_customer(promises.FOLLOW, visit, key, payload)])

    async def on_unreachable(self, context: MessageContext, claimed: ClaimedMessage) -> None:
        """Have them listed for a call."""
        visit = await visit_about(context, claimed)
        if visit is not None:
            await note_unreachable(context.session, visit.id, context.now)
            await promises.update_soon(context.session, visit, context.now)


class FollowMessage(MessageHandler[View]):
    """A message that offered other times, brought up to date if it is still there."""

    async def prepare(self, context: MessageContext, claimed: ClaimedMessage) -> View | State:
        """Make it as it stands now; one that shows the visit's card by now follows the visit already."""
        found = await _load(context, claimed)
        if found is None or claimed.message.payload["message_id"] in found[0].copies:
            return State.VOID
        visit, rebooked = found
        return views.followed(texts_for(context, visit), visit, rebooked.state, context.now)

    async def send(self, messenger: Messenger, claimed: ClaimedMessage, content: View) -> int | None:
        """Edit it."""
        message_id: int = claimed.message.payload["message_id"]
        return await messenger.refresh(claimed.message.chat_id, message_id, content)


class StandsMessage(MessageHandler[View]):
    """Tells a customer who was offered other times that their visit is as it was."""

    async def prepare(self, context: MessageContext, claimed: ClaimedMessage) -> View | State:
        """Make it, for whoever was told before."""
        found = await _load(context, claimed)
        if found is None or found[1].message_id is None or not found[0].is_live:
            return State.VOID
        visit, _ = found
        return views.stands(texts_for(context, visit), visit)

    async def send(self, messenger: Messenger, claimed: ClaimedMessage, content: View) -> int | None:
        """Send it."""
        return await messenger.send(claimed.message.chat_id, content)


class ProgressMessage(MessageHandler[tuple[View, int | None]]):
    """The card of those who watch: one message that follows how far it has come."""

    async def prepare(
        self, context: MessageContext, claimed: ClaimedMessage
    ) -> tuple[View, int | None] | State:
        """Make it as it stands now, for whoever may see the calendar still."""
        reader, number = claimed.message.chat_id, claimed.message.payload["rebooking_id"]
        facts = await load_facts(context.session, reader)
        rebooking = await repository.load(context.session, number)
        if facts.user is None or facts.business is None or rebooking is None:
            return State.VOID
        roles = facts.roles | context.environment.roles_by_settings(reader)
        if not roles and facts.specialist_id != rebooking.specialist_id:
            return State.VOID
        user, house = facts.user, facts.business
        texts = context.translators.choose(user.language, user.language_hint, house.language)
        progress = await load_progress(context.session, rebooking, house.zone, context.now)
        message_id = await load_card(context.session, number, reader)
        return views.progress(texts, progress), message_id

    async def send(
        self, messenger: Messenger, claimed: ClaimedMessage, content: tuple[View, int | None]
    ) -> int | None:
        """Edit it where it is, else send it."""
        view, message_id = content
        return await messenger.show(claimed.message.chat_id, message_id, view)

    async def on_sent(
        self,
        context: MessageContext,
        claimed: ClaimedMessage,
        content: tuple[View, int | None],
        message_id: int | None,
    ) -> None:
        """Note which message it is."""
        number = claimed.message.payload["rebooking_id"]
        if message_id is not None and message_id != content[1]:
            await write_card(context.session, number, claimed.message.chat_id, message_id)


MESSAGES: Final[tuple[MessageType[Any], ...]] = (
    MessageType(promises.OFFER, Priority.REMINDER, AlternativesMessage()),
    MessageType(promises.FOLLOW, Priority.REPLY, FollowMessage()),
    MessageType(promises.STANDS, Priority.REPLY, StandsMessage()),
    MessageType(promises.CARD, Priority.REPLY, ProgressMessage()),
)
