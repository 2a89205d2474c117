"""The worker's own decision on a command, without a queue before it and without Telegram after it."""

from datetime import UTC, datetime
from itertools import count

from prometheus_client import CollectorRegistry

from shared.clock import SystemClock
from shared.envelope import Actor, AnyCommand, Envelope, ReplyTo
from shared.i18n.translator import load_translators
from shared.telegram.client import TelegramClient
from worker.booking.parcels import BookingKinds
from worker.db.engine import Sessions
from worker.outbox.deliverer import Deliverer
from worker.outbox.messenger import Messenger
from worker.outbox.metrics import DeliveryMetrics
from worker.runtime.jobs.lease import Unleased
from worker.runtime.registry import REGISTRY
from worker.runtime.runner import CommandRunner
from worker.ui.view import Reply

BOT = 1_000_000_009


class Decider:
    """Runs commands as a worker does, up to the commit."""

    def __init__(self, sessions: Sessions) -> None:
        clock, translators = SystemClock(), load_translators()
        messenger = Messenger(TelegramClient("1:x", "http://127.0.0.1:1"))
        kinds = BookingKinds(translators, clock).by_name()
        deliverer = Deliverer(sessions, messenger, clock, kinds, DeliveryMetrics(CollectorRegistry()))
        self._runner = CommandRunner(
            REGISTRY, sessions, messenger, deliverer, clock, translators, frozenset()
        )
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
        return (await self._runner._decide(envelope, Unleased())).reply
