"""What a user's client would notice: the feed behind the events calls and the web chat."""

import time
from collections import defaultdict, deque

from sandbox.emulator.signals import Signal, until
from sandbox.emulator.world import Json, World

EVENTS_PER_USER = 200
EVERYONE = 0
"""The feed's key for whoever follows all users."""


class EventFeed:
    """The last events, of all users and of each."""

    def __init__(self, world: World, kept: int) -> None:
        self._world = world
        self._all: deque[Json] = deque(maxlen=kept)
        self._by_user: defaultdict[int, deque[Json]] = defaultdict(lambda: deque(maxlen=EVENTS_PER_USER))
        self._signal: Signal[int] = Signal()

    @property
    def last(self) -> int:
        """The newest event's number."""
        return self._world.event_seq

    @property
    def closed(self) -> bool:
        """Whether the emulator is stopping."""
        return self._signal.closed

    def publish(self, user_id: int, kind: str, **details: object) -> None:
        """Add an event and wake whoever waits for it."""
        self._world.event_seq += 1
        self._world.touch("meta", "event_seq")
        event = {"seq": self.last, "at": time.time(), "type": kind, "user_id": user_id, **details}
        self._all.append(event)
        self._by_user[user_id].append(event)
        self._signal.ring(user_id)
        self._signal.ring(EVERYONE)

    def since(self, key: int, after: int, types: frozenset[str] = frozenset()) -> list[Json]:
        """Return a user's events (or everyone's) after a number, oldest first."""
        events: list[Json] = []
        for event in reversed(self._all if key == EVERYONE else self._by_user.get(key, ())):
            if event["seq"] <= after:
                break
            if not types or event["type"] in types:
                events.append(event)
        return events[::-1]

    async def wait(self, key: int, after: int, seconds: float, types: frozenset[str]) -> list[Json]:
        """Return the events after a number, waiting until there is at least one."""
        return await until(self._signal, key, seconds, lambda: self.since(key, after, types))

    def close(self) -> None:
        """Let every waiter go."""
        self._signal.close()
