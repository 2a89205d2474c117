"""The queue on arq's format in Redis: one round trip to enqueue, which also wakes a worker that waits."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from itertools import batched
from time import monotonic
from typing import Final

from redis.asyncio import Redis
from redis.commands.core import AsyncScript
from redis.exceptions import OutOfMemoryError, RedisError

from shared.clock import Clock
from shared.envelope import Envelope
from shared.failpoints import Point, reach
from shared.queue import enqueueing, keys
from shared.queue.batcher import Batcher
from shared.queue.job_format import write_job
from shared.queue.port import Accepted, Pace, QueueUnavailableError, Receipt

LARGEST_BATCH = 100
"""Commands that go to Redis in one call: it does nothing else meanwhile."""

LONGEST_LANE = 20
"""Commands of one person that wait; who sends more is told to wait."""
NOTICE_PAUSE_SECONDS = 10.0
"""Who is too fast is told so once in this time, by whichever process."""
REFUSED_SECONDS = 5.0
"""For so long after a command was refused the queue is not ready, unless another one was kept since."""
NO_PACE: Final = Pace(burst=0, per_second=0)

_ACCEPTED: Final = {
    enqueueing.KEPT: Accepted.QUEUED,
    enqueueing.REPEATED: Accepted.DUPLICATE,
    enqueueing.REFUSED: Accepted.THROTTLED,
    enqueueing.REFUSED_SILENTLY: Accepted.THROTTLED,
}

type Put = Callable[[Sequence[Envelope]], Awaitable[list[Receipt]]]


class ArqCommandQueue:
    """Puts commands where arq workers find them. Without a `pace`, nobody is too fast."""

    def __init__(
        self, redis: Redis, clock: Clock, queue: str = keys.INTERACTIVE, pace: Pace = NO_PACE
    ) -> None:
        self._redis = redis
        self._clock = clock
        self._pace = pace
        self._queue = queue
        self._enqueue: AsyncScript = redis.register_script(enqueueing.ENQUEUE)
        self._batcher = Batcher(self._put, LARGEST_BATCH)
        self._refused_until = 0.0
        self._refusal = ""

    async def put(self, envelope: Envelope) -> Receipt:
        """Keep a command unless its update was kept before. Raises QueueUnavailableError.

        Commands that come in while others are on their way to Redis go there together after those.
        """
        (receipt,) = await self._reaching([envelope], self._put_batched)
        return receipt

    async def put_all(self, envelopes: Sequence[Envelope]) -> list[Receipt]:
        """Keep commands in one round trip, or in several where Redis has no room for all at once.

        Raises QueueUnavailableError where not all are kept; those that are will be duplicates.
        """
        return await self._reaching(envelopes, self._put)

    async def put_again(self, envelope: Envelope) -> None:
        """Keep a command whose update was kept before, and given up. Raises QueueUnavailableError."""
        await self._reaching([envelope], partial(self._put, again=True))

    async def _reaching(self, envelopes: Sequence[Envelope], put: Put) -> list[Receipt]:
        try:
            for envelope in envelopes:
                await reach(Point.BEFORE_ENQUEUE, job_id=envelope.job_id)
            receipts = await put(envelopes)
            for envelope in envelopes:
                await reach(Point.AFTER_ENQUEUE, job_id=envelope.job_id)
        except (RedisError, OSError) as error:
            self._refused_until = monotonic() + REFUSED_SECONDS
            self._refusal = type(error).__name__
            raise QueueUnavailableError(self._refusal) from error
        self._refused_until = 0.0
        return receipts

    async def _put_batched(self, envelopes: Sequence[Envelope]) -> list[Receipt]:
        return [await self._batcher.submit(envelope) for envelope in envelopes]

    async def _put(self, envelopes: Sequence[Envelope], *, again: bool = False) -> list[Receipt]:
        """Put a batch; one that a nearly full Redis has no room for goes there in halves."""
        if not envelopes:
            return []
        try:
            return await self._put_at_once(envelopes, again=again)
        except OutOfMemoryError:
            if len(envelopes) == 1:
                raise
        half = len(envelopes) // 2
        first = await self._put(envelopes[:half], again=again)
        return first + await self._put(envelopes[half:], again=again)

    async def _put_at_once(self, envelopes: Sequence[Envelope], *, again: bool) -> list[Receipt]:
        names = [self._queue, *(lane_of(each) for each in envelopes)]
        pace = self._pace
        values: list[str | bytes | float] = [
            int(again),
            pace.burst,
            pace.per_second,
            int(NOTICE_PAUSE_SECONDS * 1000),
            LONGEST_LANE,
        ]
        for each in envelopes:
            values += self._described(each)
        answers = await self._enqueue(keys=names, args=values)
        return [_receipt(result, tap) for result, tap in batched(answers, 2)]

    def _described(self, envelope: Envelope) -> list[str | bytes | float]:
        return [
            envelope.job_id,
            write_job(envelope, self._clock.now()),
            envelope.update_id,
            int(envelope.command.kind not in self._pace.exempt),
            envelope.shown_in,
            envelope.reply_to.callback_id or "",
        ]

    async def ping(self) -> None:
        """Raise QueueUnavailableError unless Redis answers, may write, and did not just refuse a command.

        A Redis whose memory is nearly full writes the probe, and refuses what is larger.
        """
        if monotonic() < self._refused_until:
            raise QueueUnavailableError(self._refusal)
        try:
            await self._redis.set(keys.PROBE, 1, ex=60)
        except (RedisError, OSError) as error:
            raise QueueUnavailableError(type(error).__name__) from error


def lane_of(envelope: Envelope) -> str:
    """Name the lane in which a command waits."""
    return keys.lane(envelope.bot_id, envelope.actor.id, urgent=envelope.command.urgent)


def _receipt(result: int, tap: bytes) -> Receipt:
    return Receipt(_ACCEPTED[result], tell=result == enqueueing.REFUSED, superseded_tap=tap.decode() or None)
