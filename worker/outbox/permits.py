"""Permits to send, and what asking for one answers."""

from dataclasses import dataclass

from worker.outbox.priority import Priority


@dataclass(slots=True)
class SendPermit:
    """Leave to make one call that Telegram counts; while it is asked for, what asks."""

    id: str
    chat_id: int
    priority: Priority
    deadline: float = 0.0
    """Until when it is waited for, on the monotonic clock."""
    has_place: bool = False
    """Whether a place in its chat's line is kept for it: the chat's next message comes after it."""


@dataclass(frozen=True, slots=True)
class PermitDecision:
    """What asking came to; `wait` of 0 is a permit."""

    wait: float
    """Seconds until asking again makes sense."""
    chat_only: bool = False
    """Whether it is this chat that waits, and not every message of the priority."""
    paused: float = 0.0
    """Seconds for which Telegram wants to hear nothing from anyone."""
    known: bool = True
    """Whether the pauses that PostgreSQL remembers are in Redis."""
