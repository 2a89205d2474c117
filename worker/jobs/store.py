"""The jobs of one queue as a worker handles them: one round trip a move."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import uuid4

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
    """Claims the jobs of one queue, and renews, defers and finishes those that are still its own.

    Everything raises RedisError and OSError. `replica` is for people who look at who has what.
    """

    def __init__(
        self, redis: ArqRedis, doorbell: ArqRedis, queue: str, lease_seconds: float, replica: str = ""
    ) -> None:
        self.queue = queue
        self.lease_seconds = lease_seconds
        self.redis = redis
        self._waiting = doorbell
        self._bell = queue + keys.DOORBELL
        self._owners = queue + keys.OWNERS
        self._owner = f"{replica}:{uuid4().hex}"
        self._lease_ms = int(lease_seconds * 1000)
        self._claim = redis.register_script(scripts.CLAIM)
        self._renew = redis.register_script(scripts.RENEW)
        self._spare = redis.register_script(scripts.SPARE)
        self._finish = redis.register_script(scripts.FINISH)
        self._defer = redis.register_script(scripts.DEFER)

    async def claim(self, count: int) -> Claim:
        """Take up to `count` due jobs, for the length of a lease."""
        answer = await self._claim(
            keys=[self.queue, self._bell, self._owners],
            args=[self._lease_ms, count, keys.JOB, self._owner, keys.SEEN, keys.DOORBELL_LENGTH],
        )
        found = zip(answer[1::3], answer[2::3], answer[3::3], strict=True)
        jobs = [Job(job_id.decode(), payload, waited / 1000) for job_id, payload, waited in found]
        if jobs:
            await reach(Point.AFTER_CLAIM, job_ids=[job.id for job in jobs])
        return Claim(jobs, None if answer[0] < 0 else answer[0] / 1000)

    async def renew(self, job_ids: Iterable[str]) -> set[str]:
        """Begin the leases of running jobs anew; return those that are still ours."""
        kept = await self._renew(
            keys=[self.queue, self._owners], args=[self._lease_ms, self._owner, *job_ids]
        )
        return {job_id.decode() for job_id in kept}

    async def spare(self) -> None:
        """Let everybody keep for another lease what they hold: while Redis was away nobody could renew."""
        await self._spare(keys=[self.queue, self._owners], args=[self._lease_ms])

    async def finish(self, job_id: str, lane: str) -> bool:
        """Forget a job that is done, and let its lane's next one in; False where it is no longer ours.

        The lane of a job that nobody can read is empty: it is looked up.
        """
        await reach(Point.BEFORE_FINISH, job_id=job_id)
        done = await self._finish(
            keys=[
                self.queue,
                keys.JOB + job_id,
                keys.TRIES + job_id,
                lane,
                self._bell,
                self._owners,
                keys.SEEN + job_id,
            ],
            args=[job_id, keys.DOORBELL_LENGTH, keys.JOB, self._owner],
        )
        return bool(done)

    async def defer(self, job_id: str, seconds: float) -> bool:
        """Give a job back, due again after `seconds`; it keeps its place at the head of its lane.

        False where it is no longer ours.
        """
        deferred = await self._defer(
            keys=[self.queue, self._bell, self._owners],
            args=[job_id, int(seconds * 1000), keys.DOORBELL_LENGTH, self._owner],
        )
        return bool(deferred)

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
