"""Permits to send, and what asking for one answers."""

from dataclasses import dataclass

from worker.outbox.priority import Priority


@dataclass(frozen=True, slots=True)
class Waiter:
    """For whom a permit is asked, where several wait."""

    since: float = float("inf")
    """When they began to wait, in Unix seconds; who does not say stands behind those who do."""
    is_new: bool = False
    """Whether they were never here before: a crowd of those does not stand before who was."""
    keeps_turn: bool = False
    """Whether they can come again: then their turn is kept for them, however far off it is."""
    has_turn: bool = False
    """Whether they come at the turn that was kept for them."""


@dataclass(slots=True)
class SendPermit:
    """Leave to make one call that Telegram counts; while it is asked for, what asks."""

    id: str
    chat_id: int
    priority: Priority
    deadline: float = 0.0
    """Until when it is waited for, on the monotonic clock."""
    waiter: Waiter = Waiter()
    has_turn: bool = False
    """Whether it has its turn among all of its priority: those that ask from now on come after it."""
    has_place: bool = False
    """Whether a place in its chat's line is kept for it: the chat's next message comes after it."""


@dataclass(frozen=True, slots=True)
class PermitDecision:
    """What asking came to; `wait` of 0 is a permit."""

    wait: float
    """Seconds until asking again makes sense."""
    chat_only: bool = False
    """Whether it is this message that waits, for its chat or for its turn, and not all of the priority."""
    paused: float = 0.0
    """Seconds for which Telegram wants to hear nothing from anyone."""
    known: bool = True
    """Whether the pauses that PostgreSQL remembers are in Redis."""
