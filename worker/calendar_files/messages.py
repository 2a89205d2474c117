"""The messages that carry the calendar file: made when they are sent."""

from typing import Any, Final

from worker.calendar_files import repository, views
from worker.calendar_files.files import ENDING, calendar_file, is_in_calendars
from worker.db.models.booking import Status
from worker.db.models.delivery import State
from worker.outbox import repository as outbox
from worker.outbox.handler import MessageContext, MessageHandler, MessageType
from worker.outbox.message import ClaimedMessage
from worker.outbox.messenger import Messenger
from worker.outbox.priority import Priority
from worker.visits import promises
from worker.visits.messages import VisitView, VisitViewMessage, is_left_to_later, texts_for, visit_about


class CalendarMessage(VisitViewMessage):
    """The calendar file of a version of a visit; of one that is cancelled, the file that takes it out."""

    async def prepare(self, context: MessageContext, claimed: ClaimedMessage) -> VisitView | State:
        """Write the file, unless a later version has one, or the visit is off and no calendar knows of it.

        A quiet one takes the place of an earlier file, where there is one.
        """
        visit, quiet = await visit_about(context, claimed), "quiet" in claimed.message.payload
        if visit is None:
            return State.VOID
        ends = visit.status in ENDING and is_in_calendars(visit)
        unknown = quiet and visit.calendar_message_id is None
        if not (visit.status is Status.CONFIRMED or ends) or unknown:
            return State.VOID
        but = None if quiet else "quiet"
        if await is_left_to_later(context, claimed, visit, promises.CALENDAR, but):
            return State.VOID
        texts = texts_for(context, visit)
        view = views.calendar(texts, visit, calendar_file(texts, [visit], context.now))
        message_id = visit.calendar_message_id if quiet else None
        return VisitView(visit.id, visit.version, view, message_id, anew=False)

    async def on_sent(
        self, context: MessageContext, claimed: ClaimedMessage, content: VisitView, message_id: int | None
    ) -> None:
        """Note which message carries it; one that was overtaken while it was sent is taken away again."""
        if message_id is None:
            return
        version = await repository.note_calendar(context.session, content.booking_id, message_id)
        if version != content.version and await outbox.is_overtaken(
            context.session, claimed, promises.CALENDAR, unless="quiet"
        ):
            again = promises.catch_up(claimed, content.booking_id, message_id, promises.WITHDRAW)
            await context.enqueue([again])


class WithdrawMessage(MessageHandler[int]):
    """A calendar file that is no longer true: its message goes away."""

    async def prepare(self, context: MessageContext, claimed: ClaimedMessage) -> int | State:
        """Name the message."""
        del context
        message_id: int = claimed.message.payload["message_id"]
        return message_id

    async def send(self, messenger: Messenger, claimed: ClaimedMessage, content: int) -> int | None:
        """Delete it."""
        await messenger.delete(claimed.message.chat_id, content)
        return None


MESSAGES: Final[tuple[MessageType[Any], ...]] = (
    MessageType(promises.CALENDAR, Priority.REPLY, CalendarMessage()),
    MessageType(promises.WITHDRAW, Priority.REPLY, WithdrawMessage()),
)
