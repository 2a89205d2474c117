"""The queue as everyone but its adapter sees it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from shared.envelope import Envelope


class QueueUnavailableError(Exception):
    """The queue cannot take anything now; nothing was accepted, and the sender may try again."""


class Accepted(StrEnum):
    """What became of a command that was offered."""

    QUEUED = "queued"
    DUPLICATE = "duplicate"
    THROTTLED = "throttled"
    """Its person sends faster than they may, or has too much waiting. It is not kept."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the queue says of a command that was offered."""

    accepted: Accepted
    tell: bool = False
    """Whether the person is to be told that they are too fast."""
    superseded_tap: str | None = None
    """The tap of an earlier command that need not be done any more: it still waits to be acknowledged."""


@dataclass(frozen=True, slots=True)
class Pace:
    """What one person may send, over all processes that put commands into the queue."""

    burst: int
    """Commands at once."""
    per_second: float
    """Commands a second after that."""
    exempt: frozenset[str] = frozenset()
    """Kinds that nobody is too fast with."""


class CommandQueue(Protocol):
    """Takes commands and keeps them until a worker has run them."""

    async def put(self, envelope: Envelope) -> Receipt:
        """Keep a command; the same update is kept once. Raises QueueUnavailableError."""
        ...

    async def put_all(self, envelopes: Sequence[Envelope]) -> list[Receipt]:
        """Keep several, in their order.

        Raises QueueUnavailableError where it did not take all; those that it took are duplicates then.
        """
        ...

    async def ping(self) -> None:
        """Return when the queue can take commands; raises QueueUnavailableError when it cannot."""
        ...


class RetryQueue(Protocol):
    """Takes up commands that were given up."""

    async def put_again(self, envelope: Envelope) -> None:
        """Keep a command whose update was kept before, and given up. Raises QueueUnavailableError."""
        ...
