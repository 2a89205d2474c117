"""The word to a customer whose request came to nothing, with the next free times."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from worker.approval import promises, views
from worker.db.models.delivery import State
from worker.outbox.handler import MessageContext, MessageHandler, MessageType
from worker.outbox.message import ClaimedMessage
from worker.outbox.messenger import Messenger
from worker.outbox.priority import Priority
from worker.scheduling.asker import Asker
from worker.scheduling.engine import starts
from worker.scheduling.following import load_schedule
from worker.scheduling.soonest import spread
from worker.ui.view import View
from worker.visits.messages import texts_for, visit_about
from worker.visits.repository import Visit

NEAR: Final = timedelta(days=13)
"""So far other times are looked for; further ahead lies a tap more."""


class AnswerMessage(MessageHandler[View]):
    """That a request was declined, or that nobody answered it."""

    async def prepare(self, context: MessageContext, claimed: ClaimedMessage) -> View | State:
        """Make it with the times that are free now."""
        visit = await visit_about(context, claimed)
        if visit is None:
            return State.VOID
        free = await _free(context, visit)
        word, own = claimed.message.payload["word"], claimed.message.payload.get("own", False)
        return views.answer(texts_for(context, visit), visit, word, free, context.now, own=own)

    async def send(self, messenger: Messenger, claimed: ClaimedMessage, content: View) -> int | None:
        """Send it."""
        return await messenger.send(claimed.message.chat_id, content)


MESSAGES: Final[tuple[MessageType[Any], ...]] = (
    MessageType(promises.ANSWER, Priority.REPLY, AnswerMessage()),
)


async def _free(context: MessageContext, visit: Visit) -> list[datetime]:
    zone = ZoneInfo(visit.timezone)
    today = context.now.astimezone(zone).date()
    schedule = await load_schedule(
        context.session,
        (visit.service_id,),
        today,
        today + NEAR,
        Asker(context.now, visit.customer_id, places=visit.places),
        specialist_id=visit.specialist_id,
    )
    if schedule is None:
        return []
    found = starts(schedule.queries(context.now), today, today + NEAR)
    instants = (datetime.fromtimestamp(start, UTC) for start in found)
    return spread((start for start in instants if start != visit.start), zone)
