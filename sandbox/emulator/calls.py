"""What the bot has called: the log tests and measurements read."""

import json
from collections import deque

from sandbox.emulator.signals import Signal, until
from sandbox.emulator.world import Json

ANY = "any"


class CallLog:
    """The last calls, newest last; their parameters are kept as JSON, which is far smaller."""

    def __init__(self, kept: int) -> None:
        self._calls: deque[Json] = deque(maxlen=kept)
        self._signal: Signal[str] = Signal()
        self._seq = 0

    def add(self, entry: Json) -> None:
        """Give a call its number and keep it."""
        self._seq += 1
        params = json.dumps(entry["params"], ensure_ascii=False)
        self._calls.append({"seq": self._seq, **entry, "params": params})
        self._signal.ring(ANY)

    def since(self, after: int, method: str | None, limit: int) -> list[Json]:
        """Return the last `limit` calls after a number, of one method or of all."""
        found: list[Json] = []
        wanted = method.lower() if method else None
        for call in reversed(self._calls):
            if call["seq"] <= after or len(found) >= limit:
                break
            if wanted is None or call["method"].lower() == wanted:
                found.append(call)
        return [{**call, "params": json.loads(call["params"])} for call in reversed(found)]

    async def wait(self, after: int, method: str | None, limit: int, seconds: float) -> list[Json]:
        """Return the calls after a number, waiting until there is at least one."""
        return await until(self._signal, ANY, seconds, lambda: self.since(after, method, limit))

    def close(self) -> None:
        """Let every waiter go."""
        self._signal.close()
