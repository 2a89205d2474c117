"""Bookings a second: with one, two and four workers, and with a Bot API that takes 50 ms."""

from statistics import median
from typing import Any

from tests.benchmarks.contenders import Contender, contenders
from tests.benchmarks.crowd import Crowd, crowd
from tests.benchmarks.load import book_busily, drain
from tests.benchmarks.system import Bench

AT_ONCE = 64
"""More than four workers take on at the same time."""
LATENCY_SECONDS = 0.05
SETTLING_SECONDS = 0.5
"""Until those who book at once no longer all began at the same moment."""

type Rates = dict[str, dict[str, list[float]]]


async def measure(bench: Bench) -> dict[str, Any]:
    """Measure each setup in turn, without and with latency, round by round."""
    found = await contenders(bench)
    plain: Rates = {}
    slow: Rates = {}
    for _ in range(bench.scale.rounds):
        for each in found:
            if each.name == "stock arq":
                continue
            for workers in bench.scale.workers if each.pool else (0,):
                people = await _warmed_up(bench, each, workers)
                await _note(bench, each, workers, people, plain)
                fault = bench.emulator.faults.arm({"kind": "latency", "seconds": LATENCY_SECONDS})
                try:
                    await _note(bench, each, workers, people, slow)
                finally:
                    bench.emulator.faults.armed.pop(fault.id, None)
    for each in found:
        await each.scale(1)
    return {
        "workers": list(bench.scale.workers),
        "a_second": _medians(plain),
        "a_second_with_latency": _medians(slow),
        "latency_ms": LATENCY_SECONDS * 1000,
        "at_once": AT_ONCE,
    }


async def _warmed_up(bench: Bench, each: Contender, workers: int) -> Crowd:
    """Have so many workers run, each with its statements prepared on each of its connections."""
    people = crowd(bench, each.name)
    await each.scale(workers)
    await book_busily(people, AT_ONCE, bench.scale.booking_warm_up * max(1, workers))
    return people


async def _note(bench: Bench, each: Contender, workers: int, people: Crowd, rates: Rates) -> None:
    rate = await book_busily(people, AT_ONCE, bench.scale.booking_seconds, SETTLING_SECONDS)
    rates.setdefault(each.name, {}).setdefault(str(workers), []).append(rate)
    if not await drain(people):
        bench.notes.append(f"{each.name} left bookings unanswered with {workers} workers")
        people.forget()
        await each.restart()


def _medians(rates: Rates) -> dict[str, dict[str, float]]:
    return {
        name: {workers: median(found) for workers, found in by_workers.items()}
        for name, by_workers in rates.items()
    }
