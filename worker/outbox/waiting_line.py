"""Who of a process asks next for leave to send: the oldest first, newcomers after everybody else."""

import asyncio
from heapq import heappop, heappush
from itertools import count
from typing import Final

NEWCOMERS_EACH: Final = 4
"""While both wait, each fourth place goes to a newcomer: nobody starves."""

type _Waiting = tuple[float, int, asyncio.Future[None]]


class WaitingLine:
    """A lock that goes to whoever has waited longest, not to who asked for it first."""

    def __init__(self) -> None:
        self._taken = False
        self._known: list[_Waiting] = []
        self._new: list[_Waiting] = []
        self._order = count()
        self._turns = 0

    @property
    def taken(self) -> bool:
        """Whether somebody has it."""
        return self._taken

    async def acquire(self, since: float, *, is_new: bool) -> None:
        """Return when it is the caller's; `since` is when they began to wait, by any one clock."""
        if not self._taken:
            self._taken = True
            return
        place = asyncio.get_running_loop().create_future()
        heappush(self._new if is_new else self._known, (since, next(self._order), place))
        try:
            await place
        except BaseException:
            if place.done() and not place.cancelled():  # it came at the same moment: the next one's
                self.release()
            raise

    def release(self) -> None:
        """Let the next one have it."""
        while line := self._next_line():
            _, _, place = heappop(line)
            if not place.done():
                place.set_result(None)
                return
        self._taken = False

    def _next_line(self) -> list[_Waiting]:
        if not (self._known and self._new):
            return self._known or self._new
        self._turns += 1
        return self._known if self._turns % NEWCOMERS_EACH else self._new
