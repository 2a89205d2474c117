"""Which messages show a booking, noted around every command that shows something."""

from typing import Final

from shared.clock import Clock
from shared.contracts.base import Command
from shared.contracts.booking import ShowDay, ShowMonth, ShowServices, ShowSoonest, ShowSummary
from shared.envelope import Envelope
from worker.cards import follow
from worker.cards.repository import Card, leave_card
from worker.db.engine import Sessions, autocommit
from worker.ui.reply import Reply

NEVER_UNDER_A_CARD: Final[frozenset[type[Command]]] = frozenset(
    {ShowServices, ShowSoonest, ShowMonth, ShowDay, ShowSummary}
)
"""Commands of buttons that stand under no card and no reminder: the tapped message is none."""


class CardHook:
    """Keeps the list of messages that show each booking."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def when_shown(self, sessions: Sessions, envelope: Envelope, reply: Reply, message_id: int) -> None:
        """Note which booking a message shows, or that it shows none any more.

        If possible it is noted before the message is edited: so no later change passes it by, and none
        writes over what took a card's place.
        """
        tapped = envelope.tapped_message_id
        if reply.card is not None:
            async with sessions.begin() as session:
                card = Card(reply.card, message_id)
                await follow.note(session, envelope.actor.id, card, self._clock.now())
                if tapped is not None and tapped != message_id:  # it is gone: another one took its place
                    await leave_card(session, envelope.actor.id, tapped)
        elif reply.view is not None and _may_have_been_a_card(envelope, message_id):
            async with sessions() as session:
                await autocommit(session)
                await leave_card(session, envelope.actor.id, message_id)


def _may_have_been_a_card(envelope: Envelope, message_id: int) -> bool:
    return message_id == envelope.tapped_message_id and type(envelope.command) not in NEVER_UNDER_A_CARD
