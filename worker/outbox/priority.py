"""Who goes first at Telegram, and how much of its limit each may take."""

import math
from dataclasses import dataclass
from enum import IntEnum

from shared.settings import WorkerSettings
from shared.telegram.send_keys import PRIORITIES


class Priority(IntEnum):
    """A message's rank. Answers to taps have none: Telegram does not limit them."""

    REPLY = 1
    """Somebody waits for it, looking at the chat."""
    REMINDER = 2
    """It has been promised and is due."""
    BROADCAST = 3
    """It may take its time."""

    @property
    def label(self) -> str:
        """The priority's name, in metrics and for its window in Redis."""
        return PRIORITIES[self - 1]


CEILINGS = {Priority.REPLY: 1.0, Priority.REMINDER: 0.7, Priority.BROADCAST: 0.4}
"""How full all sends may have made the second before one of this priority waits: room for those above."""
FLOORS = {Priority.REPLY: 0.0, Priority.REMINDER: 0.1, Priority.BROADCAST: 0.05}
"""What a priority that waits gets of each second, however busy those above are: nobody starves."""
AT_ONCE = {Priority.REPLY: 0.0, Priority.REMINDER: 0.1, Priority.BROADCAST: 0.1}
"""What a priority may send at one moment, of a second's limit; the rest follows evenly. 0: as it likes."""
LONGEST_WAIT = {Priority.REPLY: 1.0, Priority.REMINDER: 3.0, Priority.BROADCAST: 3.0}
"""Seconds that a message waits for its permit in memory; for longer it goes back to its queue."""


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

    def ceiling(self, priority: Priority) -> int:
        """Return how many messages a second may count before this priority waits."""
        return max(1, math.floor(self.per_second * CEILINGS[priority]))

    def at_once(self, priority: Priority) -> int:
        """Return how many messages this priority may send at one moment; 0 is no limit."""
        return math.ceil(self.per_second * AT_ONCE[priority])

    def floor(self, priority: Priority) -> int:
        """Return how many messages a second this priority gets in any case."""
        return math.ceil(self.per_second * FLOORS[priority])
