"""The evening summary: made when it is sent, of the next day's visits as they are then."""

from dataclasses import replace
from datetime import date
from typing import Any, Final

from shared.contracts.staff import ShowAgenda
from shared.i18n.translator import Html, Translator
from worker.agenda.loading import load_agenda
from worker.agenda.views import AgendaStyle, agenda
from worker.db.models.delivery import State
from worker.outbox.handler import MessageContext, MessageHandler, MessageType
from worker.outbox.message import ClaimedMessage
from worker.outbox.messenger import Messenger
from worker.outbox.priority import Priority
from worker.preferences.promises import EVENING
from worker.runtime.repository import load_facts
from worker.ui.view import View
from worker.visits.repository import Visit


class EveningMessage(MessageHandler[View]):
    """The next day's visits, the evening before."""

    async def prepare(self, context: MessageContext, claimed: ClaimedMessage) -> View | State:
        """Make it for whoever works here still; of a day without visits there is nothing to say."""
        facts = await load_facts(context.session, claimed.message.chat_id)
        if facts.user is None or facts.business is None:
            return State.VOID
        roles = facts.roles | context.environment.roles_by_settings(facts.user.id)
        if not roles and facts.specialist_id is None:
            return State.VOID
        day = date.fromisoformat(claimed.message.payload["day"])
        whose = None if roles else facts.specialist_id
        visits, style = await load_agenda(context.session, [day], whose, facts.business.zone, context.now)
        if not any(visit.is_live for visit in visits):
            return State.VOID
        user, house = facts.user, facts.business.language
        texts = context.translators.choose(user.language, user.language_hint, house)
        return _view(texts, visits, ShowAgenda(first=day), style)

    async def send(self, messenger: Messenger, claimed: ClaimedMessage, content: View) -> int | None:
        """Send it."""
        return await messenger.send(claimed.message.chat_id, content)


def _view(texts: Translator, visits: list[Visit], asked: ShowAgenda, style: AgendaStyle) -> View:
    view = agenda(texts, visits, asked, style)
    count = texts.plural("{number} visit tomorrow", "{number} visits tomorrow", len(visits))
    return replace(view, text=Html(f"🌙 <b>{count}</b>\n{view.text}"))


MESSAGES: Final[tuple[MessageType[Any], ...]] = (MessageType(EVENING, Priority.REMINDER, EveningMessage()),)
