"""The queue as everyone but its adapter sees it."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol

from shared.envelope import Envelope


class QueueUnavailableError(Exception):
    """The queue cannot take anything now; nothing was accepted, and the sender may try again."""


class Accepted(StrEnum):
    """What became of a command that was offered."""

    QUEUED = "queued"
    DUPLICATE = "duplicate"


class CommandQueue(Protocol):
    """Takes commands and keeps them until a worker has run them."""

    async def put(self, envelope: Envelope) -> Accepted:
        """Keep a command; the same update is kept once. Raises QueueUnavailableError."""
        ...

    async def put_all(self, envelopes: Sequence[Envelope]) -> list[Accepted]:
        """Keep several, in their order: all of them, or none. Raises QueueUnavailableError."""
        ...

    async def ping(self) -> None:
        """Return when the queue can take commands; raises QueueUnavailableError when it cannot."""
        ...
