"""What a raid costs those who were here before: `python -m tests.benchmarks.raid [--raid N] [--flood N]`.

Fifty customers tap at a steady rate in a sandbox as it ships, throttle and limits on sending included. Then
thousands who were never here press Start at the same moment; after that, one person sends thousands of
updates. Compared is what the fifty wait from a tap to its answer, before and meanwhile. Of the raid itself it
is told how its first hundred were served: their share is what the limit on sending makes of a hundred.
"""

import argparse
import asyncio
import sys
import time
from dataclasses import dataclass
from statistics import median, quantiles

import psutil

from shared.buttons import pack
from shared.contracts.booking import ShowServices
from tests.benchmarks.walkers import Walker, invite, measure_walkers, running
from tests.client import ChatUser
from tests.e2e.forging import tapped
from tests.e2e.stage import Stage

NORMAL = 50
RATE = 5.0
"""Taps a second of all of them together: with what they are told meanwhile, well below the limit."""
SECONDS = 20.0
FIRST_RAIDER = 7_000_000
FIRST = 100
LIMIT = 30
AT_ONCE = 50
EACH = 100
PATIENCE_SECONDS = 300.0
REPLIES = frozenset({"editMessageText", "sendMessage"})


@dataclass(frozen=True, slots=True)
class Waits:
    """How long people waited for their answers, in milliseconds."""

    name: str
    times: list[float]
    unanswered: int

    def row(self) -> str:
        """Write it for people."""
        p99 = quantiles(self.times, n=100)[98]
        counts = f"{len(self.times):5} answered, {self.unanswered:3} not"
        figures = f"p50 {median(self.times):8.1f} ms, p99 {p99:8.1f}, longest {max(self.times):8.1f}"
        return f"{self.name:<28} {counts}; {figures}"


async def _raid(stage: Stage, size: int) -> dict[int, float]:
    """Have people come who were never here; return when each did, in the order in which Telegram has them."""
    came: dict[int, float] = {}
    updates: dict[int, int] = {}
    gate = asyncio.Semaphore(AT_ONCE)

    async def come(person: ChatUser) -> None:
        async with gate:
            came[person.number] = time.time()
            updates[person.number] = await person.say("/start")

    numbers = range(FIRST_RAIDER, FIRST_RAIDER + size)
    people = [await stage.api.user(number, f"Raider{number}", "en") for number in numbers]
    await asyncio.gather(*(come(person) for person in people))
    return {number: came[number] for number in sorted(updates, key=updates.__getitem__)}


async def _answers(stage: Stage, came: dict[int, float], after: int) -> Waits:
    """Wait until all of a raid are answered."""
    times: dict[int, float] = {}
    deadline = time.monotonic() + PATIENCE_SECONDS
    while len(times) < len(came) and time.monotonic() < deadline:
        calls = await stage.api.call("GET", "calls", after=after)
        for call in calls:
            after = max(after, call["seq"])
            number = int(call["chat_id"] or 0)
            if number in came and call["method"] in REPLIES and call["status"] == 200:
                times.setdefault(number, (call["at"] - came[number]) * 1000)
        await asyncio.sleep(1)
    served = [times[number] for number in list(came)[:FIRST] if number in times]
    return Waits(f"first {FIRST} of the raid", served, len(came) - len(times))


async def _stretch(stage: Stage, walkers: list[Walker], name: str, seconds: float) -> Waits:
    times, unanswered = await measure_walkers(stage, walkers, RATE, seconds)
    return Waits(name, times, unanswered)


def _memory(stage: Stage) -> str:
    parts = [part for part in (stage.sandbox.bot, *stage.sandbox.workers) if part is not None]
    return ", ".join(
        f"{part.name} {psutil.Process(part.pid).memory_info().rss / 1e6:.0f} MB" for part in parts
    )


async def measure(raid: int, flood: int, workers: int) -> list[str]:
    """Measure, and return what there is to tell."""
    rows: list[str] = []
    async with running(workers, {}) as stage:
        walkers = await _gather_slowly(stage)
        rows.append((await _stretch(stage, walkers, "fifty customers, alone", SECONDS)).row())
        last = (await stage.api.call("GET", "calls", limit=1))[-1]["seq"]
        came = await _raid(stage, raid)
        during = asyncio.ensure_future(_stretch(stage, walkers, f"beside a raid of {raid}", SECONDS))
        first = await _answers(stage, came, last)
        rows += [(await during).row(), first.row(), f"their share: {FIRST / LIMIT * 1000:.0f} ms"]
        rows.append(f"memory after it: {_memory(stage)}")
        begun = asyncio.ensure_future(_flood(stage, flood))
        rows.append((await _stretch(stage, walkers, f"beside a flood of {flood}", SECONDS)).row())
        await begun
        rows.append(f"memory after it: {_memory(stage)}")
    return rows


async def _gather_slowly(stage: Stage) -> list[Walker]:
    """Let the fifty come a few at a time: at once they would be a small raid."""
    walkers: list[Walker] = []
    while len(walkers) < NORMAL:
        walkers += await invite(stage, 10)
    return walkers


async def _flood(stage: Stage, size: int) -> None:
    """Have one person tap as often as the emulator takes."""
    (walker,) = await invite(stage, 1)
    screen = {"message_id": walker.message_id, "date": 0}
    body = {"callback_query": tapped(walker.person, screen, pack(ShowServices()))}
    for _ in range(size // EACH):
        await stage.api.call("POST", f"updates?times={EACH}", body)


def main() -> None:
    """Measure, and print it."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.raid")
    parser.add_argument("--raid", type=int, default=5000, help="people who come at once (5000)")
    parser.add_argument("--flood", type=int, default=10_000, help="updates of one person (10000)")
    parser.add_argument("--workers", type=int, default=2, help="worker replicas (2)")
    given = parser.parse_args()
    rows = asyncio.run(measure(given.raid, given.flood, given.workers))
    sys.stdout.write("\n".join(rows) + "\n")


if __name__ == "__main__":
    main()
