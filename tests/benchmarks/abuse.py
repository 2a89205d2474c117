"""What one person costs the others: `python -m tests.benchmarks.abuse [--flood 1000] [--seconds 15]`.

Twenty people tap at a steady rate in a sandbox as it ships, throttle and limits on sending included. In
every other stretch somebody else sends a thousand taps a second. Compared is what the twenty wait from
their tap to its answer, with and without that one. The stretches take turns, so that a machine that grows
slower meanwhile is no finding.
"""

import argparse
import asyncio
import os
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from statistics import median, quantiles
from time import perf_counter

import psutil

from shared import commands
from shared.callbacks import pack
from tests.benchmarks.walkers import Walker, invite, measure_walkers, running
from tests.e2e import walk
from tests.e2e.forging import tapped
from tests.e2e.stage import Stage

OTHERS = 20
GOAL = 1.5
TICKS_PER_SECOND = 10
REST_SECONDS = 3.0
STEPS = 6
"""About as many as a booking takes."""


@dataclass
class Waits:
    """How long the others waited for their answers, in milliseconds."""

    name: str
    times: list[float] = field(default_factory=list)
    unanswered: int = 0
    seconds: float = 0.0
    cpu: Counter[str] = field(default_factory=Counter)
    """Seconds of processor time by process."""

    @property
    def p99(self) -> float:
        """What one answer in a hundred took longer than."""
        return quantiles(self.times, n=100)[98]

    def row(self) -> str:
        """Write it for people."""
        figures = (
            f"p50 {median(self.times):6.1f} ms, p99 {self.p99:6.1f} ms, longest {max(self.times):6.1f} ms"
        )
        shares = ", ".join(f"{name} {spent / self.seconds:.0%}" for name, spent in sorted(self.cpu.items()))
        counts = f"{len(self.times)} taps, {self.unanswered} unanswered"
        return f"{self.name:<20} {figures}; {counts}; of a core: {shares}"


@asynccontextmanager
async def flooding(stage: Stage, abuser: Walker, per_second: int) -> AsyncIterator[None]:
    """Have somebody tap without pause for the length of the block."""
    screen = {"message_id": abuser.message_id, "date": 0}
    body = {"callback_query": tapped(abuser.person, screen, pack(commands.ShowServices()))}
    path = f"updates?times={max(1, per_second // TICKS_PER_SECOND)}"

    async def flood() -> None:
        loop = asyncio.get_running_loop()
        begun, tick = loop.time(), 0
        while True:
            await stage.api.call("POST", path, body)
            tick += 1
            await asyncio.sleep(begun + tick / TICKS_PER_SECOND - loop.time())

    task = asyncio.ensure_future(flood())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait({task})


async def measure(flood: int, rate: float, seconds: float, rounds: int, workers: int) -> tuple[Waits, Waits]:
    """Measure stretches without and with the abuser in turn."""
    alone, beside = Waits("the others alone"), Waits(f"beside {flood}/s of one")
    async with running(workers, {}) as stage:
        abuser, *others = await invite(stage, OTHERS + 1)
        await asyncio.gather(*(_walk_on(other, number % STEPS) for number, other in enumerate(others)))
        await measure_walkers(stage, others, rate, REST_SECONDS)
        for _ in range(rounds):
            await _stretch(stage, others, rate, seconds, alone)
            async with flooding(stage, abuser, flood):
                await _stretch(stage, others, rate, seconds, beside)
            await _rest(stage)
    return alone, beside


async def _walk_on(walker: Walker, steps: int) -> None:
    """Begin elsewhere than the others: some steps cost more, and everybody's must not come at once."""
    for _ in range(steps):
        await walker.tap()
        await asyncio.sleep(1)


async def _stretch(stage: Stage, others: list[Walker], rate: float, seconds: float, waits: Waits) -> None:
    before, begun = processor_times(stage), perf_counter()
    times, unanswered = await measure_walkers(stage, others, rate, seconds)
    waits.seconds += perf_counter() - begun
    waits.cpu.update(processor_times(stage))
    waits.cpu.subtract(before)
    waits.times += times
    waits.unanswered += unanswered


def processor_times(stage: Stage) -> dict[str, float]:
    """Return what each part of the system has spent so far."""
    sandbox = stage.sandbox
    parts = [part for part in (sandbox.bot, sandbox.telegram, *sandbox.workers) if part is not None]
    times = {part.name: psutil.Process(part.pid).cpu_times() for part in parts}
    return {name: spent.user + spent.system for name, spent in times.items()}


async def _rest(stage: Stage) -> None:
    """Wait until somebody new is served, and what is left of the flood after that."""
    await walk.open_menu(await stage.customer())
    await asyncio.sleep(REST_SECONDS)


def main() -> None:
    """Measure, and print both and their ratio."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.abuse")
    parser.add_argument("--flood", type=int, default=1000, help="updates a second of one person (1000)")
    parser.add_argument("--rate", type=float, default=10, help="taps a second of twenty others (10)")
    parser.add_argument("--seconds", type=float, default=15, help="how long a stretch is (15)")
    parser.add_argument("--rounds", type=int, default=3, help="stretches of each kind (3)")
    parser.add_argument("--workers", type=int, default=2, help="worker replicas (2)")
    given = parser.parse_args()
    waits = asyncio.run(measure(given.flood, given.rate, given.seconds, given.rounds, given.workers))
    alone, beside = waits
    sys.stdout.write(
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n{alone.row()}\n{beside.row()}\n"
    )
    sys.stdout.write(f"p99 beside / alone: {beside.p99 / alone.p99:.2f} (goal: {GOAL} at most)\n")


if __name__ == "__main__":
    main()
