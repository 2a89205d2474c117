"""A message's turn to be sent, and what asking for one answers."""

from dataclasses import dataclass

from worker.outbox.lanes import Lane


@dataclass(frozen=True, slots=True)
class Turn:
    """Leave to make one call that Telegram counts."""

    id: str
    chat_id: int
    lane: Lane


@dataclass(frozen=True, slots=True)
class Verdict:
    """What asking came to; `wait` of 0 is a turn."""

    wait: float
    """Seconds until asking again makes sense."""
    chat_only: bool = False
    """Whether it is this chat that waits, and not everyone in the lane."""
    paused: float = 0.0
    """Seconds for which Telegram wants to hear nothing from anyone."""
    known: bool = True
    """Whether the pauses that PostgreSQL remembers are in Redis."""
