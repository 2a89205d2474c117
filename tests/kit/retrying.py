"""A queue that keeps what is tried once more."""

from dataclasses import dataclass, field

from shared.envelope import Envelope
from shared.queue.port import QueueUnavailableError


@dataclass
class KeptRetries:
    """Takes up commands that were given up, while it can be reached."""

    envelopes: list[Envelope] = field(default_factory=list)
    reached: bool = True

    async def put_again(self, envelope: Envelope) -> None:
        """Keep it. Raises QueueUnavailableError."""
        if not self.reached:
            raise QueueUnavailableError("unplugged")
        self.envelopes.append(envelope)
