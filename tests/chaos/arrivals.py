"""When people come: at a steady rate on average, however slow the system is."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable


async def arrivals(chance: random.Random, rate: float, enough: Callable[[], bool]) -> AsyncIterator[None]:
    """Yield for each who comes, `rate` a second on average, until there are enough."""
    loop = asyncio.get_running_loop()
    due = loop.time()
    while not enough():
        due += chance.expovariate(rate)
        await asyncio.sleep(max(0.0, due - loop.time()))
        yield
