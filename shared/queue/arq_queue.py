"""The queue on arq's format in Redis: one round trip to enqueue, which also wakes a worker that waits."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from redis.asyncio import Redis
from redis.commands.core import AsyncScript
from redis.exceptions import RedisError

from shared.clock import Clock
from shared.envelope import Envelope
from shared.failpoints import Point, reach
from shared.queue import keys, scripts
from shared.queue.batcher import Batcher
from shared.queue.job_format import write_job
from shared.queue.port import Accepted, QueueUnavailableError

LARGEST_BATCH = 100
"""Commands that go to Redis in one call: it does nothing else meanwhile."""

type Put = Callable[[Sequence[Envelope]], Awaitable[list[Accepted]]]


class ArqCommandQueue:
    """Puts commands where arq workers find them."""

    def __init__(self, redis: Redis, clock: Clock, queue: str = keys.INTERACTIVE) -> None:
        self._redis = redis
        self._clock = clock
        self._queue = queue
        self._enqueue: AsyncScript = redis.register_script(scripts.ENQUEUE)
        self._batcher = Batcher(self._put, LARGEST_BATCH)

    async def put(self, envelope: Envelope) -> Accepted:
        """Keep a command unless its update was kept before. Raises QueueUnavailableError.

        Commands that come in while others are on their way to Redis go there together after those.
        """
        (accepted,) = await self._reaching([envelope], self._put_batched)
        return accepted

    async def put_all(self, envelopes: Sequence[Envelope]) -> list[Accepted]:
        """Keep commands in one round trip: all of them, or none and QueueUnavailableError is raised."""
        return await self._reaching(envelopes, self._put)

    async def put_again(self, envelope: Envelope) -> None:
        """Keep a command whose update was kept before, and given up. Raises QueueUnavailableError."""
        await self._reaching([envelope], partial(self._put, again=True))

    async def _reaching(self, envelopes: Sequence[Envelope], put: Put) -> list[Accepted]:
        try:
            for envelope in envelopes:
                await reach(Point.BEFORE_ENQUEUE, job_id=envelope.job_id)
            accepted = await put(envelopes)
            for envelope in envelopes:
                await reach(Point.AFTER_ENQUEUE, job_id=envelope.job_id)
        except (RedisError, OSError) as error:
            raise QueueUnavailableError(type(error).__name__) from error
        return accepted

    async def _put_batched(self, envelopes: Sequence[Envelope]) -> list[Accepted]:
        return [await self._batcher.submit(envelope) for envelope in envelopes]

    async def _put(self, envelopes: Sequence[Envelope], *, again: bool = False) -> list[Accepted]:
        if not envelopes:
            return []
        names = [self._queue, *(keys.lane(each.bot_id, each.actor.id) for each in envelopes)]
        values: list[str | bytes | int] = [int(again)]
        accepted_at = self._clock.now()
        for each in envelopes:
            values += [each.job_id, write_job(each, accepted_at), each.update_id]
        kept = await self._enqueue(keys=names, args=values)
        return [Accepted.QUEUED if each else Accepted.DUPLICATE for each in kept]

    async def ping(self) -> None:
        """Raise QueueUnavailableError unless Redis answers and may write."""
        try:
            await self._redis.set(keys.PROBE, 1, ex=60)
        except (RedisError, OSError) as error:
            raise QueueUnavailableError(type(error).__name__) from error
