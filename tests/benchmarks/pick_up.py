"""How soon an idle worker picks a job up, and how many jobs that do nothing it gets through in a second.

Each worker runs in a process of its own, together with what enqueues: `python -m tests.benchmarks.pick_up
bellhop|arq REDIS_URL PICK_UPS JOBS` prints the times in milliseconds and the rate as JSON.
"""

import asyncio
import json
import random
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from statistics import median
from time import perf_counter
from typing import Any

import uvloop
from arq import create_pool
from arq.connections import RedisSettings
from arq.worker import Worker, func
from prometheus_client import CollectorRegistry

from shared.clock import SystemClock
from shared.contracts.menu import ShowHome
from shared.envelope import Actor, Envelope, ReplyTo
from shared.logs import configure_logs
from shared.queue import keys
from shared.queue.arq_queue import ArqCommandQueue
from shared.queue.connection import connect
from shared.queue.job_format import RUN_COMMAND
from shared.settings import WorkerSettings
from tests.benchmarks.child import run_child
from tests.benchmarks.load import spread
from tests.benchmarks.system import Bench
from worker.runtime.command_job import CommandJob
from worker.runtime.jobs.metrics import JobMetrics
from worker.runtime.jobs.runner import JobContext, JobHandlers
from worker.runtime.jobs.source import Job
from worker.runtime.jobs.store import JobStore
from worker.runtime.jobs.worker import JobWorker

PAUSE_SECONDS = (0.01, 0.04)
REDIS = 9
SLOWER = 10
"""Stock arq gets so many times fewer jobs, or it would take that much longer."""
CHILD_SECONDS = 90

type Enqueue = Callable[[int], Awaitable[object]]


async def measure(bench: Bench) -> dict[str, Any]:
    """Measure both workers in turn, round by round."""
    scale, url = bench.scale, bench.valkey.url(REDIS)
    times: dict[str, list[float]] = {}
    rates: dict[str, list[float]] = {}
    for _ in range(scale.rounds):
        for name in ("bellhop", "arq"):
            jobs = scale.jobs if name == "bellhop" else max(20, scale.jobs // SLOWER)
            await bench.flush(url)
            arguments = [name, url, str(scale.pick_ups), str(jobs)]
            answer = await run_child("tests.benchmarks.pick_up", arguments, CHILD_SECONDS)
            times.setdefault(name, []).extend(answer["times"])
            rates.setdefault(name, []).append(answer["a_second"])
    figures = {}
    for name, found in times.items():
        p50, p99 = spread(found)
        figures[name] = {"p50_ms": p50, "p99_ms": p99, "a_second": median(rates[name])}
    return figures


class Noop:
    """A job that does nothing but note that it ran."""

    def __init__(self, jobs: int) -> None:
        self.enqueued: dict[int, float] = {}
        self.times: list[float] = []
        self.left = jobs
        self.done = asyncio.Event()

    def ran(self, number: int) -> None:
        """Note the time, or that one job fewer is left."""
        if (at := self.enqueued.pop(number, None)) is not None:
            self.times.append((perf_counter() - at) * 1000)
            return
        self.left -= 1
        if not self.left:
            self.done.set()


async def pick_ups(noop: Noop, enqueue: Enqueue, count: int) -> None:
    """Enqueue jobs now and then, waiting for none."""
    async with asyncio.TaskGroup() as group:
        for number in range(count):
            noop.enqueued[number] = perf_counter()
            group.create_task(_one(enqueue, number))
            await asyncio.sleep(random.uniform(*PAUSE_SECONDS))  # noqa: S311 - apart from any rhythm of a worker's
    while noop.enqueued:  # noqa: ASYNC110 - a measurement; the parent bounds it
        await asyncio.sleep(0.01)


async def _one(enqueue: Enqueue, number: int) -> None:
    await enqueue(number)


async def _bellhop(url: str, count: int, jobs: int) -> dict[str, Any]:
    noop = Noop(jobs)

    async def run(_: JobContext, payload: dict[str, Any]) -> None:
        noop.ran(int(payload["update_id"]))

    async def fail(_: Job, error: BaseException) -> None:
        raise error

    async with connect(url) as redis, connect(url, answer_seconds=None) as blocking:
        queue = ArqCommandQueue(redis, SystemClock())
        defaults = WorkerSettings.model_fields

        def make() -> JobWorker:
            return JobWorker(
                JobStore(redis, keys.INTERACTIVE, defaults["worker_lease_seconds"].default),
                blocking,
                JobHandlers({RUN_COMMAND: run}, CommandJob.lane_of, fail),
                JobMetrics(CollectorRegistry(), keys.INTERACTIVE),
                max_jobs=defaults["worker_jobs"].default,
                drain_seconds=1,
            )

        async with asyncio.TaskGroup() as group:
            worker = make()
            group.create_task(worker.main())
            await pick_ups(noop, lambda number: queue.put(_envelope(number)), count)
            worker.stop()
        for number in range(count, count + jobs):
            await queue.put(_envelope(number))
        async with asyncio.TaskGroup() as group:
            began, worker = perf_counter(), make()
            group.create_task(worker.main())
            await noop.done.wait()
            taken = perf_counter() - began
            worker.stop()
    return {"times": noop.times, "a_second": jobs / taken}


def _envelope(number: int) -> Envelope:
    return Envelope(
        bot_id=1,
        update_id=number,
        received_at=datetime.now(UTC),
        actor=Actor(id=1 + number),
        reply_to=ReplyTo(chat_id=1 + number),
        command=ShowHome(),
    )


async def _arq(url: str, count: int, jobs: int) -> dict[str, Any]:
    noop = Noop(jobs)

    async def run(_: dict[str, Any], number: int) -> None:
        noop.ran(number)

    redis = await create_pool(RedisSettings.from_dsn(url))

    def make() -> Worker:
        settings = RedisSettings.from_dsn(url)
        return Worker([func(run, name="run")], redis_settings=settings, handle_signals=False)  # type: ignore[arg-type]

    async def stop(worker: Worker, task: "asyncio.Task[None]") -> None:
        if worker.tasks:  # what has run is still being noted in Redis
            await asyncio.wait(worker.tasks.values(), timeout=5)
        task.cancel()
        await asyncio.wait({task})
        await worker.close()

    worker = make()
    task = asyncio.create_task(worker.main())
    await pick_ups(noop, lambda number: redis.enqueue_job("run", number), count)
    await stop(worker, task)
    for number in range(count, count + jobs):
        await redis.enqueue_job("run", number)
    began, worker = perf_counter(), make()
    task = asyncio.create_task(worker.main())
    await noop.done.wait()
    taken = perf_counter() - began
    await stop(worker, task)
    await redis.aclose()
    return {"times": noop.times, "a_second": jobs / taken}


if __name__ == "__main__":
    configure_logs("ERROR", "console")
    kind, address, first, second = sys.argv[1:]
    measured = uvloop.run({"bellhop": _bellhop, "arq": _arq}[kind](address, int(first), int(second)))
    sys.stdout.write(json.dumps(measured))
