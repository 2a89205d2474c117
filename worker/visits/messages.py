"""The messages about visits: made when they are sent, so that they say what is true then."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Final

from shared.contracts.base import DraftRef
from shared.i18n.translator import Translator
from worker.cards import follow
from worker.cards.repository import Card
from worker.db.models.booking import Status
from worker.db.models.delivery import State
from worker.outbox import repository as outbox
from worker.outbox.handler import MessageContext, MessageHandler, MessageType
from worker.outbox.message import ClaimedMessage
from worker.outbox.messenger import Messenger
from worker.outbox.priority import Priority
from worker.people.repository import load_person
from worker.ui.names import shown_name
from worker.ui.view import View
from worker.visits import promises, repository, views
from worker.visits.files import calendar_file
from worker.visits.repository import Visit
from worker.visits.rules import corrections_of, is_when_it_was


@dataclass(frozen=True, slots=True)
class VisitView:
    """A view of a visit as one version of it was."""

    booking_id: int
    version: int
    view: View
    message_id: int | None
    """The message that becomes it; None for a new one."""
    anew: bool = True
    """Whether it is sent anew where that message is gone."""


class VisitViewMessage(MessageHandler[VisitView]):
    """Shows its customer a visit, in a message that follows the visit from then on."""

    confirms: ClassVar[bool] = False
    """Whether it is what confirms a version to its customer."""

    async def send(self, messenger: Messenger, claimed: ClaimedMessage, content: VisitView) -> int | None:
        """Show it where the customer tapped, else in a message of its own."""
        chat_id = claimed.message.chat_id
        if content.anew or content.message_id is None:
            return await messenger.show(chat_id, content.message_id, content.view)
        return await messenger.refresh(chat_id, content.message_id, content.view)

    async def on_sent(
        self, context: MessageContext, claimed: ClaimedMessage, content: VisitView, message_id: int | None
    ) -> None:
        """Note where the visit is shown; a visit that changed meanwhile is promised to be shown once more."""
        if message_id is None:
            return
        if content.anew or message_id != content.message_id:
            card = Card(content.booking_id, message_id, content.version, confirms=self.confirms)
            current = await follow.note(context.session, claimed.message.chat_id, card, context.now)
        else:
            current = await repository.is_current(context.session, content.booking_id, content.version)
        if not current:
            await context.enqueue([promises.catch_up(claimed, content.booking_id, message_id)])

    async def on_unreachable(self, context: MessageContext, claimed: ClaimedMessage) -> None:
        """Note on the visit that its customer could not be told."""
        await _note_unreachable(context, claimed)


class CardMessage(VisitViewMessage):
    """The card of a new version of a visit."""

    confirms: ClassVar[bool] = True

    async def prepare(self, context: MessageContext, claimed: ClaimedMessage) -> VisitView | State:
        """Make the card as it is now, unless a later version has a card of its own."""
        visit = await _visit(context, claimed)
        if visit is None:
            return State.VOID
        passed_on = await _is_passed_on(context, claimed)
        if await _is_left_to_later(context, claimed, visit, promises.CARD):
            return State.VOID if passed_on else _overtaken(context, claimed, visit)
        message_id = None if passed_on else claimed.message.payload["message_id"]
        words = claimed.message.payload.get("words")
        view = _card(context, visit)
        if words is not None:
            view = views.called_off(_texts(context, visit), visit, context.now, words)
        if "was" in claimed.message.payload:
            view = await _moved_by_staff(context, claimed, visit)
        return VisitView(visit.id, visit.version, view, message_id)


class RefreshMessage(VisitViewMessage):
    """A message that showed the visit earlier, brought up to date if it is still there."""

    async def prepare(self, context: MessageContext, claimed: ClaimedMessage) -> VisitView | State:
        """Make the card as it is now."""
        visit = await _visit(context, claimed)
        if visit is None or await _is_passed_on(context, claimed):
            return State.VOID
        return _up_to_date(context, claimed, visit)

    async def on_unreachable(self, context: MessageContext, claimed: ClaimedMessage) -> None:
        """Write nothing: the card itself tells whether the customer was told."""


class AttendingMessage(VisitViewMessage):
    """The reminder whose 'I'll be there' was tapped: it becomes a calm 'See you then'."""

    async def prepare(self, context: MessageContext, claimed: ClaimedMessage) -> VisitView | State:
        """Make it, unless the visit has changed since."""
        visit = await _visit(context, claimed)
        if visit is None:
            return State.VOID
        if visit.version != claimed.message.payload["version"] or not visit.is_live:
            return _overtaken(context, claimed, visit)
        view = views.see_you(_texts(context, visit), visit, context.now)
        return VisitView(visit.id, visit.version, view, claimed.message.payload["message_id"])


