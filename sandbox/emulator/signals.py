"""Waiting for something to happen: long polls of every kind stand on this."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Hashable


class Signal[Key: Hashable]:
    """Wakes whoever waits for a key."""

    def __init__(self) -> None:
        self._waiting: defaultdict[Key, set[asyncio.Future[None]]] = defaultdict(set)
        self._closed = False

    def ring(self, key: Key) -> None:
        """Wake everyone who waits for `key`."""
        for waiter in self._waiting.pop(key, ()):
            if not waiter.done():
                waiter.set_result(None)

    async def wait(self, key: Key, seconds: float) -> None:
        """Wait for `key` to be rung, for `seconds` at most, or until the emulator stops."""
        if self._closed or seconds <= 0:
            return
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[key].add(waiter)
        try:
            async with asyncio.timeout(seconds):
                await waiter
        except TimeoutError:
            return
        finally:
            self._forget(key, waiter)

    def close(self) -> None:
        """Wake everyone and let nobody wait again."""
        self._closed = True
        for key in list(self._waiting):
            self.ring(key)

    @property
    def closed(self) -> bool:
        """Whether the emulator is stopping."""
        return self._closed

    def _forget(self, key: Key, waiter: asyncio.Future[None]) -> None:
        if key in self._waiting:
            self._waiting[key].discard(waiter)
            if not self._waiting[key]:
                del self._waiting[key]


async def until[Key: Hashable, Found](
    signal: Signal[Key], key: Key, seconds: float, look: Callable[[], Found]
) -> Found:
    """Return the first truthy answer of `look`, asked anew whenever `key` rings, or its last one."""
    deadline = asyncio.get_running_loop().time() + seconds
    while not (found := look()):
        left = deadline - asyncio.get_running_loop().time()
        if left <= 0 or signal.closed:
            break
        await signal.wait(key, left)
    return found
