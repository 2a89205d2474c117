"""What stands in for a part of the product where a test has to see into it or to steer it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from shared.envelope import Envelope
from shared.queue.port import Accepted, QueueUnavailableError, Receipt


class ManualClock:
    """A clock that stands still until it is told to move."""

    def __init__(self, now: datetime) -> None:
        self._now = now.astimezone(UTC)

    def now(self) -> datetime:
        """Return the instant it was last set to."""
        return self._now

    def advance(self, by: timedelta) -> None:
        """Move forward."""
        self._now += by


class MemoryQueue:
    """A queue whose commands can be looked at."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []
        self.down = False

    async def put(self, envelope: Envelope) -> Receipt:
        """Keep a command unless the same update is there."""
        await self.ping()
        if any(kept.job_id == envelope.job_id for kept in self.envelopes):
            return Receipt(Accepted.DUPLICATE)
        self.envelopes.append(envelope)
        return Receipt(Accepted.QUEUED)

    async def put_all(self, envelopes: Sequence[Envelope]) -> list[Receipt]:
        """Keep several."""
        await self.ping()
        return [await self.put(envelope) for envelope in envelopes]

    async def ping(self) -> None:
        """Raise QueueUnavailableError while `down` is set."""
        if self.down:
            raise QueueUnavailableError("the test says so")
