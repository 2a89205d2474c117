"""What a bot and a worker cost that nobody uses: CPU, calls to Redis, statements."""

import asyncio
from collections import Counter
from typing import Any

from tests.benchmarks.contenders import contender, contenders
from tests.benchmarks.system import Bench
from tests.benchmarks.watch import watching

SETTLE_SECONDS = 1.0


async def measure(bench: Bench) -> dict[str, Any]:
    """Let every contender do nothing for a while; look at Bellhop's calls for as long again."""
    found = await contenders(bench)
    seconds = bench.scale.idle_seconds
    await asyncio.sleep(SETTLE_SECONDS)
    before = {each.name: _processes(each.cpu_by_process()) for each in found}
    await asyncio.sleep(seconds)
    after = {each.name: _processes(each.cpu_by_process()) for each in found}
    cpu = {
        name: {part: (after[name][part] - used) / seconds * 100 for part, used in parts.items()}
        for name, parts in before.items()
    }
    async with watching(bench, await contender(bench, "bellhop")) as seen:
        await asyncio.sleep(seconds)
    return {
        "seconds": seconds,
        "cpu_percent": cpu,
        "redis_a_second": _rates(seen.redis, seconds),
        "sql_a_second": _rates(seen.sql, seconds),
    }


def _processes(used: dict[str, float]) -> dict[str, float]:
    return {name.rpartition(" ")[2]: seconds for name, seconds in used.items()}


def _rates(seen: Counter[str], seconds: float) -> dict[str, float]:
    return {name: round(count / seconds, 2) for name, count in seen.most_common()}
