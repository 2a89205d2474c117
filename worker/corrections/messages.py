"""What customers are told where the business changed their visit: made when it is sent."""

from typing import Any, Final

from worker.corrections import promises, views
from worker.corrections.rules import corrections_of
from worker.db.models.delivery import State
from worker.outbox import repository as outbox
from worker.outbox.handler import MessageContext, MessageType
from worker.outbox.message import ClaimedMessage
from worker.outbox.priority import Priority
from worker.visits.messages import VisitView, VisitViewMessage, texts_for, visit_about
from worker.visits.promises import CARD


class CorrectedMessage(VisitViewMessage):
    """What the business changed of a visit, for its customer."""

    async def prepare(self, context: MessageContext, claimed: ClaimedMessage) -> VisitView | State:
        """Make it of all that they do not know, unless a later message will say it or a card has."""
        visit, session = await visit_about(context, claimed), context.session
        if visit is None or not visit.is_live:
            return State.VOID
        if visit.until <= context.now:
            return State.EXPIRED
        if await outbox.is_overtaken(session, claimed, promises.CORRECTED, CARD):
            return State.VOID
        unsaid = await outbox.unsaid(session, claimed, CARD)
        what = corrections_of(unsaid, visit, context.now)
        if not what:
            return State.VOID
        view = views.corrected(texts_for(context, visit), visit, context.now, what)
        return VisitView(visit.id, visit.version, view, None)


MESSAGES: Final[tuple[MessageType[Any], ...]] = (
    MessageType(promises.CORRECTED, Priority.REMINDER, CorrectedMessage()),
)
