"""The messages about a series: made when they are sent, so that they say what is true then."""

from typing import Any, Final

from worker.calendar_files.files import calendar_file
from worker.db.models.delivery import State
from worker.outbox.handler import MessageContext, MessageHandler, MessageType
from worker.outbox.message import ClaimedMessage
from worker.outbox.messenger import Messenger
from worker.outbox.priority import Priority
from worker.reach.repository import note_unreachable
from worker.series import promises, views
from worker.ui.view import View
from worker.visits.messages import texts_for
from worker.visits.repository import Visit, load_several


async def _load(context: MessageContext, claimed: ClaimedMessage) -> list[Visit]:
    """Load the visits, soonest first."""
    visits = await load_several(context.session, claimed.message.payload["ids"])
    return sorted(visits, key=lambda visit: visit.start)


async def _live(context: MessageContext, claimed: ClaimedMessage) -> list[Visit]:
    """Load those of the visits that stand."""
    return [visit for visit in await _load(context, claimed) if visit.is_live]


class SeriesMessage(MessageHandler[View]):
    """What became of several visits at once."""

    async def send(self, messenger: Messenger, claimed: ClaimedMessage, content: View) -> int | None:
        """Show it where the customer tapped, else in a message of its own."""
        return await messenger.show(claimed.message.chat_id, claimed.message.payload["message_id"], content)

    async def on_unreachable(self, context: MessageContext, claimed: ClaimedMessage) -> None:
        """Note on each visit that its customer could not be told."""
        for booking_id in claimed.message.payload["ids"]:
            await note_unreachable(context.session, booking_id, context.now)


class SeriesBookedMessage(SeriesMessage):
    """All visits that were booked at once, with the way to each."""

    async def prepare(self, context: MessageContext, claimed: ClaimedMessage) -> View | State:
        """Make it of those that stand."""
        visits = await _live(context, claimed)
        return views.booked(texts_for(context, visits[0]), visits) if visits else State.VOID


class SeriesMovedMessage(SeriesMessage):
    """All visits that were moved at once, with the way to each."""

    async def prepare(self, context: MessageContext, claimed: ClaimedMessage) -> View | State:
        """Make it of those that stand."""
        visits, by_business = await _live(context, claimed), claimed.message.payload["by_business"]
        if not visits:
            return State.VOID
        return views.moved(texts_for(context, visits[0]), visits, by_business=by_business)


class SeriesCancelledMessage(SeriesMessage):
    """All visits that were cancelled at once."""

    async def prepare(self, context: MessageContext, claimed: ClaimedMessage) -> View | State:
        """Make it of all: what is cancelled stays so."""
        visits, by_business = await _load(context, claimed), claimed.message.payload["by_business"]
        if not visits:
            return State.VOID
        return views.cancelled(texts_for(context, visits[0]), visits, by_business=by_business)


class SeriesFileMessage(MessageHandler[View]):
    """One calendar file with several visits, or one that takes them out."""

    async def prepare(self, context: MessageContext, claimed: ClaimedMessage) -> View | State:
        """Write it of those that stand; of those that were cancelled, of all."""
        ends = claimed.message.payload["ends"]
        visits = await (_load if ends else _live)(context, claimed)
        if not visits:
            return State.VOID
        texts = texts_for(context, visits[0])
        return views.file(texts, visits, calendar_file(texts, visits, context.now))

    async def send(self, messenger: Messenger, claimed: ClaimedMessage, content: View) -> int | None:
        """Send it."""
        return await messenger.send(claimed.message.chat_id, content)


MESSAGES: Final[tuple[MessageType[Any], ...]] = (
    MessageType(promises.BOOKED, Priority.REPLY, SeriesBookedMessage()),
    MessageType(promises.MOVED, Priority.REPLY, SeriesMovedMessage()),
    MessageType(promises.CANCELLED, Priority.REPLY, SeriesCancelledMessage()),
    MessageType(promises.FILE, Priority.REPLY, SeriesFileMessage()),
)
