"""The word about time off: made when it is sent, in its reader's language."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from worker.absence import repository, views
from worker.absence.promises import TIME_OFF_NOTICE
from worker.dates.rules import HoursChange
from worker.db.models.delivery import State
from worker.outbox.handler import MessageContext, MessageHandler, MessageType
from worker.outbox.message import ClaimedMessage
from worker.outbox.messenger import Messenger
from worker.outbox.priority import Priority
from worker.people.repository import load_person
from worker.runtime.repository import load_facts
from worker.ui.names import shown_name
from worker.ui.view import View


class TimeOffNotice(MessageHandler[View]):
    """What somebody has done to a specialist's dates, told as it was then."""

    async def prepare(self, context: MessageContext, claimed: ClaimedMessage) -> View | State:
        """Make it, unless its reader or the specialist is not here any more."""
        payload = claimed.message.payload
        facts = await load_facts(context.session, claimed.message.chat_id)
        owners = await repository.load_owners(context.session)
        owner = next((each for each in owners if each.id == payload["specialist_id"]), None)
        if facts.user is None or facts.business is None or owner is None:
            return State.VOID
        if facts.specialist_id != owner.id and not (
            facts.roles | context.environment.roles_by_settings(facts.user.id)
        ):
            return State.VOID
        texts = context.translators.choose(
            facts.user.language, facts.user.language_hint, facts.business.language
        )
        by = payload.get("by")
        doer = await load_person(context.session, by) if by else None
        name = "" if doer is None else shown_name((doer.first_name, doer.last_name, doer.username))
        return views.notice(texts, owner, [_change(each) for each in payload["changes"]], name)

    async def send(self, messenger: Messenger, claimed: ClaimedMessage, content: View) -> int | None:
        """Send it."""
        return await messenger.send(claimed.message.chat_id, content)


def _change(data: Mapping[str, Any]) -> HoursChange:
    closes, opens = (tuple((begin, end) for begin, end in data[name]) for name in ("closes", "opens"))
    return HoursChange(date.fromisoformat(data["first"]), date.fromisoformat(data["last"]), closes, opens)


MESSAGES: Final = (MessageType(TIME_OFF_NOTICE, Priority.REPLY, TimeOffNotice()),)
