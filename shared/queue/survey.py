"""How much waits on a queue, for those who look on."""

from dataclasses import dataclass
from typing import Final

from redis.asyncio import Redis

from shared.queue.lua import QUEUE

LOOKED_AT: Final = 100
MOST_LOOKED_AT: Final = 1000
"""Of a longer queue so many open jobs are looked at: there what is due is the trouble, and measured too."""

SURVEY: Final = (
    QUEUE
    + f"""
-- ARGV: how many of the ready jobs are looked at
-- Answers how many jobs could run now, how many are in the queue, for how long the oldest of the former has
-- waited (ms), for how long the oldest of the latter has (ms), and for how long a job of an unknown kind has.
-- What was delayed stands first, whenever it was due: the oldest is among the first, or the first newcomer.
local oldest, first = now, redis.call('LRANGE', ready, -ARGV[1], -1)
first[#first + 1] = redis.call('LINDEX', newcomers, -1) or nil
for _, id in ipairs(first) do
  oldest = math.min(oldest, redis.call('HGET', due, id) or now)
end
local late = redis.call('ZCOUNT', delayed, '-inf', now)
if late > 0 then oldest = math.min(oldest, redis.call('ZRANGE', delayed, 0, 0, 'WITHSCORES')[2]) end
local open = now
for place, value in ipairs(redis.call('HSCAN', due, 0, 'COUNT', {MOST_LOOKED_AT})[2]) do
  if place % 2 == 0 then open = math.min(open, value) end
end
local strange = redis.call('ZRANGE', unknown, 0, 0, 'WITHSCORES')[2] or now
local waiting = redis.call('LLEN', ready) + redis.call('LLEN', newcomers)
return {{waiting + late, redis.call('HLEN', due), now - oldest, now - open, now - strange}}
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
    oldest_open_seconds: float
    """For how long the oldest job of the queue has been the first of its lane, by Redis's clock.

    What an outage defers is not due, so that the age of what is due says nothing about it.
    """
    oldest_unknown_kind_seconds: float
    """How long ago a job was first left to a newer worker, of those that still wait for one."""


async def survey(redis: Redis, queue: str) -> Survey:
    """Look at a queue, in one round trip. Raises RedisError and OSError."""
    found = await redis.register_script(SURVEY)(keys=[queue], args=[LOOKED_AT])
    due, jobs, oldest_due_ms, oldest_open_ms, oldest_unknown_kind_ms = found
    return Survey(due, jobs, oldest_due_ms / 1000, oldest_open_ms / 1000, oldest_unknown_kind_ms / 1000)
