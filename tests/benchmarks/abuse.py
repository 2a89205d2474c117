"""What one person costs the others: `python -m tests.benchmarks.abuse [--flood 1000] [--rounds 6]`.

Twenty people tap at a steady rate in a sandbox as it ships, throttle and limits on sending included. In
every other stretch somebody else sends a thousand taps a second. Compared is what the twenty wait from
their tap to its answer, with and without that one. The stretches take turns, so that a machine that grows
slower meanwhile is no finding. What else the machine did is written beside each: under much of it no ratio
means anything.

First somebody taps twenty times at once, and the notices are counted that they get for it.
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

from shared.buttons import pack
from shared.contracts.booking import ShowServices
from tests.benchmarks.walkers import Walker, invite, measure_walkers, running
from tests.client import ChatUser, Json
from tests.e2e import walk
from tests.e2e.forging import ANSWER, PATIENCE_SECONDS, tapped
from tests.e2e.stage import Mode, Stage

OTHERS = 20
GOAL = 1.5
TICKS_PER_SECOND = 25
"""The flood comes in small pieces: large ones would meet each tap of the others in the same way, or none."""
TAPS_AT_ONCE = 20
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


def _taps(person: ChatUser, message_id: int) -> Json:
    screen = {"message_id": message_id, "date": 0}
    return {"callback_query": tapped(person, screen, pack(ShowServices()))}


async def count_notices(stage: Stage, hasty: Walker) -> int:
    """Let somebody tap twenty times at once; return how many of the answers say something."""
    body = _taps(hasty.person, hasty.message_id)
    tap_id = body["callback_query"]["id"]
    await stage.api.call("POST", f"updates?times={TAPS_AT_ONCE}", body)
    answers: list[Json] = []
    async with asyncio.timeout(PATIENCE_SECONDS):
        while len(answers) < TAPS_AT_ONCE:
            await asyncio.sleep(0.1)
            calls = await stage.api.call("GET", f"calls?method={ANSWER}")
            answers = [call for call in calls if call["params"]["callback_query_id"] == tap_id]
    return sum("text" in answer["params"] for answer in answers)


@asynccontextmanager
async def flooding(stage: Stage, abuser: Walker, per_second: int) -> AsyncIterator[None]:
    """Have somebody tap without pause for the length of the block."""
    body = _taps(abuser.person, abuser.message_id)
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


async def measure(
    flood: int, rate: float, seconds: float, rounds: int, workers: int, mode: Mode
) -> tuple[Waits, Waits, int]:
    """Measure stretches without and with the abuser in turn, and count one person's notices."""
    alone, beside = Waits("the others alone"), Waits(f"beside {flood}/s of one")
    async with running(workers, {}, mode) as stage:
        hasty, abuser, *others = await invite(stage, OTHERS + 2)
        notices = await count_notices(stage, hasty)
        await asyncio.gather(*(_walk_on(other, number % STEPS) for number, other in enumerate(others)))
        await measure_walkers(stage, others, rate, REST_SECONDS)
        for _ in range(rounds):
            await _rest(stage)
            await _stretch(stage, others, rate, seconds, alone)
            await _rest(stage)
            async with flooding(stage, abuser, flood):
                await _stretch(stage, others, rate, seconds, beside)
    return alone, beside, notices


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
    """Return what each part of the system has spent so far, and the rest of the machine."""
    sandbox = stage.sandbox
    parts = [part for part in (sandbox.bot, sandbox.telegram, *sandbox.workers) if part is not None]
    times = {part.name: psutil.Process(part.pid).cpu_times() for part in parts}
    spent = {name: each.user + each.system for name, each in times.items()}
    machine = psutil.cpu_times()
    return spent | {"anything else": machine.user + machine.nice + machine.system - sum(spent.values())}


async def _rest(stage: Stage) -> None:
    """Wait until somebody new is served, and until what was sent before counts no more.

    Every stretch ends with a message to each of the others. For a second they leave no room at Telegram
    for the answers of a stretch that followed at once.
    """
    await walk.open_menu(await stage.customer())
    await asyncio.sleep(REST_SECONDS)


def main() -> None:
    """Measure, and print both and their ratio."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.abuse")
    parser.add_argument("--flood", type=int, default=1000, help="updates a second of one person (1000)")
    parser.add_argument("--rate", type=float, default=10, help="taps a second of twenty others (10)")
    parser.add_argument("--seconds", type=float, default=8, help="how long a stretch is (8)")
    parser.add_argument("--rounds", type=int, default=6, help="stretches of each kind (6)")
    parser.add_argument("--workers", type=int, default=2, help="worker replicas (2)")
    parser.add_argument("--bot-mode", choices=["polling", "webhook"], default="polling", help="(polling)")
    given = parser.parse_args()
    alone, beside, notices = asyncio.run(
        measure(given.flood, given.rate, given.seconds, given.rounds, given.workers, given.bot_mode)
    )
    sys.stdout.write(
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n{alone.row()}\n{beside.row()}\n"
    )
    sys.stdout.write(f"notices for {TAPS_AT_ONCE} taps at once: {notices} (goal: 1)\n")
    sys.stdout.write(f"p99 beside / alone: {beside.p99 / alone.p99:.2f} (goal: {GOAL} at most)\n")


if __name__ == "__main__":
    main()
