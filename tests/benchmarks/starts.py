"""Start-up: from the process's start until it can take work, each alone."""

import asyncio
from collections.abc import Awaitable, Callable
from statistics import median
from time import perf_counter
from typing import Any

from sandbox.errors import ProcessStoppedError
from sandbox.loopback import answers
from sandbox.process import ManagedProcess
from tests.benchmarks.contenders import contenders
from tests.benchmarks.system import Bench

LOOK_SECONDS = 0.005
START_SECONDS = 60


async def measure(bench: Bench) -> dict[str, Any]:
    """Start every contender's parts in turn, round by round."""
    found = await contenders(bench)
    for each in found:
        await each.stop()
    seconds: dict[str, list[float]] = {}
    for _ in range(bench.scale.starts):
        for each in found:
            times = seconds.setdefault(f"{each.name} bot", [])
            times.append(await _start(each.front, _probe(each.ready_url)))
            if each.pool:
                times = seconds.setdefault(f"{each.name} worker", [])
                times.append(await _start(each.pool[0], each.worker_probe(0)))
    return {"seconds": {name: median(times) for name, times in seconds.items()}, "starts": bench.scale.starts}


def _probe(url: str) -> Callable[[], Awaitable[bool]]:
    return lambda: answers(url)


async def _start(process: ManagedProcess, ready: Callable[[], Awaitable[bool]]) -> float:
    """Start a stopped process and stop it again. Raises ProcessStoppedError."""
    began = perf_counter()
    process.start()
    try:
        while not await ready():
            if not process.running or perf_counter() - began > START_SECONDS:
                raise ProcessStoppedError(process.explain_exit())
            await asyncio.sleep(LOOK_SECONDS)
        return perf_counter() - began
    finally:
        await process.stop(grace=3)
