"""How many jobs a worker runs at once."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

RELEASED_A_SLOT = 4
"""Jobs that only wait for their chat's turn at Telegram and need no slot, for each slot there is."""


class Slots:
    """One for each running job; a job that only waits can release its own for that long."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._taken = 0
        self._released = 0
        self._changed = asyncio.Event()

    @property
    def free(self) -> int:
        """How many more jobs may run."""
        return self._count + min(self._released, self._count * RELEASED_A_SLOT) - self._taken

    async def wait_free(self) -> None:
        """Return once a slot is free."""
        while self.free <= 0:
            self._changed.clear()
            await self._changed.wait()

    def take(self) -> None:
        """Take a slot for a job that begins."""
        self._taken += 1

    def give_back(self) -> None:
        """Give back the slot of a job that has ended."""
        self._taken -= 1
        self._changed.set()

    @contextmanager
    def released(self) -> Iterator[None]:
        """Let another job run in this one's slot for the length of the block."""
        self._released += 1
        self._changed.set()
        try:
            yield
        finally:
            self._released -= 1
