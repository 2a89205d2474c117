"""The jobs of one queue as a worker handles them: one round trip a move."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import batched
from time import monotonic
from uuid import uuid4

from arq.connections import ArqRedis

from shared.failpoints import Point, reach
from shared.queue import keys, scripts
from worker.runtime.jobs.doorbell import Doorbell


@dataclass(frozen=True, slots=True)
class Job:
    """A claimed job."""

    id: str
    payload: bytes
    waited: float
    """Seconds it was due before it was claimed."""
    since: float
    """When its lease began, or a little before that, by this process's clock."""


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
        self._lease_ms = int(lease_seconds * 1000)
        self._worker = f"{replica}:{uuid4().hex}:{self._lease_ms}"
        self._doorbell = Doorbell(doorbell, queue + keys.DOORBELL + self._worker)
        self._keys = keys.of_queue(queue)
        self._same_moment = 0, 0.0
        """Of the last claim: Redis's time in milliseconds, and ours just before, in seconds."""
        self._claim = redis.register_script(scripts.CLAIM)
        self._leave = redis.register_script(scripts.LEAVE)
        self._renew = redis.register_script(scripts.RENEW)
        self._spare = redis.register_script(scripts.SPARE)
        self._finish = redis.register_script(scripts.FINISH)
        self._defer = redis.register_script(scripts.DEFER)

    async def claim(self, count: int) -> Claim:
        """Take up to `count` due jobs, for the length of a lease; with fewer than that, wait for more."""
        await self._doorbell.listen()
        asked_at = monotonic()
        now, next_due, *found = await self._claim(
            keys=self._keys, args=[keys.JOB, self._worker, self._lease_ms, count, keys.SEEN]
        )
        self._same_moment = now, asked_at
        jobs = [
            Job(job_id.decode(), payload, waited / 1000, asked_at)
            for job_id, payload, waited in batched(found, 3)
        ]
        if jobs:
            await reach(Point.AFTER_CLAIM, job_ids=[job.id for job in jobs])
        return Claim(jobs, None if next_due < 0 else next_due / 1000)

    async def wait(self, seconds: float) -> Job | None:
        """Return a job that somebody claimed for us, while we were listed; None where another claim is due.

        That is after `seconds`, or earlier, where something has changed. Raises TimeoutError where Redis is
        silent.
        """
        brought = await self._doorbell.wait(seconds)
        if not brought:
            return None
        handed, job_id, payload = brought.split(b"\n", 2)
        redis_then, ours_then = self._same_moment
        job = Job(job_id.decode(), payload, 0.0, ours_then + (int(handed) - redis_then) / 1000)
        await reach(Point.AFTER_CLAIM, job_ids=[job.id])
        return job

    async def leave(self, running: Iterable[str]) -> None:
        """Be handed nothing any more; give back what was handed to us and is not among what runs."""
        await self._doorbell.close()
        await self._leave(keys=self._keys, args=[keys.JOB, self._worker, *running])

    async def renew(self, job_ids: Iterable[str]) -> set[str]:
        """Begin the leases of running jobs anew; return those that are still ours."""
        kept = await self._renew(keys=self._keys, args=[keys.JOB, self._worker, self._lease_ms, *job_ids])
        return {job_id.decode() for job_id in kept}

    async def spare(self) -> None:
        """Let everybody keep for another lease what they hold: while Redis was away nobody could renew."""
        await self._spare(keys=self._keys, args=[keys.JOB, self._worker, self._lease_ms])

    async def finish(self, job_id: str, lane: str) -> bool:
        """Forget a job that is done, and let its lane's next one in; False where it is no longer ours.

        The lane of a job that nobody can read is empty: it is looked up.
        """
        await reach(Point.BEFORE_FINISH, job_id=job_id)
        of_job = [keys.JOB + job_id, keys.TRIES + job_id, keys.SEEN + job_id, lane]
        done = await self._finish(keys=[*self._keys, *of_job], args=[keys.JOB, self._worker, job_id])
        return bool(done)

    async def defer(self, job_id: str, seconds: float) -> bool:
        """Give a job back, due again after `seconds`; it keeps its place at the head of its lane.

        False where it is no longer ours.
        """
        deferred = await self._defer(
            keys=self._keys, args=[keys.JOB, self._worker, job_id, int(seconds * 1000)]
        )
        return bool(deferred)

    async def count_failure(self, job_id: str) -> int:
        """Count a try that failed by the command's own fault; return how many there were."""
        async with self.redis.pipeline(transaction=True) as pipeline:
            pipeline.incr(keys.TRIES + job_id)
            pipeline.expire(keys.TRIES + job_id, keys.TRIES_SECONDS)
            tries, _ = await pipeline.execute()
        return int(tries)