class ReminderMessage(VisitViewMessage):
    """The reminder of a visit."""

    async def prepare(self, context: MessageContext, claimed: ClaimedMessage) -> VisitView | State:
        """Make it for a visit that is when it was and has not begun, if its customer is in reach."""
        visit = await _visit(context, claimed)
        if visit is None or not visit.is_live or not is_when_it_was(claimed.message.payload, visit):
            return State.VOID
        if visit.arrived_at is not None:
            return State.VOID
        if visit.start <= context.now:
            return State.EXPIRED
        if not visit.customer_reachable:
            await self.on_unreachable(context, claimed)
            return State.FAILED
        view = views.reminder(_texts(context, visit), visit, context.now)
        return VisitView(visit.id, visit.version, view, None)


class CorrectedMessage(VisitViewMessage):
    """What the business changed of a visit, for its customer."""

    async def prepare(self, context: MessageContext, claimed: ClaimedMessage) -> VisitView | State:
        """Make it of all that they do not know, unless a later message will say it or a card has."""
        visit, session = await _visit(context, claimed), context.session
        if visit is None or not visit.is_live:
            return State.VOID
        if visit.end <= context.now:
            return State.EXPIRED
        if await outbox.is_overtaken(session, claimed, promises.CORRECTED, promises.CARD):
            return State.VOID
        unsaid = await outbox.unsaid(session, claimed, promises.CARD)
        what = corrections_of(unsaid, visit, context.now)
        if not what:
            return State.VOID
        view = views.corrected(_texts(context, visit), visit, context.now, what)
        return VisitView(visit.id, visit.version, view, None)


class RetireMessage(MessageHandler[View]):
    """A card that is shown in enough newer messages: it says so and ends."""

    async def prepare(self, context: MessageContext, claimed: ClaimedMessage) -> View | State:
        """Make its last words, unless the message shows the card again."""
        visit = await _visit(context, claimed)
        if visit is None or claimed.message.payload["message_id"] in visit.copies:
            return State.VOID
        return views.retired(_texts(context, visit))

    async def send(self, messenger: Messenger, claimed: ClaimedMessage, content: View) -> int | None:
        """Edit the message if it is still there."""
        message_id: int = claimed.message.payload["message_id"]
        return await messenger.refresh(claimed.message.chat_id, message_id, content)


class CalendarMessage(VisitViewMessage):
    """The calendar file of a version of a visit; of one that is cancelled, the file that takes it out."""

    async def prepare(self, context: MessageContext, claimed: ClaimedMessage) -> VisitView | State:
        """Write the file, unless a later version has one, or the visit is off and no calendar knows of it.

        A quiet one takes the place of an earlier file, where there is one.
        """
        visit, quiet = await _visit(context, claimed), "quiet" in claimed.message.payload
        if visit is None:
            return State.VOID
        known = visit.calendar_message_id is not None
        ends = visit.status is Status.CANCELLED and known
        if not (visit.is_live or ends) or (quiet and not known):
            return State.VOID
        but = None if quiet else "quiet"
        if await _is_left_to_later(context, claimed, visit, promises.CALENDAR, but):
            return State.VOID
        texts = _texts(context, visit)
        view = views.calendar(texts, visit, calendar_file(texts, visit, context.now))
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


