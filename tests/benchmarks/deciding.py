"""The worker's own decision on a command, without a queue before it and without Telegram after it."""

from datetime import UTC, datetime
from itertools import count

from shared.clock import SystemClock
from shared.envelope import Actor, AnyCommand, Envelope, ReplyTo
from tests.kit.wiring import beside, mute_messenger, wire
from worker.db.engine import Sessions
from worker.runtime.jobs.leases import NullLease
from worker.ui.reply import Reply

BOT = 1_000_000_009


class Decider:
    """Runs commands as a worker does, up to the commit."""

    def __init__(self, sessions: Sessions) -> None:
        self._decider = wire(beside(sessions), SystemClock(), mute_messenger()).decider
        self._updates = count(1)

    async def decide(self, command: AnyCommand, person: int, update_id: int | None = None) -> Reply:
        """Decide on one command; return what would be answered."""
        envelope = Envelope(
            bot_id=BOT,
            update_id=next(self._updates) if update_id is None else update_id,
            received_at=datetime.now(UTC),
            actor=Actor(id=person, first_name="Quill", language_code="en"),
            reply_to=ReplyTo(chat_id=person, message_id=1, callback_id="1"),
            command=command,
        )
        return (await self._decider.decide(envelope, NullLease())).reply
