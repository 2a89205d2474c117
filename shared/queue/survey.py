"""How much waits on a queue, for those who look on."""

from dataclasses import dataclass
from typing import Final

from redis.asyncio import Redis

from shared.queue import scripts

LOOKED_AT: Final = 100


@dataclass(frozen=True, slots=True)
class Survey:
    """A queue at one moment; seconds are 0 where nothing waits."""

    due: int
    """Jobs that could run now."""
    jobs: int
    """Jobs in the queue: due, delayed or claimed. Of each lane there is one."""
    oldest_due_seconds: float
    """How long the oldest of those that could run now has waited."""
    oldest_unknown_kind_seconds: float
    """How long ago a job was first left to a newer worker, of those that still wait for one."""


async def survey(redis: Redis, queue: str) -> Survey:
    """Look at a queue, in one round trip. Raises RedisError and OSError."""
    found = await redis.register_script(scripts.SURVEY)(keys=[queue], args=[LOOKED_AT])
    due, jobs, oldest_due_ms, oldest_unknown_kind_ms = found
    return Survey(due, jobs, oldest_due_ms / 1000, oldest_unknown_kind_ms / 1000)
