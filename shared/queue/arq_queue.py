"""The queue on arq's format in Redis: one round trip to enqueue, and the doorbell rung in it."""

from arq.jobs import serialize_job
from pydantic_core import to_json
from redis.asyncio import Redis
from redis.commands.core import AsyncScript
from redis.exceptions import RedisError

from shared.clock import Clock
from shared.commands import Envelope
from shared.failpoints import Point, reach
from shared.queue import keys, scripts
from shared.queue.port import Accepted, QueueUnavailableError

RUN_COMMAND = "run_command"
"""The name under which workers register the function that runs commands."""


class ArqCommandQueue:
    """Puts commands where arq workers find them."""

    def __init__(self, redis: Redis, clock: Clock, queue: str = keys.INTERACTIVE) -> None:
        self._redis = redis
        self._clock = clock
        self._queue = queue
        self._enqueue: AsyncScript = redis.register_script(scripts.ENQUEUE)

    async def put(self, envelope: Envelope) -> Accepted:
        """Keep a command unless its update was kept before. Raises QueueUnavailableError."""
        queued = await self._put(envelope, again=False)
        return Accepted.QUEUED if queued else Accepted.DUPLICATE

    async def put_again(self, envelope: Envelope) -> None:
        """Keep a command whose update was kept before, and given up. Raises QueueUnavailableError."""
        await self._put(envelope, again=True)

    async def _put(self, envelope: Envelope, *, again: bool) -> bool:
        job_id = envelope.job_id
        try:
            await reach(Point.BEFORE_ENQUEUE, job_id=job_id)
            queued = await self._enqueue(
                keys=[
                    keys.SEEN + job_id,
                    keys.JOB + job_id,
                    self._queue,
                    keys.lane(envelope.bot_id, envelope.actor.id),
                    self._queue + keys.DOORBELL,
                ],
                args=[
                    job_id,
                    self._payload(envelope),
                    envelope.update_id,
                    keys.SEEN_SECONDS,
                    keys.DOORBELL_LENGTH,
                    keys.JOB,
                    int(again),
                ],
            )
            await reach(Point.AFTER_ENQUEUE, job_id=job_id)
        except (RedisError, OSError) as error:
            raise QueueUnavailableError(type(error).__name__) from error
        return bool(queued)

    async def ping(self) -> None:
        """Raise QueueUnavailableError unless Redis answers and may write."""
        try:
            await self._redis.set(keys.PROBE, 1, ex=60)
        except (RedisError, OSError) as error:
            raise QueueUnavailableError(type(error).__name__) from error

    def _payload(self, envelope: Envelope) -> bytes:
        now_ms = int(self._clock.now().timestamp() * 1000)
        payload = serialize_job(RUN_COMMAND, (envelope,), {}, None, now_ms, serializer=to_json)
        if payload is None:
            raise TypeError("arq serialized a job to nothing")
        return payload
