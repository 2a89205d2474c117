"""The question, what came of it, and the word to who asked: made when they are sent."""

from dataclasses import dataclass
from typing import Any, Final

from shared.contracts.swapping import LapseSwap
from worker.db.models.delivery import State
from worker.outbox import writer
from worker.outbox.handler import MessageContext, MessageHandler, MessageType
from worker.outbox.message import ClaimedMessage, TimerSetting
from worker.outbox.messenger import Messenger
from worker.outbox.priority import Priority
from worker.swapping import promises, repository, views
from worker.swapping.repository import SwapData
from worker.swapping.rules import SwapState, fits
from worker.ui.view import View
from worker.visits.messages import texts_for, visit_about
from worker.visits.repository import Visit, load


@dataclass(frozen=True, slots=True)
class ShownQuestion:
    """A question, and the message that shows it."""

    view: View
    message_id: int


class QuestionMessage(MessageHandler[View]):
    """Asks whoever has a time whether they would swap, once."""

    async def prepare(self, context: MessageContext, claimed: ClaimedMessage) -> View | State:
        """Make it while both visits are what they were."""
        swap, visit = await _load(context, claimed)
        if swap is None or visit is None or swap.state is not SwapState.OPEN:
            return State.VOID
        asking = await load(context.session, swap.booking_id)
        if asking is None or not fits(asking, swap.start, context.now):
            return State.VOID
        if not fits(visit, swap.other_start, context.now):
            return State.VOID
        return views.question(texts_for(context, visit), visit, swap, context.now)

    async def send(self, messenger: Messenger, claimed: ClaimedMessage, content: View) -> int | None:
        """Send it."""
        return await messenger.send(claimed.message.chat_id, content)

    async def on_sent(
        self, context: MessageContext, claimed: ClaimedMessage, content: View, message_id: int | None
    ) -> None:
        """Note where it is asked; what was settled meanwhile is said there."""
        del content
        if message_id is None:
            return
        state = await repository.note_question(context.session, _number(claimed), message_id)
        swap, visit = await _load(context, claimed)
        if swap is not None and visit is not None and state is not SwapState.OPEN:
            await context.enqueue([promises.settled_message(swap, visit, late=True)])

    async def on_unreachable(self, context: MessageContext, claimed: ClaimedMessage) -> None:
        """Have it lapse at once: who cannot be asked keeps nobody waiting."""
        number = _number(claimed)
        timer = TimerSetting(LapseSwap(swap_id=number), context.now)
        await writer.enqueue(context.session, [], context.now, timers={promises.deadline_key(number): timer})


class SettledSwapMessage(MessageHandler[ShownQuestion]):
    """The message that asked says what came of it."""

    async def prepare(self, context: MessageContext, claimed: ClaimedMessage) -> ShownQuestion | State:
        """Make what it says now."""
        swap, visit = await _load(context, claimed)
        if swap is None or swap.message_id is None or visit is None:
            return State.VOID
        return ShownQuestion(views.settled(texts_for(context, visit), swap), swap.message_id)

    async def send(self, messenger: Messenger, claimed: ClaimedMessage, content: ShownQuestion) -> int | None:
        """Edit the message if it is still there."""
        return await messenger.refresh(claimed.message.chat_id, content.message_id, content.view)


class UnswappedMessage(MessageHandler[View]):
    """Tells who asked that nothing came of it."""

    async def prepare(self, context: MessageContext, claimed: ClaimedMessage) -> View | State:
        """Make it while their visit is what it was."""
        swap, visit = await _load(context, claimed)
        if swap is None or visit is None or not fits(visit, swap.start, context.now):
            return State.VOID
        return views.answer(texts_for(context, visit), visit, swap)

    async def send(self, messenger: Messenger, claimed: ClaimedMessage, content: View) -> int | None:
        """Send it."""
        return await messenger.send(claimed.message.chat_id, content)


MESSAGES: Final[tuple[MessageType[Any], ...]] = (
    MessageType(promises.QUESTION, Priority.REMINDER, QuestionMessage()),
    MessageType(promises.SETTLED, Priority.REMINDER, SettledSwapMessage()),
    MessageType(promises.ANSWER, Priority.REMINDER, UnswappedMessage()),
)


def _number(claimed: ClaimedMessage) -> int:
    return int(claimed.message.payload["swap_id"])


async def _load(context: MessageContext, claimed: ClaimedMessage) -> tuple[SwapData | None, Visit | None]:
    return (
        await repository.load_swap(context.session, _number(claimed)),
        await visit_about(context, claimed),
    )
