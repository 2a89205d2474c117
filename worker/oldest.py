"""How long somebody has waited: the oldest command that is accepted and not done, whatever holds it up.

A command that an outage defers is not due, so that the age of what is due says nothing about it.
"""

from datetime import UTC, datetime

from pydantic_core import from_json
from redis.asyncio import Redis

from shared.queue import keys

MOST_LOOKED_AT = 1000


async def oldest_accepted(redis: Redis, queue: str = keys.INTERACTIVE) -> datetime | None:
    """Return when the oldest open command was accepted; None where none is open. Raises RedisError.

    Update ids count upwards for each bot, so that the least of them is the oldest command. Of a longer queue
    a thousand are looked at: then what is due is the trouble, and is measured by itself.
    """
    _, found = await redis.hscan(queue + keys.DUE, count=MOST_LOOKED_AT)
    jobs = [each.decode() for each in found]
    oldest: dict[str, tuple[int, str]] = {}
    for job in jobs:
        bot, _, update = job.rpartition(":")
        if update.isdigit():
            oldest[bot] = min(oldest.get(bot, (int(update), job)), (int(update), job))
    if not oldest:
        return None
    payloads = await redis.mget([keys.JOB + job for _, job in oldest.values()])
    return min((at for payload in payloads if payload and (at := _accepted(payload))), default=None)


def _accepted(payload: bytes) -> datetime | None:
    """Read when arq's job was put on the queue: `et`, in milliseconds."""
    try:
        return datetime.fromtimestamp(from_json(payload)["et"] / 1000, UTC)
    except (ValueError, TypeError, LookupError):
        return None
