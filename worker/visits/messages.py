"""The messages about visits: made when they are sent, so that they say what is true then."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Final

from shared.i18n.translator import Translator
from worker.cards import follow
from worker.cards.repository import Card, is_current
from worker.db.models.delivery import State
from worker.outbox import repository as outbox
from worker.outbox.handler import MessageContext, MessageHandler, MessageType
from worker.outbox.message import ClaimedMessage
from worker.outbox.messenger import Messenger
from worker.outbox.priority import Priority
from worker.people.repository import load_person
from worker.reach.repository import note_unreachable
from worker.runtime.repository import load_facts
from worker.ui.names import shown_name
from worker.ui.view import View
from worker.visits import promises, repository, views
from worker.visits.repository import Visit


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
            current = await is_current(context.session, content.booking_id, content.version)
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
        visit = await visit_about(context, claimed)
        if visit is None:
            return State.VOID
        passed_on = await _is_passed_on(context, claimed)
        if await is_left_to_later(context, claimed, visit, promises.CARD):
            return State.VOID if passed_on else overtaken(context, claimed, visit)
        message_id = None if passed_on else claimed.message.payload["message_id"]
        words = claimed.message.payload.get("words")
        view = _card(context, visit)
        if words is not None:
            view = views.called_off(texts_for(context, visit), visit, context.now, words)
        if "freed" in claimed.message.payload:
            view = views.freed(texts_for(context, visit), visit, context.now)
        if "was" in claimed.message.payload:
            view = await _moved_by_staff(context, claimed, visit)
        if "places_were" in claimed.message.payload:
            view = await _resized_by_staff(context, claimed, visit)
        if "swapped" in claimed.message.payload:
            was = datetime.fromisoformat(claimed.message.payload["swapped"])
            view = views.swapped(texts_for(context, visit), visit, context.now, was)
        return VisitView(visit.id, visit.version, view, message_id)


class RefreshMessage(VisitViewMessage):
    """A message that showed the visit earlier, brought up to date if it is still there."""

    async def prepare(self, context: MessageContext, claimed: ClaimedMessage) -> VisitView | State:
        """Make the card as it is now."""
        visit = await visit_about(context, claimed)
        if visit is None or await _is_passed_on(context, claimed):
            return State.VOID
        return _up_to_date(context, claimed, visit)

    async def on_unreachable(self, context: MessageContext, claimed: ClaimedMessage) -> None:
        """Write nothing: the card itself tells whether the customer was told."""


class RetireMessage(MessageHandler[View]):
    """A card that is shown in enough newer messages: it says so and ends."""

    async def prepare(self, context: MessageContext, claimed: ClaimedMessage) -> View | State:
        """Make its last words, unless the message shows the card again."""
        visit = await visit_about(context, claimed)
        if visit is None or claimed.message.payload["message_id"] in visit.copies:
            return State.VOID
        return views.retired(texts_for(context, visit))

    async def send(self, messenger: Messenger, claimed: ClaimedMessage, content: View) -> int | None:
        """Edit the message if it is still there."""
        message_id: int = claimed.message.payload["message_id"]
        return await messenger.refresh(claimed.message.chat_id, message_id, content)


MESSAGES: Final[tuple[MessageType[Any], ...]] = (
    MessageType(promises.CARD, Priority.REPLY, CardMessage()),
    MessageType(promises.REFRESH, Priority.REPLY, RefreshMessage()),
    MessageType(follow.RETIRE, Priority.REMINDER, RetireMessage()),
)


def overtaken(context: MessageContext, claimed: ClaimedMessage, visit: Visit) -> VisitView | State:
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


async def visit_about(context: MessageContext, claimed: ClaimedMessage) -> Visit | None:
    """Load the visit that a message is about."""
    subject = claimed.message.subject
    return None if subject is None else await repository.load(context.session, subject.id)


async def _note_unreachable(context: MessageContext, claimed: ClaimedMessage) -> None:
    if claimed.message.subject is not None:
        await note_unreachable(context.session, claimed.message.subject.id, context.now)


async def _moved_by_staff(context: MessageContext, claimed: ClaimedMessage, visit: Visit) -> View:
    """Make the card that says who moved the visit, by their name as it is now; none of who was erased."""
    was, name = datetime.fromisoformat(claimed.message.payload["was"]), await _name_of(context, claimed)
    return views.moved_by_staff(texts_for(context, visit), visit, context.now, was, name)


async def _resized_by_staff(context: MessageContext, claimed: ClaimedMessage, visit: Visit) -> View:
    """Make the card that says who changed how many come."""
    was, name = claimed.message.payload["places_were"], await _name_of(context, claimed)
    return views.resized_by_staff(texts_for(context, visit), visit, context.now, was, name)


async def _name_of(context: MessageContext, claimed: ClaimedMessage) -> str:
    by = claimed.message.payload.get("by")
    person = None if by is None else await load_person(context.session, by)
    return "" if person is None else shown_name([person.first_name, person.last_name, person.username])


def texts_for(context: MessageContext, visit: Visit) -> Translator:
    """Choose the language of a visit's customer."""
    return context.translators.choose(*visit.customer_languages)


async def is_left_to_later(
    context: MessageContext, claimed: ClaimedMessage, visit: Visit, kind: str, but: str | None = None
) -> bool:
    """Tell whether a later version of the visit has a message of that kind."""
    if visit.version == claimed.message.payload["version"]:
        return False
    return await outbox.is_overtaken(context.session, claimed, kind, unless=but)


def _card(context: MessageContext, visit: Visit) -> View:
    return views.card(texts_for(context, visit), visit, context.now)


async def texts_of(context: MessageContext, person_id: int) -> Translator | None:
    """Return the language that a person is written to in; None of who is not known here."""
    facts = await load_facts(context.session, person_id)
    if facts.user is None or facts.business is None:
        return None
    return context.translators.choose(facts.user.language, facts.user.language_hint, facts.business.language)
