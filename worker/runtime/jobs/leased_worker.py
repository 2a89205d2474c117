"""An arq worker that wakes by doorbell, claims by lease, and outlives its Redis.

It keeps arq's job format, function registry and counters, and replaces how jobs are found, held and
given back. What arq does instead, and why that is not enough: docs/decisions/0003-jobs.md.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from time import monotonic
from typing import Any

import structlog
from arq.jobs import deserialize_job_raw
from arq.worker import Function, JobExecutionFailed, Worker
from pydantic_core import from_json, to_json
from redis.exceptions import RedisError

from shared.metrics import PREFIX
from shared.retry import backoff_seconds
from worker.db.errors import cause_of
from worker.db.outages import asked_pause, is_outage
from worker.runtime.jobs.lease import Lease
from worker.runtime.jobs.metrics import JobMetrics
from worker.runtime.jobs.store import Claim, Job, JobStore

log = structlog.get_logger()

CEILING_SECONDS = 1.0
"""A worker looks at the queue at least this often, whatever became of the doorbell."""
LONGEST_SECONDS = 1.0
"""The longest pause before Redis is asked again: well within a lease, so that all are back to renew."""
RENEWALS_A_LEASE = 3
OUTAGES_REMEMBERED = 10_000
MAX_TRIES = 5
LENT_A_SLOT = 4
"""Jobs that only wait for their chat's turn at Telegram and take no place, for each place there is."""

LOST = "lost"
"""The result of a job that another worker has by now: what becomes of it is no longer ours to say."""

type LaneOf = Callable[[Sequence[Any]], str]
"""Names a job's lane by its arguments; raises for arguments that make no sense."""
type Bury = Callable[[Job, BaseException], Awaitable[None]]


