"""The connection by which the queue tells a process that died from one that is slow."""

import asyncio

from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.exceptions import RedisError

from shared.queue import keys
from shared.retry import Backoff

LATE_SECONDS = 2.0
PING_SECONDS = 5.0
LONGEST_PAUSE_SECONDS = 1.0


class Connection:
    """A subscription to which nothing is ever sent: Redis knows at once when its process dies.

    A host that vanishes without a reset keeps it open: its worker's lease tells.
    """

    def __init__(self, blocking: Redis, queue: str, worker: str) -> None:
        self._blocking = blocking
        self._channel = queue + keys.CONNECTION + worker

    async def keep_for_ever(self) -> None:
        """Stay subscribed until cancelled; connect anew whenever the connection breaks."""
        backoff = Backoff(longest=LONGEST_PAUSE_SECONDS)
        while True:
            subscription = self._blocking.pubsub()
            try:
                await self._subscribe(subscription)
                backoff.reset()
                await self._listen(subscription)
            except (RedisError, OSError):
                await asyncio.sleep(backoff.seconds())
            finally:
                await subscription.aclose()  # type: ignore[no-untyped-call]

    async def _subscribe(self, subscription: PubSub) -> None:
        async with asyncio.timeout(LATE_SECONDS):
            await subscription.subscribe(self._channel)
            await subscription.get_message(timeout=None)

    async def _listen(self, subscription: PubSub) -> None:
        while True:
            if await subscription.get_message(timeout=PING_SECONDS) is None:
                async with asyncio.timeout(LATE_SECONDS):
                    await subscription.ping()
                    await subscription.get_message(timeout=None)
