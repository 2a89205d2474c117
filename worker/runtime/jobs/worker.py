"""A worker of one queue: claims what it has slots for, has it run, and gives back what it cannot end."""

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Final

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from shared.retry import backoff_seconds
from worker.runtime.jobs.connection import Connection
from worker.runtime.jobs.leases import JobLease, LeaseKeeper
from worker.runtime.jobs.metrics import JobMetrics
from worker.runtime.jobs.runner import DEFERRED, RETRIED, JobHandlers, JobRunner
from worker.runtime.jobs.slots import Slots
from worker.runtime.jobs.source import Job, JobSource
from worker.runtime.jobs.store import JobStore

log = structlog.get_logger()

LONGEST_PAUSE_SECONDS: Final = 1.0
"""The longest pause before Redis is asked again."""
RELEASE_SECONDS: Final = 1.0


class JobWorker:
    """Runs the jobs of one queue until it is stopped; outlives its Redis.

    `blocking` is for calls that wait longer than Redis may be silent otherwise.
    """

    def __init__(
        self,
        store: JobStore,
        blocking: Redis,
        handlers: JobHandlers,
        metrics: JobMetrics,
        *,
        max_jobs: int,
        drain_seconds: float,
    ) -> None:
        self._store = store
        self._slots = Slots(max_jobs)
        self.source = JobSource(store, blocking)
        self._connection = Connection(blocking, store.queue, store.worker)
        self.keeper = LeaseKeeper(store, metrics)
        self.runner = JobRunner(store, handlers, metrics)
        self._metrics = metrics
        self._drain_seconds = drain_seconds
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._stopping = asyncio.Event()
        self._idle = False

    async def main(self) -> None:
        """Run until `stop` is called; then finish what is in hand, or give it back."""
        async with asyncio.TaskGroup() as group:
            beside = [
                group.create_task(self.keeper.keep_for_ever()),
                group.create_task(self._connection.keep_for_ever()),
            ]
            claiming = group.create_task(self._claim_for_ever(group))
            await self._stopping.wait()
            if self._idle:  # a claim on its way may have taken jobs already: it is let through
                claiming.cancel()
            await asyncio.wait({claiming})
            await self._drain()
            for task in beside:
                task.cancel()

    def stop(self) -> None:
        """Claim nothing any more and let `main` return."""
        self.runner.stop()
        self._stopping.set()

    async def _claim_for_ever(self, group: asyncio.TaskGroup) -> None:
        failures = 0
        while not self._stopping.is_set():
            try:
                await self._claim(group)
                failures = 0
            except (RedisError, OSError) as error:
                failures += 1
                self._metrics.queue_errors.inc()
                if failures == 1:
                    log.warning("queue unavailable", queue=self._store.queue, error=type(error).__name__)
                with self._waiting():
                    await asyncio.sleep(backoff_seconds(failures, longest=LONGEST_PAUSE_SECONDS))

    async def _claim(self, group: asyncio.TaskGroup) -> None:
        """Start what is ready; where that is less than there are slots for, wait for more."""
        with self._waiting():
            await self._slots.wait_free()
        free = self._slots.free
        jobs = await self.source.claim(free, self._tasks)
        await self._start(jobs, group)
        if len(jobs) < free and not self._stopping.is_set():
            with self._waiting():
                jobs = await self.source.wait(self._tasks)
            await self._start(jobs, group)

    @contextmanager
    def _waiting(self) -> Iterator[None]:
        """Mark where a stop loses nothing."""
        self._idle = True
        try:
            yield
        finally:
            self._idle = False

    async def _start(self, jobs: Iterable[Job], group: asyncio.TaskGroup) -> None:
        for job in jobs:
            self._slots.take()
            lease = self.keeper.grant(job.id, self._slots.released)
            self._tasks[job.id] = group.create_task(self._run(job, lease))
        await asyncio.sleep(0)  # they begin before Redis is asked for anything else
        self.keeper.confirm()

    async def _run(self, job: Job, lease: JobLease) -> None:
        result = ""
        try:
            result = await self.runner.run(job, lease)
        finally:
            del self._tasks[job.id]
            self.keeper.drop(job.id, deferred=result in {DEFERRED, RETRIED})
            self._slots.give_back()

    async def _drain(self) -> None:
        """Let running jobs end; cancel and give back what does not end in time."""
        await self._release()
        if running := set(self._tasks.values()):
            _, late = await asyncio.wait(running, timeout=self._drain_seconds)
            for task in late:
                task.cancel()
            await asyncio.wait(running)
            await self._release()

    async def _release(self) -> None:
        """Give back what was claimed for this worker and not begun; without Redis, its lease runs out."""
        try:
            async with asyncio.timeout(RELEASE_SECONDS):
                await self._store.release(self._tasks)
        except (RedisError, OSError):
            self._metrics.queue_errors.inc()
