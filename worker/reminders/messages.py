"""Reminders, and what becomes of one that was answered."""

from dataclasses import replace
from typing import Any, Final

from worker.confirming.repository import note_asked
from worker.db.models.delivery import State
from worker.outbox.handler import MessageContext, MessageType
from worker.outbox.message import ClaimedMessage
from worker.outbox.priority import Priority
from worker.own_texts.replies import own_words
from worker.own_texts.rules import OwnTextKind
from worker.reminders import promises, views
from worker.reminders.rules import is_when_it_was
from worker.visits.messages import VisitView, VisitViewMessage, overtaken, texts_for, visit_about
from worker.visits.promises import REMINDER


class AttendingMessage(VisitViewMessage):
    """The reminder whose 'I'll be there' was tapped: it becomes a calm 'See you then'."""

    async def prepare(self, context: MessageContext, claimed: ClaimedMessage) -> VisitView | State:
        """Make it, unless the visit has changed since."""
        visit = await visit_about(context, claimed)
        if visit is None:
            return State.VOID
        if visit.version != claimed.message.payload["version"] or not visit.is_live:
            return overtaken(context, claimed, visit)
        texts = texts_for(context, visit)
        own = await own_words(context.session, context.translators, OwnTextKind.REMINDER, visit, texts)
        view = views.see_you(texts, visit, context.now, own)
        return VisitView(visit.id, visit.version, view, claimed.message.payload["message_id"])


class ReminderMessage(VisitViewMessage):
    """The reminder of a visit."""

    async def prepare(self, context: MessageContext, claimed: ClaimedMessage) -> VisitView | State:
        """Make it for a visit that is when it was and has not begun, if its customer is in reach."""
        visit = await visit_about(context, claimed)
        if visit is None or not visit.is_live or not is_when_it_was(claimed.message.payload, visit):
            return State.VOID
        if visit.arrived_at is not None or visit.waived:
            return State.VOID
        if visit.start <= context.now:
            return State.EXPIRED
        if not visit.customer_reachable:
            await self.on_unreachable(context, claimed)
            return State.FAILED
        asked = replace(visit, asked_at=visit.asked_at or context.now)
        texts = texts_for(context, visit)
        own = await own_words(context.session, context.translators, OwnTextKind.REMINDER, visit, texts)
        return VisitView(visit.id, visit.version, views.reminder(texts, asked, context.now, own), None)

    async def on_sent(
        self, context: MessageContext, claimed: ClaimedMessage, content: VisitView, message_id: int | None
    ) -> None:
        """Note that the customer has been asked whether they will be there."""
        await super().on_sent(context, claimed, content, message_id)
        await note_asked(context.session, content.booking_id, content.version, context.now)


MESSAGES: Final[tuple[MessageType[Any], ...]] = (
    MessageType(promises.ATTENDING, Priority.REPLY, AttendingMessage()),
    MessageType(REMINDER, Priority.REMINDER, ReminderMessage()),
)
