"""The jobs of one queue as a worker handles them: one round trip a move."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import uuid4

from arq.connections import ArqRedis

from shared.failpoints import Point, reach
from shared.queue import keys, scripts

UNCONNECTED_SHARE = 1 / 6
"""A worker whose connection is gone as well keeps its jobs for this share of its lease only."""
REMEMBERED_MS = 60_000
"""For so long after its lease a worker that is gone is looked after: a claim of its own may come late."""


@dataclass(frozen=True, slots=True)
class HeartbeatAnswer:
    """What the queue says to a worker that lives."""

    claimed: frozenset[str]
    """The jobs that are the worker's."""
    next_due: float | None
    """Seconds until the next delayed job is due; None where none is delayed."""


class JobStore:
    """Claims the jobs of one queue, and defers and finishes those that are still its worker's.

    Everything raises RedisError and OSError. `replica` is for people who look at who has what.
    """

    def __init__(self, redis: ArqRedis, queue: str, lease_seconds: float, replica: str = "") -> None:
        self.queue = queue
        self.lease_seconds = lease_seconds
        self.worker = f"{replica}:{uuid4().hex}"
        self.redis = redis
        self.lease_ms = int(lease_seconds * 1000)
        self._heartbeat = redis.register_script(scripts.HEARTBEAT)
        self._release = redis.register_script(scripts.RELEASE)
        self._finish = redis.register_script(scripts.FINISH)
        self._defer = redis.register_script(scripts.DEFER)
        self._leave = redis.register_script(scripts.LEAVE)

    async def heartbeat(self) -> HeartbeatAnswer:
        """Renew the worker's lease, take over from workers that are gone, make ready what is due.

        What others left because they do not know it becomes this worker's: its next claim returns it.
        """
        arguments: list[str | float] = [self.worker, self.lease_ms, UNCONNECTED_SHARE, REMEMBERED_MS]
        next_due, *claimed = await self._heartbeat(keys=[self.queue], args=arguments)
        return HeartbeatAnswer(
            frozenset(job_id.decode() for job_id in claimed), None if next_due < 0 else next_due / 1000
        )

    async def release(self, known: Iterable[str]) -> None:
        """Give back what the worker has claimed and is not `known`."""
        await self._release(keys=[self.queue], args=[self.worker, *known])

    async def finish(self, job_id: str, lane: str) -> bool:
        """Forget a job that is done, and let its lane's next one in; False where it is not the worker's.

        The lane of a job that nobody can read is empty: it is looked up.
        """
        await reach(Point.BEFORE_FINISH, job_id=job_id)
        return bool(await self._finish(keys=[self.queue, lane], args=[self.worker, job_id]))

    async def defer(self, job_id: str, seconds: float, *, payload: bytes | None = None) -> bool:
        """Give a job back, due again after `seconds`; it keeps its place at the head of its lane.

        A `payload` replaces the job's own. False where the job is not the worker's: nothing is changed then.
        """
        how: list[bytes | int] = [int(seconds * 1000), payload or b""]
        return bool(await self._defer(keys=[self.queue], args=[self.worker, job_id, *how]))

    async def leave(self, job_id: str) -> bool:
        """Leave a job of an unknown kind to a worker that was not asked yet; it keeps the head of its lane.

        False where the job is not the worker's: nothing is changed then.
        """
        return bool(await self._leave(keys=[self.queue], args=[self.worker, job_id]))

    async def count_failure(self, job_id: str) -> int:
        """Count a try that failed by the command's own fault; return how many there were."""
        async with self.redis.pipeline(transaction=True) as pipeline:
            pipeline.incr(keys.TRIES + job_id)
            pipeline.expire(keys.TRIES + job_id, keys.TRIES_SECONDS)
            tries, _ = await pipeline.execute()
        return int(tries)
