"""What is done to the system: a schedule from the seed, and Telegram's own bad days beside it."""

import asyncio
import math
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final

from shared.failpoints import Point
from tests.chaos.offers import Json
from tests.chaos.system import ChaosSystem, Part
from tests.chaos.telegram import Telegram

EVERY_SECONDS: Final = (2.0, 6.0)
"""From the end of one fault to the next one: more than ten faults a minute."""
BOT_POINTS: Final = (Point.BEFORE_ENQUEUE, Point.AFTER_ENQUEUE)
WORKER_POINTS: Final = tuple(point for point in Point if point not in BOT_POINTS)
WEIGHTS: Final = {
    "kill worker": 4,
    "arm worker": 12,
    "terminate worker": 2,
    "freeze worker": 2,
    "kill workers": 1,
    "kill bot": 2,
    "arm bot": 2,
    "terminate bot": 1,
    "freeze bot": 1,
    "kill redis": 2,
    "empty redis": 2,
    "crash postgres": 2,
    "refuse in postgres": 3,
    "skew worker": 2,
}
STATES: Final = ("58030", "53100", "53200", "53300", "25006", "55P03", "40001", "40P01", "08006", "57P03")
"""What PostgreSQL says that is no fault of a command: the disk, its memory, its connections, a failover."""
TABLES: Final = ("processed_update", "booking", "outbox", "person")
KILL_AFTER: Final = (0.5, 2.0)
"""Seconds from when a killed worker is back to the next SIGKILL of those that come by turns."""
REFUSING_SECONDS: Final = (0.5, 2.5)
MOST_SKEW_SECONDS: Final = 2 * 3600.0
# Calls whose repetition a person sees.
SENDING: Final = ("sendMessage", "sendDocument")
METHODS: Final = (*SENDING, "editMessageText", "answerCallbackQuery", "getUpdates", "deleteMessage")
TELEGRAM: Final = {"drop": 4, "refuse": 2, "error": 3, "latency": 2, "flood": 1}


@dataclass
class Breaker:
    """Breaks processes, one fault after another."""

    system: ChaosSystem
    chance: random.Random
    weights: Mapping[str, float]
    longest_freeze: float = 8.0

    async def break_until(self, stopping: asyncio.Event) -> None:
        """Break until told to stop; a fault that has begun is seen to its end."""
        while not stopping.is_set():
            await asyncio.sleep(self.chance.uniform(*EVERY_SECONDS))
            (kind,) = self.chance.choices(list(self.weights), list(self.weights.values()))
            await self._deeds()[kind]()

    def _deeds(self) -> dict[str, Callable[[], Awaitable[object]]]:
        system, chance = self.system, self.chance
        worker = chance.choice(system.workers)
        pause = chance.uniform(0, 1)
        return {
            "kill worker": lambda: system.kill(worker, pause=pause),
            "arm worker": lambda: system.kill(worker, armed=self._failpoints(WORKER_POINTS)),
            "terminate worker": lambda: system.terminate(worker),
            "freeze worker": lambda: self._freeze(worker),
            "kill workers": lambda: asyncio.gather(*(system.kill(one) for one in system.workers)),
            "kill bot": lambda: system.kill(system.bot, pause=pause),
            "arm bot": lambda: system.kill(system.bot, armed=self._failpoints(BOT_POINTS)),
            "terminate bot": lambda: system.terminate(system.bot),
            "freeze bot": lambda: self._freeze(system.bot),
            "kill redis": lambda: system.kill_redis(pause),
            "empty redis": system.empty_redis,
            "crash postgres": lambda: system.crash_postgres(pause),
            "refuse in postgres": self._refuse,
            "skew worker": lambda: system.kill(worker, skew=self._skew()),
        }

    async def _refuse(self) -> None:
        table, state = self.chance.choice(TABLES), self.chance.choice(STATES)
        await self.system.refuse_in_postgres(table, state, self.chance.uniform(*REFUSING_SECONDS))

    def _skew(self) -> float:
        """Choose by how many seconds a worker's clock is ahead."""
        return self.chance.choice((-MOST_SKEW_SECONDS, -90.0, 90.0, MOST_SKEW_SECONDS))

    async def _freeze(self, part: Part) -> None:
        await self.system.freeze(part, self.chance.uniform(5.0, self.longest_freeze))

    def _failpoints(self, points: tuple[Point, ...]) -> str:
        """Choose a deadly point, and one that only hurts."""
        deadly, hurting = self.chance.choice(points), self.chance.choice(points)
        action = self.chance.choice(("kill", "kill", "kill", "exit"))
        hurt = self.chance.choice(("error:0.02", "pause:0.5:0.02"))
        if deadly is hurting:
            return f"{deadly}={action}:0.05"
        return f"{deadly}={action}:0.05;{hurting}={hurt}"


async def kill_by_turns(system: ChaosSystem, chance: random.Random, most: float = math.inf) -> None:
    """SIGKILL one worker after the other, each once the one before is back, so many times or until cancelled.

    The first is killed soon after the beginning.
    """
    earliest, killed = 0.0, 0
    while killed < most:
        await asyncio.sleep(chance.uniform(earliest, KILL_AFTER[1]))
        worker = chance.choice(system.workers)
        await system.kill(worker, pause=chance.uniform(0, 1))
        await worker.up()
        earliest, killed = KILL_AFTER[0], killed + 1


class Weather:
    """Telegram's faults: each is armed for one call, so that how many struck is known exactly."""

    def __init__(self, telegram: Telegram, chance: random.Random, per_second: float) -> None:
        self._telegram = telegram
        self._chance = chance
        self._per_second = per_second
        self._armed: dict[int, tuple[str, str]] = {}
        self.struck: Counter[tuple[str, str]] = Counter()
        """How often which fault struck which method."""

    async def worsen_for_ever(self) -> None:
        """Arm fault after fault until cancelled, and let a tenth of the written updates come twice."""
        await self._telegram.ask("POST", "faults", {"kind": "duplicate", "probability": 0.1})
        while True:
            await asyncio.sleep(self._chance.expovariate(self._per_second))
            fault = self._fault()
            armed = await self._telegram.ask("POST", "faults", fault)
            self._armed[armed["id"]] = (fault["kind"], fault["method"])

    async def clear(self) -> None:
        """Disarm everything, and count what has struck."""
        left = {fault["id"] for fault in await self._telegram.ask("GET", "faults")}
        await self._telegram.ask("DELETE", "faults")
        self.struck.update(name for number, name in self._armed.items() if number not in left)
        self._armed.clear()

    def _fault(self) -> Json:
        (kind,) = self._chance.choices(list(TELEGRAM), list(TELEGRAM.values()))
        method = self._chance.choice(METHODS)
        fault: Json = {"kind": kind, "method": method, "count": 1}
        if kind == "latency":
            fault["seconds"] = self._chance.uniform(0.1, 2.0)
        if kind == "error":
            fault["status"] = self._chance.choice((500, 502, 503, 504))
        return fault
