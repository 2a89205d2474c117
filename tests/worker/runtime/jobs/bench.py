"""A worker under test, and what it ran."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from arq.worker import func
from prometheus_client import CollectorRegistry

from shared.queue.arq_queue import RUN_COMMAND
from tests.queueing import PATIENCE_SECONDS, Line, until
from worker.runtime.command_job import CommandJob
from worker.runtime.jobs.lease import Hold
from worker.runtime.jobs.leased_worker import LeasedWorker
from worker.runtime.jobs.metrics import JobMetrics
from worker.runtime.jobs.store import Job

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
        self.running: Counter[int] = Counter()
        self.most = 0
        self.leases: dict[int, Hold] = {}
        self.buried: list[tuple[str, str]] = []
        self.bury_fails: list[Exception] = []
        self._changed = asyncio.Condition()
        self.registry = CollectorRegistry()
        self.worker = LeasedWorker(
            [func(self.run, name=RUN_COMMAND)],  # type: ignore[arg-type]
            store=queue.another(lease),
            lane_of=CommandJob.lane_of,
            bury=self.bury,
            metrics=JobMetrics(self.registry),
            drain_seconds=drain,
            max_jobs=jobs,
        )

    async def run(self, context: dict[str, Any], payload: dict[str, Any]) -> None:
        person = payload["actor"]["id"]
        self.leases[payload["update_id"]] = context["lease"]
        self.running[person] += 1
        self.most = max(self.most, self.running.total())
        try:
            await self.tell(lambda: self.ran.append(payload["update_id"]))
            await self.act(payload["update_id"])
        finally:
            self.running[person] -= 1

    async def bury(self, dead: Job, error: BaseException) -> None:
        if self.bury_fails:
            raise self.bury_fails.pop()
        await self.tell(lambda: self.buried.append((dead.id, type(error).__name__)))

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
