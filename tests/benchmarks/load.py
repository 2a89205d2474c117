"""Load: taps that come at a constant rate whatever becomes of them, and as many bookings as can be made."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from time import monotonic

from tests.benchmarks.contenders import Contender
from tests.benchmarks.crowd import Crowd, Tap

DRAIN_SECONDS = 12.0
LOOK_SECONDS = 0.01
REPLY_SECONDS = 15.0


@dataclass(frozen=True)
class Window:
    """What taps at a constant rate came to."""

    taps: Sequence[Tap]
    seconds: float
    cpu_seconds: float
    """Of the contender's own processes, until the last reply."""

    @property
    def unanswered(self) -> int:
        """Taps that got no reply in time."""
        return sum(tap.replied_at is None for tap in self.taps)

    def times(self, kind: str | None = None) -> list[float]:
        """Return the replies' times in milliseconds, of one kind of tap or of all."""
        return [
            time for tap in self.taps if kind in {None, tap.kind} and (time := tap.milliseconds) is not None
        ]


async def tap_steadily(contender: Contender, crowd: Crowd, rate: float, seconds: float) -> Window:
    """Tap at a constant rate: each tap when it is due, and not when the last one is done.

    A contender that has not caught up in time afterwards is started anew.
    """
    loop, taps = asyncio.get_running_loop(), []
    cpu, begin = contender.cpu_seconds(), loop.time()
    for number in range(max(1, int(rate * seconds))):
        due = begin + number / rate
        if due > loop.time():
            await asyncio.sleep(due - loop.time())
        tap = crowd.tap()
        tap.late = loop.time() - due
        taps.append(tap)
        if not number % 16:
            await asyncio.sleep(0)  # the emulator lives in this loop: a late load must not starve it
    drained = await drain(crowd)
    window = Window(taps, loop.time() - begin, contender.cpu_seconds() - cpu)
    if not drained:
        crowd.forget()
        await contender.restart()
    return window


async def drain(crowd: Crowd, seconds: float = DRAIN_SECONDS) -> bool:
    """Wait until every tap is answered; False where some are not in time."""
    deadline = monotonic() + seconds
    while crowd.waiting and monotonic() < deadline:  # noqa: ASYNC110 - replies come one by one
        await asyncio.sleep(LOOK_SECONDS)
    return not crowd.waiting


async def book_busily(crowd: Crowd, at_once: int, seconds: float, warm_up: float = 0.0) -> float:
    """Have so many people book, each as soon as another one is done; return bookings a second.

    Those that are done within the first `warm_up` seconds do not count.
    """
    loop = asyncio.get_running_loop()
    begin = loop.time() + warm_up
    end, done = begin + seconds, 0

    async def go_on() -> None:
        nonlocal done
        while loop.time() < end:
            tap = crowd.book()
            tap.done = loop.create_future()
            try:
                async with asyncio.timeout(REPLY_SECONDS):
                    await tap.done
            except TimeoutError:
                return
            done += begin <= loop.time() < end

    async with asyncio.TaskGroup() as group:
        for _ in range(at_once):
            group.create_task(go_on())
    return done / seconds


def spread(times: Sequence[float]) -> tuple[float, float]:
    """Return the median and the 99th percentile; of few, the longest."""
    if not times:
        return float("nan"), float("nan")
    if len(times) < 2:
        return times[0], times[0]
    return median(times), min(quantiles(times, n=100)[98], max(times))
