"""An invitation's link, and word of who came and who left: made when it is sent."""

from dataclasses import dataclass
from typing import Any, Final

from shared.envelope import NOBODY
from shared.i18n.translator import Translator
from worker.db.models.delivery import State
from worker.outbox.handler import NOT_KNOWN_HERE, Later, MessageContext, MessageHandler, MessageType
from worker.outbox.message import ClaimedMessage
from worker.outbox.messenger import Messenger
from worker.outbox.priority import Priority
from worker.people.repository import load_person
from worker.runtime.repository import BusinessProfile, load_facts
from worker.team import repository, views
from worker.team.promises import LINK, NEWS, TeamNews
from worker.team.rules import InvitationData, InvitationState, code_of
from worker.ui.names import shown_name
from worker.ui.view import View


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation, and in which words it is passed on."""

    texts: Translator
    business: BusinessProfile
    invitation: InvitationData
    code: str


class InvitationLink(MessageHandler[Invited]):
    """The link is made when it is sent: it stands nowhere but in the chat."""

    async def prepare(self, context: MessageContext, claimed: ClaimedMessage) -> Invited | State:
        """Make its code, while somebody can still accept it."""
        invitation = await repository.load(context.session, int(claimed.message.payload["invitation"]))
        facts = await load_facts(context.session, claimed.message.chat_id)
        if invitation is None or facts.user is None or facts.business is None:
            return State.VOID
        if invitation.state(context.now) is not InvitationState.OPEN:
            return State.VOID
        languages = facts.user.language, facts.user.language_hint, facts.business.language
        code = code_of(invitation.seed, context.settings.bot_token.get_secret_value())
        return Invited(context.translators.choose(*languages), facts.business, invitation, code)

    async def send(self, messenger: Messenger, claimed: ClaimedMessage, content: Invited) -> int | None:
        """Send it."""
        address = views.address_of(await messenger.bot_link(), content.code)
        view = views.link(content.texts, content.business, content.invitation, address)
        return await messenger.send(claimed.message.chat_id, view)


class TeamNewsMessage(MessageHandler[View]):
    """Who came and who left, for those who answer for the business, and for whom it is about."""

    async def prepare(self, context: MessageContext, claimed: ClaimedMessage) -> View | State | Later:
        """Make it in the reader's language, with the names of now."""
        payload, chat_id = claimed.message.payload, claimed.message.chat_id
        if payload["what"] not in TeamNews:
            return NOT_KNOWN_HERE
        facts = await load_facts(context.session, chat_id)
        if facts.user is None or facts.business is None:
            return State.VOID
        texts = context.translators.choose(
            facts.user.language, facts.user.language_hint, facts.business.language
        )
        who = await load_person(context.session, int(payload.get("who") or NOBODY))
        known = "" if who is None else shown_name((who.first_name, who.last_name, who.username))
        name = known or payload["specialist"] or ""
        news = TeamNews(payload["what"])
        return views.news(texts, facts.business, news, name, payload["role"], payload["specialist"])

    async def send(self, messenger: Messenger, claimed: ClaimedMessage, content: View) -> int | None:
        """Send it."""
        return await messenger.send(claimed.message.chat_id, content)


MESSAGES: Final[tuple[MessageType[Any], ...]] = (
    MessageType(LINK, Priority.REPLY, InvitationLink()),
    MessageType(NEWS, Priority.REMINDER, TeamNewsMessage()),
)
