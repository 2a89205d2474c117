"""The jobs of one queue as a worker handles them: one round trip a move."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

from arq.connections import ArqRedis

from shared.failpoints import Point, reach
from shared.queue import keys, scripts

LATE_SECONDS = 2.0
"""A bell that Redis should have answered for by now is on a connection that is lost."""


@dataclass(frozen=True, slots=True)
class Job:
    """A claimed job."""

    id: str
    payload: bytes
    waited: float
    """Seconds it was due before it was claimed."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What a claim gave, and when the queue next has something to do."""

    jobs: list[Job]
    next_due: float | None
    """Seconds until the first job that is left becomes due; None where none is left."""


class JobStore:
    """Claims, renews, defers and finishes the jobs of one queue. Everything raises RedisError and OSError."""

    def __init__(self, redis: ArqRedis, doorbell: ArqRedis, queue: str, lease_seconds: float) -> None:
        self.queue = queue
        self.lease_seconds = lease_seconds
        self.redis = redis
        self._waiting = doorbell
        self._bell = queue + keys.DOORBELL
        self._lease_ms = int(lease_seconds * 1000)
        self._claim = redis.register_script(scripts.CLAIM)
        self._renew = redis.register_script(scripts.RENEW)
        self._finish = redis.register_script(scripts.FINISH)
        self._defer = redis.register_script(scripts.DEFER)

    async def claim(self, count: int) -> Claim:
        """Take up to `count` due jobs, for the length of a lease."""
        answer = await self._claim(keys=[self.queue, self._bell], args=[self._lease_ms, count, keys.JOB])
        found = zip(answer[1::3], answer[2::3], answer[3::3], strict=True)
        jobs = [Job(job_id.decode(), payload, waited / 1000) for job_id, payload, waited in found]
        if jobs:
            await reach(Point.AFTER_CLAIM, job_ids=[job.id for job in jobs])
        return Claim(jobs, None if answer[0] < 0 else answer[0] / 1000)

    async def renew(self, job_ids: Iterable[str]) -> None:
        """Begin the leases of running jobs anew."""
        await self._renew(keys=[self.queue], args=[self._lease_ms, *job_ids])

    async def finish(self, job_id: str, lane: str) -> None:
        """Forget a job that is done, and let its lane's next one in."""
        await reach(Point.BEFORE_FINISH, job_id=job_id)
        await self._finish(
            keys=[self.queue, keys.JOB + job_id, keys.TRIES + job_id, lane, self._bell],
            args=[job_id, keys.DOORBELL_LENGTH, keys.JOB],
        )

    async def defer(self, job_id: str, seconds: float) -> None:
        """Give a job back, due again after `seconds`; it keeps its place at the head of its lane."""
        await self._defer(
            keys=[self.queue, self._bell], args=[job_id, int(seconds * 1000), keys.DOORBELL_LENGTH]
        )

    async def count_failure(self, job_id: str) -> int:
        """Count a try that failed by the command's own fault; return how many there were."""
        async with self.redis.pipeline(transaction=True) as pipeline:
            pipeline.incr(keys.TRIES + job_id)
            pipeline.expire(keys.TRIES + job_id, keys.TRIES_SECONDS)
            tries, _ = await pipeline.execute()
        return int(tries)

    async def wait_for_bell(self, seconds: float) -> None:
        """Return when a job may be due: the bell rang for us, or `seconds` are over.

        Raises TimeoutError where Redis is silent: no reset tells of a host that is gone.
        """
        seconds = max(seconds, 0.01)
        async with asyncio.timeout(seconds + LATE_SECONDS):
            await self._waiting.blpop([self._bell], timeout=seconds)  # type: ignore[misc, arg-type]  # takes fractions since 6.0

    async def ring(self) -> None:
        """Wake one waiting worker."""
        await self.redis.rpush(self._bell, 1)  # type: ignore[misc]
