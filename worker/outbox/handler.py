"""What a capability declares of its messages: their types, and how each is made, sent and followed up."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from shared.clock import Clock
from shared.i18n.translator import Translators
from shared.settings import WorkerSettings
from worker.db.models.delivery import State
from worker.outbox import writer
from worker.outbox.message import ClaimedMessage, OutboxMessage
from worker.outbox.messenger import Messenger
from worker.outbox.priority import Priority
from worker.runtime.environment import Environment


@dataclass(frozen=True, slots=True)
class MessageContext:
    """One transaction of a delivery."""

    session: AsyncSession
    clock: Clock
    environment: Environment

    @property
    def now(self) -> datetime:
        """The present instant."""
        return self.clock.now()

    @property
    def settings(self) -> WorkerSettings:
        """The process's settings."""
        return self.environment.settings

    @property
    def translators(self) -> Translators:
        """Every language that is spoken here, in this year (UTC)."""
        return self.environment.translators.in_year(self.now.year)

    async def enqueue(self, messages: Iterable[OutboxMessage]) -> None:
        """Promise further messages, in this transaction."""
        await writer.enqueue(self.session, list(messages), self.now)


@dataclass(frozen=True, slots=True)
class Later:
    """What `prepare` returns of a message that is not to be sent yet: it is made anew then."""

    until: datetime | None
    """None is after a while, longer each time."""
    reason: str


NOT_KNOWN_HERE: Final = Later(None, "a newer release says what it means")
"""What `prepare` returns where a newer release has promised something that this one has no words for."""


class MessageHandler[Content](ABC):
    """How the messages of one type are made, sent and followed up. It keeps nothing between its calls."""

    @abstractmethod
    async def prepare(self, context: MessageContext, claimed: ClaimedMessage) -> Content | State | Later:
        """Make what is to be sent, as things stand now; or say how it ends without being sent, or waits."""

    @abstractmethod
    async def send(self, messenger: Messenger, claimed: ClaimedMessage, content: Content) -> int | None:
        """Send it; return the message's id at Telegram where there is one. Raises TelegramError."""

    def follows_up(self, content: Content) -> bool:
        """Tell whether something follows from its having been sent: both are one transaction then."""
        del content
        return type(self).on_sent is not MessageHandler.on_sent

    async def on_sent(  # noqa: B027 - most messages have nothing to write
        self, context: MessageContext, claimed: ClaimedMessage, content: Content, message_id: int | None
    ) -> None:
        """Write what follows from its having been sent, in the transaction that notes that it was."""

    async def on_unreachable(  # noqa: B027 - likewise
        self, context: MessageContext, claimed: ClaimedMessage
    ) -> None:
        """Write what follows from its addressee's being out of reach."""


@dataclass(frozen=True, slots=True)
class MessageType[Content]:
    """A kind of message, and what handles it."""

    name: str
    """Its name in the table, which stays for good."""
    priority: Priority
    """Its rank at Telegram while its writer delivers it; what comes later ranks behind replies."""
    handler: MessageHandler[Content]