class NotedMessage(MessageHandler[View]):
    """What a customer reads whose note was kept, or taken away."""

    async def prepare(self, context: MessageContext, claimed: ClaimedMessage) -> View | State:
        """Say how the note stands, and offer to take the change back."""
        visit, undo = await _visit(context, claimed), claimed.message.payload["undo"]
        if visit is None:
            return State.VOID
        return views.noted(_texts(context, visit), visit, undo and DraftRef.model_validate(undo))

    async def send(self, messenger: Messenger, claimed: ClaimedMessage, content: View) -> int | None:
        """Show it where the customer tapped, else in a message of its own."""
        return await messenger.show(claimed.message.chat_id, claimed.message.payload["message_id"], content)


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
    MessageType(promises.CARD, Priority.REPLY, CardMessage()),
    MessageType(promises.CALENDAR, Priority.REPLY, CalendarMessage()),
    MessageType(promises.ATTENDING, Priority.REPLY, AttendingMessage()),
    MessageType(promises.NOTED, Priority.REPLY, NotedMessage()),
    MessageType(promises.WITHDRAW, Priority.REPLY, WithdrawMessage()),
    MessageType(promises.REFRESH, Priority.REPLY, RefreshMessage()),
    MessageType(promises.OVER, Priority.REMINDER, RefreshMessage()),
    MessageType(promises.CORRECTED, Priority.REMINDER, CorrectedMessage()),
    MessageType(follow.RETIRE, Priority.REMINDER, RetireMessage()),
    MessageType(promises.REMINDER, Priority.REMINDER, ReminderMessage()),
)


def _overtaken(context: MessageContext, claimed: ClaimedMessage, visit: Visit) -> VisitView | State:
    """Leave it to the newer version's own card, unless this one may have been sent before, and late."""
    if not claimed.may_have_been_sent or claimed.message.payload["message_id"] is None:
        return State.VOID
    return _up_to_date(context, claimed, visit)


def _up_to_date(context: MessageContext, claimed: ClaimedMessage, visit: Visit) -> VisitView:
    message_id = claimed.message.payload["message_id"]
    return VisitView(visit.id, visit.version, _card(context, visit), message_id, anew=False)


async def _is_passed_on(context: MessageContext, claimed: ClaimedMessage) -> bool:
    """Tell whether a message that comes late finds its place given to another visit's card."""
    message_id = claimed.message.payload["message_id"]
    if message_id is None or not claimed.may_have_been_sent:
        return False
    return await outbox.is_promised_later(context.session, claimed, promises.CARD, message_id)


async def _visit(context: MessageContext, claimed: ClaimedMessage) -> Visit | None:
    subject = claimed.message.subject
    return None if subject is None else await repository.load(context.session, subject.id)


async def _note_unreachable(context: MessageContext, claimed: ClaimedMessage) -> None:
    if claimed.message.subject is not None:
        await repository.note_unreachable(context.session, claimed.message.subject.id, context.now)


async def _moved_by_staff(context: MessageContext, claimed: ClaimedMessage, visit: Visit) -> View:
    """Make the card that says who moved the visit, by their name as it is now; none of who was erased."""
    by, was = claimed.message.payload.get("by"), datetime.fromisoformat(claimed.message.payload["was"])
    mover = None if by is None else await load_person(context.session, by)
    name = "" if mover is None else shown_name([mover.first_name, mover.last_name, mover.username])
    return views.moved_by_staff(_texts(context, visit), visit, context.now, was, name)


def _texts(context: MessageContext, visit: Visit) -> Translator:
    return context.translators.choose(*visit.customer_languages)


async def _is_left_to_later(
    context: MessageContext, claimed: ClaimedMessage, visit: Visit, kind: str, but: str | None = None
) -> bool:
    """Tell whether a later version of the visit has a message of that kind."""
    if visit.version == claimed.message.payload["version"]:
        return False
    return await outbox.is_overtaken(context.session, claimed, kind, unless=but)


def _card(context: MessageContext, visit: Visit) -> View:
    return views.card(_texts(context, visit), visit, context.now)