class LeasedWorker(Worker):
    """Runs the jobs of one queue, up to `max_jobs` at a time, not counting those that lend their place.

    `bury` takes a job that failed MAX_TRIES times by its own fault, before the queue forgets it.
    """

    def __init__(
        self,
        functions: Sequence[Function],
        *,
        store: JobStore,
        lane_of: LaneOf,
        bury: Bury,
        metrics: JobMetrics,
        drain_seconds: float,
        max_jobs: int,
    ) -> None:
        super().__init__(
            functions,
            redis_pool=store.redis,
            queue_name=store.queue,
            max_jobs=max_jobs,
            handle_signals=False,
            job_serializer=to_json,
            job_deserializer=from_json,
            keep_result=0,
        )
        self._store = store
        self._lane_of = lane_of
        self._bury = bury
        self._metrics = metrics
        self._label = store.queue.removeprefix(f"{PREFIX}:")
        self._renew_every = store.lease_seconds / RENEWALS_A_LEASE
        self._drain_seconds = drain_seconds
        self._slot_freed = asyncio.Event()
        self._stopping = asyncio.Event()
        self._idle = False
        self._lent = 0
        self._leases: dict[str, Lease] = {}
        self._outages: dict[str, int] = {}

    async def main(self) -> None:
        """Run until `stop` is called; then finish what is in hand, or give it back."""
        async with asyncio.TaskGroup() as group:
            claiming = group.create_task(self._claim_for_ever(group))
            renewing = group.create_task(self._renew_for_ever())
            await self._stopping.wait()
            if self._idle:  # a claim on its way may have taken jobs already: it is let through
                claiming.cancel()
            await asyncio.wait({claiming})
            await self._leave()
            await self._drain()
            renewing.cancel()

    def stop(self) -> None:
        """Claim nothing any more and let `main` return."""
        self.allow_pick_jobs = False
        self._stopping.set()

    async def _claim_for_ever(self, group: asyncio.TaskGroup) -> None:
        failures = 0
        while self.allow_pick_jobs:
            try:
                if failures:
                    await self._store.leave(self.tasks)
                    await self._store.spare()
                await self._poll_iteration_in(group)
                failures = 0
            except (RedisError, OSError) as error:
                failures += 1
                self._metrics.queue_errors.labels(self._label).inc()
                if failures == 1:
                    log.warning("queue unavailable", queue=self.queue_name, error=cause_of(error))
                with self._waiting():
                    await asyncio.sleep(backoff_seconds(failures, longest=LONGEST_SECONDS))

    async def _poll_iteration_in(self, group: asyncio.TaskGroup) -> None:
        free = self.max_jobs + min(self._lent, self.max_jobs * LENT_A_SLOT) - len(self.tasks)
        if free <= 0:
            self._slot_freed.clear()
            with self._waiting():
                await self._slot_freed.wait()
            return
        claim = await self._store.claim(free)
        for job in claim.jobs:
            self._start(job, group)
        if len(claim.jobs) < free and self.allow_pick_jobs:
            with self._waiting():
                brought = await self._store.wait(_patience(claim))
            if brought is not None:
                self._start(brought, group)
                await asyncio.sleep(0)  # it begins before anything else is asked for

    @contextmanager
    def _waiting(self) -> Iterator[None]:
        """Mark where a stop loses nothing."""
        self._idle = True
        try:
            yield
        finally:
            self._idle = False

    @contextmanager
    def _lend(self) -> Iterator[None]:
        """Have one more job run, for the length of the block."""
        self._lent += 1
        self._slot_freed.set()
        try:
            yield
        finally:
            self._lent -= 1

    def _start(self, job: Job, group: asyncio.TaskGroup) -> None:
        if job.id in self.tasks:  # our own lease ran out while the job goes on: it is held again now
            self._leases[job.id].renewed(job.since, kept=True)
            return
        self._leases[job.id] = Lease(job.id, self._store, job.since, self._lend)
        self._metrics.wait.labels(self._label).observe(job.waited)
        self.tasks[job.id] = group.create_task(self._hold(job))

    async def _hold(self, job: Job) -> None:
        """Run a job and give it back, whatever happens to it or to Redis meanwhile."""
        self._metrics.running.labels(self._label).inc()
        try:
            result = await self._attempt(job)
            self._metrics.finished.labels(self._label, result).inc()
        except (RedisError, OSError):
            # The lease runs out by itself, and the database knows what has been done.
            self._metrics.queue_errors.labels(self._label).inc()
        finally:
            self._metrics.running.labels(self._label).dec()
            self._let_go(job)
            self._slot_freed.set()

    def _let_go(self, job: Job) -> None:
        """Hold a job no longer: it may be claimed again from now on, also by us."""
        if self.tasks.get(job.id) is asyncio.current_task():
            del self.tasks[job.id], self._leases[job.id]

    async def _give_back(self, job: Job, seconds: float, result: str) -> str:
        self._let_go(job)
        return result if await self._store.defer(job.id, seconds) else LOST

    async def _finish(self, job: Job, lane: str, result: str) -> str:
        """Have the queue forget a job; asked until Redis answers, or what is done would be done again."""
        failures = 0
        while True:
            try:
                return result if await self._store.finish(job.id, lane) else LOST
            except (RedisError, OSError):
                if self._stopping.is_set():
                    raise
                failures += 1
                self._metrics.queue_errors.labels(self._label).inc()
                await asyncio.sleep(backoff_seconds(failures, longest=LONGEST_SECONDS))

    async def _attempt(self, job: Job) -> str:
        lane = ""
        try:
            name, arguments, _, _, _ = deserialize_job_raw(job.payload, deserializer=self.job_deserializer)
            lane = self._lane_of(arguments)
            function = self._function(name)
        except Exception as error:  # noqa: BLE001 - whatever it is, nobody here can read this job
            return await self._end(job, lane, error)
        started, lease = monotonic(), self._leases[job.id]
        context = {"job_id": job.id, "waited": job.waited, "lease": lease}
        try:
            await function.coroutine({**self.ctx, **context}, *arguments)
        except asyncio.CancelledError:
            self._let_go(job)
            await asyncio.shield(self._store.defer(job.id, 0))
            return "released"
        except Exception as error:  # noqa: BLE001 - a command's failure must not end the worker
            return await self._fail(job, lane, error)
        finally:
            self._metrics.duration.labels(self._label, function.name).observe(monotonic() - started)
        if lease.denied:  # by a Redis that could not say, or it has come back to us since: nobody has done it
            return await self._give_back(job, 0, "deferred")
        self._outages.pop(job.id, None)
        self.jobs_complete += 1
        return await self._finish(job, lane, "done")

    def _function(self, name: str) -> Function:
        function = self.functions.get(name)
        if not isinstance(function, Function):
            raise JobExecutionFailed(f"no function is called {name!r} here")
        return function

    async def _fail(self, job: Job, lane: str, error: Exception) -> str:
        if is_outage(error):
            attempt = self._count_outage(job.id)
            log.warning("job deferred", job_id=job.id, error=cause_of(error), attempt=attempt)
            return await self._give_back(job, asked_pause(error) or backoff_seconds(attempt), "deferred")
        if not await self._leases[job.id].ours():
            return LOST
        tries = await self._store.count_failure(job.id)
        log.error("job failed", job_id=job.id, tries=tries, exc_info=error)
        if tries < MAX_TRIES:
            self.jobs_retried += 1
            return await self._give_back(job, backoff_seconds(tries), "retried")
        return await self._end(job, lane, error)

    async def _end(self, job: Job, lane: str, error: Exception) -> str:
        """Bury a job and let its lane go on; one that cannot be buried now is kept for later."""
        try:
            await self._bury(job, error)
        except Exception as failure:
            log.exception("job not buried", job_id=job.id)
            result = "deferred" if is_outage(failure) else "retried"
            return await self._give_back(job, backoff_seconds(self._count_outage(job.id)), result)
        self.jobs_failed += 1
        return await self._finish(job, lane, "dead")

    def _count_outage(self, job_id: str) -> int:
        """Count in memory: it only paces the tries, and a deferred job may go on in another replica."""
        if len(self._outages) >= OUTAGES_REMEMBERED:
            self._outages.clear()
        self._outages[job_id] = self._outages.get(job_id, 0) + 1
        return self._outages[job_id]

    async def _renew_for_ever(self) -> None:
        while True:
            await asyncio.sleep(self._renew_every)
            if not self.tasks:
                continue
            try:
                await self._renew(dict(self._leases))
            except (RedisError, OSError):
                self._metrics.queue_errors.labels(self._label).inc()

    async def _renew(self, leases: Mapping[str, Lease]) -> None:
        asked_at = monotonic()
        kept = await self._store.renew(leases)
        for job_id, lease in leases.items():
            lease.renewed(asked_at, kept=job_id in kept)

    async def _leave(self) -> None:
        """Take nothing on any more; without Redis, what is still handed to us comes back by its lease."""
        try:
            await asyncio.wait_for(self._store.leave(self.tasks), timeout=1.0)
        except (RedisError, OSError, TimeoutError):
            self._metrics.queue_errors.labels(self._label).inc()

    async def _drain(self) -> None:
        """Let running jobs end; cancel and give back what does not end in time."""
        running = set(self.tasks.values())
        if running:
            _, late = await asyncio.wait(running, timeout=self._drain_seconds)
            for task in late:
                task.cancel()


def _patience(claim: Claim) -> float:
    return CEILING_SECONDS if claim.next_due is None else min(CEILING_SECONDS, claim.next_due)
