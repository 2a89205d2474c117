"""Which messages show a booking, noted around every command that shows something."""

from typing import Final

from shared.contracts.base import Command
from shared.contracts.booking import LeaveSummary, ShowDay, ShowMonth, ShowServices, ShowSoonest, ShowSummary
from shared.contracts.series import ShowSeries
from shared.envelope import Envelope
from worker.cards import follow
from worker.cards.repository import Card, leave_card
from worker.db.engine import autocommit
from worker.runtime.capability import HookContext

NEVER_UNDER_A_CARD: Final[frozenset[type[Command]]] = frozenset(
    {ShowServices, ShowSoonest, ShowMonth, ShowDay, ShowSummary, LeaveSummary, ShowSeries}
)
"""Commands of buttons that stand under no card and no reminder: the tapped message is none."""


class CardHook:
    """Keeps the list of messages that show each booking."""

    async def when_shown(self, context: HookContext) -> None:
        """Note which booking a message shows, or that it shows none any more.

        If possible it is noted before the message is edited: so no later change passes it by, and none
        writes over what took a card's place.
        """
        reply, message_id, customer_id = context.reply, context.message_id, context.envelope.actor.id
        tapped = context.envelope.tapped_message_id
        if reply.card is not None:
            async with context.sessions.begin() as session:
                await follow.note(session, customer_id, Card(reply.card, message_id), context.now)
                if tapped is not None and tapped != message_id:  # it is gone: another one took its place
                    await leave_card(session, customer_id, tapped)
        elif reply.view is not None and _may_have_been_a_card(context.envelope, message_id):
            async with context.sessions() as session:
                await autocommit(session)
                await leave_card(session, customer_id, message_id)


def _may_have_been_a_card(envelope: Envelope, message_id: int) -> bool:
    return message_id == envelope.tapped_message_id and type(envelope.command) not in NEVER_UNDER_A_CARD
