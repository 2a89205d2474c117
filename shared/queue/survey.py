"""How much waits on a queue, for those who look on."""

from dataclasses import dataclass
from typing import Final

from redis.asyncio import Redis

from shared.queue.lua import QUEUE

LOOKED_AT: Final = 100

SURVEY: Final = (
    QUEUE
    + """
-- ARGV: how many of the ready jobs are looked at
-- Answers how many jobs could run now, how many are in the queue, for how long the oldest of the former has
-- waited (ms), and for how long a job of an unknown kind has.
-- What was delayed stands first, whenever it was due: the oldest is among the first, or the first newcomer.
local oldest, first = now, redis.call('LRANGE', ready, -ARGV[1], -1)
first[#first + 1] = redis.call('LINDEX', newcomers, -1) or nil
for _, id in ipairs(first) do
  oldest = math.min(oldest, redis.call('HGET', due, id) or now)
end
local late = redis.call('ZCOUNT', delayed, '-inf', now)
if late > 0 then oldest = math.min(oldest, redis.call('ZRANGE', delayed, 0, 0, 'WITHSCORES')[2]) end
local strange = redis.call('ZRANGE', unknown, 0, 0, 'WITHSCORES')[2] or now
local waiting = redis.call('LLEN', ready) + redis.call('LLEN', newcomers)
return {waiting + late, redis.call('HLEN', due), now - oldest, now - strange}
"""
)


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
    found = await redis.register_script(SURVEY)(keys=[queue], args=[LOOKED_AT])
    due, jobs, oldest_due_ms, oldest_unknown_kind_ms = found
    return Survey(due, jobs, oldest_due_ms / 1000, oldest_unknown_kind_ms / 1000)
