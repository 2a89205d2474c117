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


class MemoryQueue:
    """The queue for tests: what was put can be looked at."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []
        self.down = False

    async def put(self, envelope: Envelope) -> Accepted:
        """Keep a command unless the same update is there."""
        await self.ping()
        if any(kept.job_id == envelope.job_id for kept in self.envelopes):
            return Accepted.DUPLICATE
        self.envelopes.append(envelope)
        return Accepted.QUEUED

    async def put_all(self, envelopes: Sequence[Envelope]) -> list[Accepted]:
        """Keep several."""
        await self.ping()
        return [await self.put(envelope) for envelope in envelopes]

    async def ping(self) -> None:
        """Raise QueueUnavailableError while `down` is set."""
        if self.down:
            raise QueueUnavailableError("the test says so")
