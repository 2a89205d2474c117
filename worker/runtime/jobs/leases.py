"""A worker's lease on its jobs: renewed while the worker lives, and asked for before anything irrevocable."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from time import monotonic
from typing import Final, Protocol

from redis.exceptions import RedisError

from worker.runtime.jobs.metrics import JobMetrics
from worker.runtime.jobs.store import JobStore

# Shares of a lease. A worker whose connection is gone keeps its jobs for store.UNCONNECTED_SHARE only, and
# need not know that: so what Redis said is trusted for less, and said again by then while a job runs.
BUSY_BEAT: Final = 1 / 15
IDLE_BEAT: Final = 1 / 6
FRESH: Final = 1 / 10
SHORTEST_PAUSE_SECONDS: Final = 0.005

type ReleaseSlot = Callable[[], AbstractContextManager[None]]


class LeaseHandle(Protocol):
    """What a command may ask of the job it runs as."""

    async def is_valid(self) -> bool:
        """Tell whether the job is still this worker's, for long enough to make one call."""
        ...

    def release_slot(self) -> AbstractContextManager[None]:
        """Let another job run in this one's slot for the length of the block: this one only waits there."""
        ...


class NullLease:
    """The lease of a command that no queue has handed out: nobody else can have it."""

    async def is_valid(self) -> bool:
        """Say yes."""
        return True

    def release_slot(self) -> AbstractContextManager[None]:
        """Do nothing: the command takes no slot."""
        return nullcontext()


class JobLease:
    """One claimed job's part of its worker's lease."""

    def __init__(self, keeper: "LeaseKeeper", release_slot: ReleaseSlot) -> None:
        self._keeper = keeper
        self._release_slot = release_slot
        self.held = True
        """Whether the job was the worker's at the last heartbeat."""
        self.was_refused = False
        """Whether the command was ever told no: then it left something undone."""

    async def is_valid(self) -> bool:
        """Tell whether the job is still the worker's; while Redis cannot say, it is not."""
        valid = (self.held and self._keeper.is_fresh) or await self._ask()
        self.was_refused = self.was_refused or not valid
        return valid

    async def _ask(self) -> bool:
        try:
            await self._keeper.beat()
        except (RedisError, OSError):
            return False
        return self.held

    def release_slot(self) -> AbstractContextManager[None]:
        """Let another job run for the length of the block."""
        return self._release_slot()


class LeaseKeeper:
    """Renews a worker's lease by heartbeats, which also take over from workers that are gone.

    A lease is timed by this process's clock from before Redis was asked: so a process that was stopped knows
    that its lease may be over, whatever it has not heard meanwhile.
    """

    def __init__(self, store: JobStore, metrics: JobMetrics) -> None:
        self._store = store
        self._metrics = metrics
        self._leases: dict[str, JobLease] = {}
        self._beaten_at = -store.lease_seconds
        self._next_due: float | None = None
        self._soon = asyncio.Event()

    @property
    def is_fresh(self) -> bool:
        """Whether Redis said so recently whose the jobs are that nobody can have taken one since."""
        return monotonic() - self._beaten_at < self._store.lease_seconds * FRESH

    def grant(self, job_id: str, release_slot: ReleaseSlot) -> JobLease:
        """Return the lease of a job that was just claimed."""
        lease = self._leases[job_id] = JobLease(self, release_slot)
        return lease

    def confirm(self) -> None:
        """Have the next heartbeat come now, unless one was just answered: a command will want to know."""
        if self._leases and not self.is_fresh:
            self._soon.set()

    def drop(self, job_id: str, *, deferred: bool) -> None:
        """Forget a job that was given back; learn when it is due, if it was deferred."""
        del self._leases[job_id]
        if deferred:
            self._soon.set()

    async def keep_for_ever(self) -> None:
        """Renew until cancelled; while Redis is away, leases run out by the clock."""
        while True:
            self._soon.clear()
            try:
                await self.beat()
            except (RedisError, OSError):
                self._metrics.queue_errors.inc()
            with suppress(TimeoutError):
                async with asyncio.timeout(self._pause()):
                    await self._soon.wait()

    async def beat(self) -> None:
        """Renew the lease now, and learn which jobs are still the worker's. Raises RedisError and OSError."""
        asked_at, leases = monotonic(), dict(self._leases)
        heard = await self._store.heartbeat()
        if asked_at < self._beaten_at:  # a later heartbeat was answered first
            return
        self._beaten_at = asked_at
        self._next_due = heard.next_due
        for job_id, lease in leases.items():
            lease.held = job_id in heard.claimed

    def _pause(self) -> float:
        pause = self._store.lease_seconds * (BUSY_BEAT if self._leases else IDLE_BEAT)
        return pause if self._next_due is None else max(SHORTEST_PAUSE_SECONDS, min(pause, self._next_due))
