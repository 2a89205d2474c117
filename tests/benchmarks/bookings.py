"""Bookings a second: with one, two and four workers, and with a Bot API that takes 50 ms."""

from collections.abc import Sequence
from statistics import median
from typing import Any

from tests.benchmarks.contenders import Contender, contenders
from tests.benchmarks.crowd import crowd
from tests.benchmarks.load import book_busily, drain
from tests.benchmarks.system import Bench

AT_ONCE = 128
"""More than four workers take on at the same time."""
LATENCY_SECONDS = 0.05
WARM_UP_SECONDS = 0.5

type Setup = tuple[Contender, int]


async def measure(bench: Bench) -> dict[str, Any]:
    """Measure without and with latency, each setup in turn, round by round."""
    found = await contenders(bench)
    setups: list[Setup] = []
    for each in found:
        if each.name != "stock arq":
            setups += [(each, workers) for workers in (bench.scale.workers if each.pool else (0,))]
    plain = await _rounds(bench, setups)
    fault = bench.emulator.faults.arm({"kind": "latency", "seconds": LATENCY_SECONDS})
    try:
        slow = await _rounds(bench, setups)
    finally:
        bench.emulator.faults.armed.pop(fault.id, None)
    for each in found:
        await each.scale(1)
    return {
        "workers": list(bench.scale.workers),
        "a_second": plain,
        "a_second_with_latency": slow,
        "latency_ms": LATENCY_SECONDS * 1000,
        "at_once": AT_ONCE,
    }


async def _rounds(bench: Bench, setups: Sequence[Setup]) -> dict[str, dict[str, float]]:
    rates: dict[tuple[str, int], list[float]] = {}
    for _ in range(bench.scale.rounds):
        for each, workers in setups:
            rates.setdefault((each.name, workers), []).append(await _one(bench, each, workers))
    medians: dict[str, dict[str, float]] = {}
    for (name, workers), found in rates.items():
        medians.setdefault(name, {})[str(workers)] = median(found)
    return medians


async def _one(bench: Bench, each: Contender, workers: int) -> float:
    people = crowd(bench, each.name)
    await each.scale(workers)
    await book_busily(people, AT_ONCE, WARM_UP_SECONDS)
    rate = await book_busily(people, AT_ONCE, bench.scale.booking_seconds)
    if not await drain(people):
        bench.notes.append(f"{each.name} left bookings unanswered with {workers} workers")
        people.forget()
        await each.restart()
    return rate
