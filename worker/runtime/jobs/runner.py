"""One claimed job: run, and then finished, deferred or moved to the dead letters."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any, Final

import structlog
from redis.exceptions import RedisError

from shared.envelope import UnknownKindError
from shared.queue.job_format import read_call
from shared.retry import Backoff, backoff_seconds
from worker.db.errors import cause_of
from worker.db.outages import asked_pause, is_outage
from worker.runtime.jobs.attempts import Attempts
from worker.runtime.jobs.errors import DeferJobError
from worker.runtime.jobs.leases import JobLease, LeaseHandle
from worker.runtime.jobs.metrics import JobMetrics
from worker.runtime.jobs.source import Job
from worker.runtime.jobs.store import JobStore

log = structlog.get_logger()

MAX_TRIES: Final = 5
LONGEST_PAUSE_SECONDS: Final = 1.0
"""The longest pause before Redis is asked again to finish a job."""
DEFERRED: Final = "deferred"
RETRIED: Final = "retried"
LOST: Final = "lost"
"""The result of a job that another worker has by now: what becomes of it is no longer ours to say."""


@dataclass(frozen=True, slots=True)
class JobContext:
    """What a job function is told of the job."""

    job_id: str
    waited: float
    """Seconds the job was due before it was claimed."""
    lease: LeaseHandle


type JobFunction = Callable[..., Awaitable[None]]
"""Called with a JobContext and the job's arguments."""
type LaneOf = Callable[[Sequence[Any]], str]
"""Names a job's lane by its arguments; raises for arguments that make no sense."""
type DeadLetterSink = Callable[[Job, BaseException], Awaitable[None]]
"""Keeps a job that failed for good, before the queue forgets it."""


@dataclass(frozen=True, slots=True)
class JobHandlers:
    """What is done with a job, by the name in arq's format, and with one that cannot be done."""

    functions: Mapping[str, JobFunction]
    lane_of: LaneOf
    to_dead_letters: DeadLetterSink


@dataclass(frozen=True, slots=True)
class _Call:
    """A job as it was read."""

    name: str
    function: JobFunction
    arguments: Sequence[Any]
    lane: str


class JobRunner:
    """Runs jobs one by one and tells the queue what became of each."""

    def __init__(self, store: JobStore, handlers: JobHandlers, metrics: JobMetrics) -> None:
        self._store = store
        self._handlers = handlers
        self._metrics = metrics
        self._attempts = Attempts()
        self._stopping = False

    def stop(self) -> None:
        """Wait for Redis no longer."""
        self._stopping = True

    async def run(self, job: Job, lease: JobLease) -> str:
        """Run a job; return how it was given back, LOST where Redis could not be told."""
        self._metrics.wait.observe(job.waited)
        with self._metrics.running.track_inprogress():
            try:
                result = await self._attempt(job, lease)
            except (RedisError, OSError):
                # The next claim finds the job again; the database knows what has been done.
                self._metrics.queue_errors.inc()
                return LOST
        self._metrics.ended(result)
        return result

    async def _attempt(self, job: Job, lease: JobLease) -> str:
        try:
            call = self._read(job)
        except Exception as error:  # noqa: BLE001 - whatever it is, nobody here can read this job
            return await self._move_to_dead_letters(job, "", error)
        context = JobContext(job.id, job.waited, lease)
        started = monotonic()
        try:
            await call.function(context, *call.arguments)
        except asyncio.CancelledError:
            await asyncio.shield(self._store.defer(job.id, 0))
            return "released"
        except Exception as error:  # noqa: BLE001 - a command's failure must not end the worker
            return await self._fail(job, call.lane, lease, error)
        finally:
            self._metrics.ran(call.name, monotonic() - started)
        if lease.was_refused:  # by a Redis that could not say, or the job has come back: nobody has done it
            return await self._defer(job, 0, DEFERRED)
        self._attempts.forget(job.id)
        return await self._finish(job, call.lane, "done")

    def _read(self, job: Job) -> _Call:
        name, arguments = read_call(job.payload)
        return _Call(name, self._handlers.functions[name], arguments, self._handlers.lane_of(arguments))

    async def _fail(self, job: Job, lane: str, lease: JobLease, error: Exception) -> str:
        match error:
            case DeferJobError():
                log.info("job deferred", job_id=job.id, reason=error.reason, seconds=error.seconds)
                return await self._defer(job, error.seconds, DEFERRED, payload=error.payload)
            case UnknownKindError():
                return await self._leave(job, error)
            case _ if is_outage(error):
                attempt = self._attempts.count(job.id)
                log.warning("job deferred", job_id=job.id, error=cause_of(error), attempt=attempt)
                return await self._defer(job, asked_pause(error) or backoff_seconds(attempt), DEFERRED)
        if not await lease.is_valid():
            return LOST
        tries = await self._store.count_failure(job.id)
        log.error("job failed", job_id=job.id, tries=tries, exc_info=error)
        if tries < MAX_TRIES:
            return await self._defer(job, backoff_seconds(tries), RETRIED)
        return await self._move_to_dead_letters(job, lane, error)

    async def _leave(self, job: Job, error: UnknownKindError) -> str:
        log.warning("job of an unknown kind left to a newer worker", job_id=job.id, kind=error.kind)
        self._metrics.unknown_kind.inc()
        return DEFERRED if await self._store.leave(job.id) else LOST

    async def _defer(
        self,
        job: Job,
        seconds: float,
        result: str,
        *,
        payload: bytes | None = None,
    ) -> str:
        deferred = await self._store.defer(job.id, seconds, payload=payload)
        return result if deferred else LOST

    async def _finish(self, job: Job, lane: str, result: str) -> str:
        """Have the queue forget a job; asked until Redis answers, or what is done would be done again."""
        backoff = Backoff(longest=LONGEST_PAUSE_SECONDS)
        while True:
            try:
                return result if await self._store.finish(job.id, lane) else LOST
            except (RedisError, OSError):
                if self._stopping:
                    raise
                self._metrics.queue_errors.inc()
                await asyncio.sleep(backoff.seconds())

    async def _move_to_dead_letters(self, job: Job, lane: str, error: Exception) -> str:
        """Keep a job for people to look at, and let its lane go on; defer it where it cannot be kept now."""
        try:
            await self._handlers.to_dead_letters(job, error)
        except Exception as failure:
            log.exception("job not moved to the dead letters", job_id=job.id)
            result = DEFERRED if is_outage(failure) else RETRIED
            return await self._defer(job, backoff_seconds(self._attempts.count(job.id)), result)
        return await self._finish(job, lane, "dead")
