"""Tap → reply and CPU a tap, at constant rates, contenders taking turns."""

import asyncio
from statistics import median
from typing import Any

from tests.benchmarks.contenders import Contender, contenders
from tests.benchmarks.crowd import crowd
from tests.benchmarks.load import Window, spread, tap_steadily
from tests.benchmarks.memory import memory_of
from tests.benchmarks.system import Bench

QUIET_RATE = 100
"""The fastest rate at which nobody should fall behind; above it less time is spent."""
WARM_UP_RATE = 40
IDLE_SECONDS = 2.0


async def measure(bench: Bench) -> dict[str, Any]:
    """Measure every contender at every rate in turn, round by round; tell medians of the rounds."""
    scale, found = bench.scale, await contenders(bench)
    rounds: dict[str, list[dict[str, float]]] = {}
    for each in found:
        await tap_steadily(each, crowd(bench, each.name), WARM_UP_RATE, scale.warm_up_seconds)
    idle = await _idle(found)
    for _ in range(scale.rounds):
        for rate in scale.rates:
            for each in found:
                seconds = scale.tap_seconds if rate <= QUIET_RATE else scale.fast_seconds
                window = await tap_steadily(each, crowd(bench, each.name), rate, seconds)
                rounds.setdefault(f"{each.name} {rate}", []).append(_figures(window, idle[each.name]))
    taps = {
        each.name: {str(rate): _median(rounds[f"{each.name} {rate}"]) for rate in scale.rates}
        for each in found
    }
    return {"rates": list(scale.rates), "taps": taps, "memory": _memory(found)}


async def _idle(found: list[Contender]) -> dict[str, float]:
    """Return the share of a core that each uses with nothing to do."""
    before = {each.name: each.cpu_seconds() for each in found}
    await asyncio.sleep(IDLE_SECONDS)
    return {each.name: (each.cpu_seconds() - before[each.name]) / IDLE_SECONDS for each in found}


def _figures(window: Window, idle: float) -> dict[str, float]:
    p50, p99 = spread(window.times())
    show, _ = spread(window.times("show"))
    book, _ = spread(window.times("book"))
    answered = len(window.taps) - window.unanswered
    _, late = spread([tap.late * 1000 for tap in window.taps])
    return {
        "p50_ms": p50,
        "p99_ms": p99,
        "show_p50_ms": show,
        "book_p50_ms": book,
        "cpu_ms": (window.cpu_seconds - idle * window.seconds) * 1000 / max(1, answered),
        "taps": len(window.taps),
        "unanswered": window.unanswered,
        "load_late_p99_ms": late,
    }


def _median(rounds: list[dict[str, float]]) -> dict[str, Any]:
    """Take each figure's median; the rounds' own medians stay beside it."""
    figures: dict[str, Any] = {name: median(each[name] for each in rounds) for name in rounds[0]}
    return figures | {"rounds_p50_ms": [each["p50_ms"] for each in rounds]}


def _memory(found: list[Contender]) -> dict[str, dict[str, float]]:
    return {
        each.name: {
            process.name.removeprefix(f"{each.name} "): memory_of(process) for process in each.running
        }
        for each in found
    }
