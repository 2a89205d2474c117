"""A worker under test, and what it ran."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from prometheus_client import CollectorRegistry

from shared.queue import keys
from shared.queue.job_format import RUN_COMMAND
from tests.queueing import PATIENCE_SECONDS, Line, until
from worker.runtime.command_job import CommandJob
from worker.runtime.jobs.leases import LeaseHandle
from worker.runtime.jobs.metrics import JobMetrics
from worker.runtime.jobs.runner import JobContext, JobHandlers
from worker.runtime.jobs.source import Job
from worker.runtime.jobs.store import JobStore
from worker.runtime.jobs.worker import JobWorker

type Act = Callable[[int], Awaitable[None]]


async def nothing(_: int) -> None:
    """Do nothing, at once."""


class Bench:
    """A worker, and what it ran."""

    def __init__(
        self, queue: Line, act: Act = nothing, *, lease: float = 30, drain: float = 30, jobs: int = 10
    ) -> None:
        self.act = act
        self.ran: list[int] = []
        self.payloads: list[dict[str, Any]] = []
        self.running: Counter[int] = Counter()
        self.most = 0
        self.leases: dict[int, LeaseHandle] = {}
        self.dead: list[tuple[str, str]] = []
        self.dead_fails: list[Exception] = []
        self._changed = asyncio.Condition()
        self.registry = CollectorRegistry()
        self.store = JobStore(queue.redis, keys.INTERACTIVE, lease)
        self.worker = JobWorker(
            self.store,
            queue.blocking,
            JobHandlers({RUN_COMMAND: self.run}, CommandJob.lane_of, self.to_dead_letters),
            JobMetrics(self.registry, keys.INTERACTIVE),
            max_jobs=jobs,
            drain_seconds=drain,
        )

    async def run(self, context: JobContext, payload: dict[str, Any]) -> None:
        person = payload["actor"]["id"]
        self.leases[payload["update_id"]] = context.lease
        self.payloads.append(payload)
        self.running[person] += 1
        self.most = max(self.most, self.running.total())
        try:
            await self.tell(lambda: self.ran.append(payload["update_id"]))
            await self.act(payload["update_id"])
        finally:
            self.running[person] -= 1

    async def to_dead_letters(self, dead: Job, error: BaseException) -> None:
        if self.dead_fails:
            raise self.dead_fails.pop()
        await self.tell(lambda: self.dead.append((dead.id, type(error).__name__)))

    async def tell(self, change: Callable[[], None]) -> None:
        async with self._changed:
            change()
            self._changed.notify_all()

    async def wait(self, test: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS), self._changed:
            await self._changed.wait_for(test)

    def count(self, result: str) -> float:
        """Return how many jobs were given back so."""
        return self.figure("bellhop_jobs_total", result=result)

    def figure(self, name: str, **labels: str) -> float:
        """Return a metric's value, whatever it calls the only queue there is."""
        samples = (sample for metric in self.registry.collect() for sample in metric.samples)
        return sum(
            each.value for each in samples if each.name == name and labels.items() <= each.labels.items()
        )


@asynccontextmanager
async def at_work(*benches: Bench) -> AsyncIterator[list[asyncio.Task[None]]]:
    """Let workers work; they are stopped at the end and have to end by themselves."""
    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        working = [group.create_task(bench.worker.main()) for bench in benches]
        try:
            yield working
        finally:
            for bench in benches:
                bench.worker.stop()


async def emptied(queue: Line) -> None:
    async def ask() -> bool:
        return not await queue.waiting()

    await until(ask)
