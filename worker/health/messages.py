"""The words about health: made when they are sent, by how things stand then."""

from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from worker.db.models.delivery import State
from worker.health import repository, views
from worker.health.promises import ILL, OVER
from worker.health.rules import Trouble, TroubleState, is_known
from worker.health.views import Reader
from worker.outbox.handler import NOT_KNOWN_HERE, Later, MessageContext, MessageHandler, MessageType
from worker.outbox.message import ClaimedMessage
from worker.outbox.messenger import Messenger
from worker.outbox.priority import Priority
from worker.runtime.repository import load_facts
from worker.ui.view import View


class _Word(MessageHandler[View]):
    """A message of its own."""

    async def send(self, messenger: Messenger, claimed: ClaimedMessage, content: View) -> int | None:
        """Send it."""
        return await messenger.send(claimed.message.chat_id, content)


class TroubleMessage(_Word):
    """Tells who manages what is not well."""

    async def prepare(self, context: MessageContext, claimed: ClaimedMessage) -> View | State | Later:
        """Make it in their language, unless it has gone meanwhile."""
        if not is_known(claimed.message.payload["trouble"]):
            return NOT_KNOWN_HERE
        reader = await _reader(context, claimed)
        trouble, state = await _trouble(context, claimed)
        count = await _count(context.session, trouble, context.settings.admin_ids)
        if reader is None or not state.is_there or state.since is None or count == 0:
            return State.VOID
        return views.ill(reader, trouble, state.since, count)


class RecoveryMessage(_Word):
    """Tells who manages that it is over."""

    async def prepare(self, context: MessageContext, claimed: ClaimedMessage) -> View | State | Later:
        """Make it in their language, unless it has come back meanwhile."""
        if not is_known(claimed.message.payload["trouble"]):
            return NOT_KNOWN_HERE
        reader = await _reader(context, claimed)
        trouble, state = await _trouble(context, claimed)
        if reader is None or state.is_there:
            return State.VOID
        since, until = (
            datetime.fromtimestamp(claimed.message.payload[name], UTC) for name in ("since", "until")
        )
        return views.over(reader, trouble, since, until)


async def _reader(context: MessageContext, claimed: ClaimedMessage) -> Reader | None:
    facts = await load_facts(context.session, claimed.message.chat_id)
    if facts.user is None or facts.business is None:
        return None
    user = facts.user
    texts = context.translators.choose(user.language, user.language_hint, facts.business.language)
    return Reader(texts, facts.business.zone)


async def _trouble(context: MessageContext, claimed: ClaimedMessage) -> tuple[Trouble, TroubleState]:
    trouble = Trouble(claimed.message.payload["trouble"])
    states = (await repository.load(context.session)).states
    return trouble, states.get(trouble, TroubleState())


async def _count(session: AsyncSession, trouble: Trouble, by_settings: frozenset[int]) -> int | None:
    """Count what the words say a number of, as it is now; None of what is not counted."""
    if trouble is Trouble.FAILED:
        return await repository.count_failed(session)
    if trouble is Trouble.REFUNDS:
        count, _ = await repository.load_open_refunds(session)
        return count
    if trouble is Trouble.SPECIALISTS:
        lost, _ = await repository.load_reach(session, by_settings)
        return lost
    return None


MESSAGES: Final[tuple[MessageType[Any], ...]] = (
    MessageType(ILL, Priority.REMINDER, TroubleMessage()),
    MessageType(OVER, Priority.REMINDER, RecoveryMessage()),
)
