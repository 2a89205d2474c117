"""Where Redis counts what is sent to Telegram: bot and worker count in the same places."""

from typing import Final

NOW: Final = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
"""
"""What a script that counts begins with: Redis's own time in milliseconds, as `now`."""
COUNTS_MS: Final = 1010
"""How long a message counts after its answer: a second, and the grain of the clocks."""
EVERYONE: Final = 0
"""No chat has this id: a pause of it is everybody's."""
PRIORITIES: Final = ("reply", "reminder", "broadcast")
"""The ranks of what is sent, the first first; each is counted in a window of its own."""


class SendKeys:
    """The names of one bot's keys."""

    def __init__(self, bot_id: int) -> None:
        self._prefix = f"bellhop:send:{bot_id}:"
        self.windows = [self._prefix + priority for priority in PRIORITIES]
        """Of each priority: what was sent, by when it stops counting."""
        self.waiting = self._prefix + "waiting"
        self.known = self._prefix + "known"
        self.floods = self._prefix + "floods"
        self.turns = [self._prefix + "turns", self._prefix + "newcomers"]

    def chat(self, chat_id: int) -> str:
        """Name where a chat's own limit is counted."""
        return f"{self._prefix}chat:{chat_id}"

    def pause(self, chat_id: int) -> str:
        """Name the pause of a chat, or of everyone."""
        return f"{self._prefix}pause:{chat_id}"
