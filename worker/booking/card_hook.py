"""Which messages show a booking's card, noted around every command that shows something."""

from typing import Final

from shared.clock import Clock
from shared.contracts.base import Command
from shared.contracts.booking import ShowSpecialists, StartMove
from shared.contracts.menu import ShowHome
from shared.contracts.visits import AskCancel, ShowBookings
from shared.envelope import Envelope
from worker.booking import copies, repository
from worker.db.engine import Sessions
from worker.ui.reply import Reply

WAYS_FROM_A_CARD: Final[frozenset[type[Command]]] = frozenset(
    {ShowHome, ShowSpecialists, AskCancel, StartMove, ShowBookings}
)
"""What the buttons under a card or a reminder lead to, where that takes the card's place."""


class CardHook:
    """Keeps the list of messages that show each booking."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def before_reading(self, sessions: Sessions, envelope: Envelope) -> None:
        """Note that the tapped message shows its card no more, where the tap leads away from it."""
        tapped = envelope.tapped_message_id
        if tapped is None or type(envelope.command) not in WAYS_FROM_A_CARD:
            return
        async with sessions.begin() as session:
            await repository.leave_card(session, envelope.actor.id, tapped)

    async def when_shown(self, sessions: Sessions, envelope: Envelope, reply: Reply, message_id: int) -> None:
        """Note that a message is a card, if possible before it is: so no later change passes it by."""
        if reply.card is None:
            return
        async with sessions.begin() as session:
            copy = repository.Copy(reply.card, message_id)
            await copies.note(session, envelope.actor.id, copy, self._clock.now())
