"""Who goes first at Telegram, and how much of its limit each may take."""

import math
from dataclasses import dataclass
from enum import IntEnum

from shared.settings import WorkerSettings


class Lane(IntEnum):
    """A message's rank. Answers to taps need none: Telegram does not limit them."""

    REPLY = 1
    """Somebody waits for it, looking at the chat."""
    REMINDER = 2
    """It has been promised and is due."""
    BROADCAST = 3
    """It may take its time."""

    @property
    def label(self) -> str:
        """The lane's name in metrics."""
        return self.name.lower()


CEILINGS = {Lane.REPLY: 1.0, Lane.REMINDER: 0.7, Lane.BROADCAST: 0.4}
"""How full all lanes together may have made the second before a lane has to wait: room for those above."""
FLOORS = {Lane.REPLY: 0.0, Lane.REMINDER: 0.1, Lane.BROADCAST: 0.05}
"""What a lane that waits gets of each second, however busy those above are: nobody starves."""
AT_ONCE = {Lane.REPLY: 0.0, Lane.REMINDER: 0.1, Lane.BROADCAST: 0.1}
"""What a lane may send at one moment, of a second's limit; the rest of it follows evenly. 0: as it likes."""
PATIENCE = {Lane.REPLY: 1.0, Lane.REMINDER: 3.0, Lane.BROADCAST: 3.0}
"""Seconds a message waits for its turn where it is; for longer it is given back to its queue."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Telegram's limits as this deployment keeps them; 0 is no limit."""

    per_second: int = 30
    per_chat: float = 1.0
    chat_burst: int = 9
    group_per_minute: int = 20

    @classmethod
    def of(cls, settings: WorkerSettings) -> "Limits":
        """Read them from the settings."""
        return cls(
            settings.send_per_second,
            settings.send_per_chat,
            settings.send_chat_burst,
            settings.send_per_group,
        )

    @property
    def none(self) -> bool:
        """Whether there is nothing to keep."""
        return not (self.per_second or self.per_chat or self.group_per_minute)

    def ceiling(self, lane: Lane) -> int:
        """Return how many messages a second may count before this lane waits."""
        return max(1, math.floor(self.per_second * CEILINGS[lane]))

    def at_once(self, lane: Lane) -> int:
        """Return how many messages this lane may send at one moment; 0 is no limit."""
        return math.ceil(self.per_second * AT_ONCE[lane])

    def floor(self, lane: Lane) -> int:
        """Return how many messages a second this lane gets in any case."""
        return math.ceil(self.per_second * FLOORS[lane])
