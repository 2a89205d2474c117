"""Where a worker gets its jobs: what is ready at once, or the next one as soon as there is one."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import batched
from typing import Any, Final

from redis.asyncio import Redis

from shared.failpoints import Point, reach
from shared.queue import keys, scripts
from worker.runtime.jobs.store import JobStore

WAIT_SECONDS: Final = 1.0
LATE_SECONDS: Final = 2.0
"""What Redis should have answered by now it answers on a connection that is lost."""


@dataclass(frozen=True, slots=True)
class Job:
    """A claimed job."""

    id: str
    payload: bytes
    waited: float
    """Seconds it was due before it was claimed."""


class JobSource:
    """Claims the jobs of one queue for one worker. Everything raises RedisError and OSError.

    `known` are the jobs that the worker has already. What is claimed and not known is returned by the next
    call, whichever it is: so a job whose answer was lost on its way is not.
    """

    def __init__(self, store: JobStore, blocking: Redis) -> None:
        self._store = store
        self._blocking = blocking
        self._claim = store.redis.register_script(scripts.CLAIM)
        self._move = (
            "BLMOVE",
            store.queue + keys.READY,
            store.queue + keys.CLAIMED + store.worker,
            "RIGHT",
            "RIGHT",
        )

    async def claim(self, count: int, known: Iterable[str]) -> list[Job]:
        """Return what is ready, up to `count` jobs."""
        found = await self._claim(keys=[self._store.queue], args=self._arguments(count, known))
        return await self._claimed(found)

    async def wait(self, known: Iterable[str]) -> list[Job]:
        """Return the next job once there is one; none where there is none within WAIT_SECONDS.

        Redis blocks this connection until a job is ready, moves it to the worker that has waited longest and
        goes on at once with what the connection sent behind that: the claim, which reads the job.
        Raises TimeoutError where Redis is silent: no reset tells of a host that is gone.
        """
        async with self._blocking.pipeline(transaction=False) as pipeline:
            pipeline.execute_command(*self._move, WAIT_SECONDS)
            pipeline.execute_command("EVAL", scripts.CLAIM, 1, self._store.queue, *self._arguments(1, known))
            async with asyncio.timeout(WAIT_SECONDS + LATE_SECONDS):
                _, found = await pipeline.execute()
        return await self._claimed(found)

    def _arguments(self, count: int, known: Iterable[str]) -> list[str | int]:
        return [self._store.worker, self._store.lease_ms, count, *known]

    async def _claimed(self, found: Sequence[Any]) -> list[Job]:
        jobs = [Job(job_id.decode(), payload, waited / 1000) for job_id, payload, waited in batched(found, 3)]
        if jobs:
            await reach(Point.AFTER_CLAIM, job_ids=[job.id for job in jobs])
        return jobs
