"""A sign of life of each replica, in Redis."""

import asyncio
import os
import socket
from contextlib import suppress

from arq.connections import ArqRedis
from redis.exceptions import RedisError

from shared.clock import Clock
from shared.queue import keys

EVERY_SECONDS = 5
GONE_AFTER_SECONDS = 15
LEAVE_SECONDS = 1.0


def replica_name() -> str:
    """Name this replica: the container's name and the process's id."""
    return f"{socket.gethostname()}-{os.getpid()}"


class Heartbeat:
    """Notes when this replica was last alive; a note outlives its replica by seconds only."""

    def __init__(self, redis: ArqRedis, clock: Clock) -> None:
        self._redis = redis
        self._clock = clock
        self._name = replica_name()
        self.replicas = 1
        """How many replicas were alive when Redis was last asked."""

    async def beat_for_ever(self) -> None:
        """Beat until cancelled, then take itself out; a Redis that is away hears the next one."""
        try:
            while True:
                with suppress(RedisError, OSError):
                    await self.beat()
                await asyncio.sleep(EVERY_SECONDS)
        finally:
            with suppress(RedisError, OSError):
                async with asyncio.timeout(LEAVE_SECONDS):
                    await self.leave()

    async def beat(self) -> None:
        """Say that this replica is alive, and hear how many are."""
        now = int(self._clock.now().timestamp())
        async with self._redis.pipeline(transaction=False) as pipeline:
            pipeline.zadd(keys.REPLICAS, {self._name: now})
            pipeline.zremrangebyscore(keys.REPLICAS, "-inf", now - GONE_AFTER_SECONDS)
            pipeline.zcard(keys.REPLICAS)
            *_, alive = await pipeline.execute()
        self.replicas = max(1, int(alive))

    async def leave(self) -> None:
        """Say that this replica is no longer there."""
        await self._redis.zrem(keys.REPLICAS, self._name)
