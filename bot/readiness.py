"""Whether updates can be accepted now."""

import asyncio
from collections.abc import Sequence
from typing import Final

from bot.polling import Polling
from shared.queue.port import CommandQueue, QueueUnavailableError

PATIENCE_SECONDS: Final = 2.0


class Readiness:
    """Asks the queue, and the polling loop where there is one."""

    def __init__(self, queue: CommandQueue, polling: Polling | None) -> None:
        self._queue = queue
        self._polling = polling

    async def problems(self) -> Sequence[str]:
        """Return one line for everything that is in the way; none means ready."""
        problems: list[str] = []
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self._queue.ping()
        except QueueUnavailableError as error:
            problems.append(f"queue: {error}")
        except TimeoutError:
            problems.append("queue: no answer")
        if self._polling is not None and not self._polling.working:
            problems.append("polling: no answer from getUpdates lately")
        return problems
