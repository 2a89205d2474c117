"""A sign of life of each replica, in Redis."""

import asyncio
import os
import socket
from contextlib import suppress

from arq.connections import ArqRedis
from redis.exceptions import RedisError

from shared.queue import keys

EVERY_SECONDS = 5
GONE_AFTER_SECONDS = 15
BEAT = """
-- KEYS: replicas; ARGV: this replica, after how many seconds one is gone. Answers how many are alive.
-- By Redis's clock: a machine whose own is ahead would take out all others.
local now = redis.call('TIME')[1]
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[2])
return redis.call('ZCARD', KEYS[1])
"""
LEAVE_SECONDS = 1.0


def replica_name() -> str:
    """Name this replica: the container's name and the process's id."""
    return f"{socket.gethostname()}-{os.getpid()}"


class Heartbeat:
    """Notes when this replica was last alive; a note outlives its replica by seconds only."""

    def __init__(self, redis: ArqRedis) -> None:
        self._redis = redis
        self._beat = redis.register_script(BEAT)
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
        alive = await self._beat(keys=[keys.REPLICAS], args=[self._name, GONE_AFTER_SECONDS])
        self.replicas = max(1, int(alive))

    async def leave(self) -> None:
        """Say that this replica is no longer there."""
        await self._redis.zrem(keys.REPLICAS, self._name)
