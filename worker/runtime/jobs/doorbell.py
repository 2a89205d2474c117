"""The bell by which Redis wakes a worker that waits, with the job in hand."""

import asyncio

from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.exceptions import RedisError

LATE_SECONDS = 2.0
"""What Redis should have answered by now it answers on a connection that is lost."""
SHORTEST_SECONDS = 0.01


class Doorbell:
    """One worker's channel, on a connection of its own. Everything raises RedisError and OSError."""

    def __init__(self, redis: Redis, channel: str) -> None:
        self._redis = redis
        self._channel = channel
        self._heard: PubSub | None = None

    async def listen(self) -> PubSub:
        """Have Redis reach us; who rings before that is not heard."""
        if self._heard is not None:
            return self._heard
        bell = self._redis.pubsub()
        try:
            async with asyncio.timeout(LATE_SECONDS):
                await bell.subscribe(self._channel)
                await bell.get_message(timeout=None)
        except BaseException:
            await bell.aclose()  # type: ignore[no-untyped-call]
            raise
        self._heard = bell
        return bell

    async def wait(self, seconds: float) -> bytes | None:
        """Return what somebody brought, empty where they only rang; None where nobody came for so long.

        Raises TimeoutError where Redis is silent: no reset tells of a host that is gone.
        """
        bell, seconds = await self.listen(), max(seconds, SHORTEST_SECONDS)
        try:
            async with asyncio.timeout(seconds + LATE_SECONDS):
                message = await bell.get_message(timeout=seconds)
                if message is None:
                    await bell.ping()
                    message = await bell.get_message(timeout=None)
        except (RedisError, OSError):
            await self.close()
            raise
        if message["type"] == "pong":
            return None
        # Anything else tells of a new connection: what rang while there was none, nobody has heard.
        return bytes(message["data"]) if message["type"] == "message" else b""

    async def close(self) -> None:
        """Hear nothing any more, not even what has been rung already."""
        bell, self._heard = self._heard, None
        if bell is not None:
            await bell.aclose()  # type: ignore[no-untyped-call]
