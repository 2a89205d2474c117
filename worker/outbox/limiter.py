"""The one way to a turn at Telegram: its limits hold over all replicas, and its pauses for everyone.

While Redis is away each replica keeps to its own share. It waits a second before the first message by
that rule, and keeps it up for two more once Redis is back, because others may still be changing over.
"""

import asyncio
from collections.abc import Callable
from time import monotonic
from uuid import uuid4

import structlog
from redis.exceptions import RedisError

from shared.telegram.errors import FloodError
from worker.db.errors import cause_of
from worker.db.models.delivery import EVERYONE
from worker.db.outages import is_outage
from worker.outbox.lanes import PATIENCE, Lane, Limits
from worker.outbox.limiter_metrics import LimiterMetrics
from worker.outbox.local_window import LocalWindow
from worker.outbox.pauses import PauseStore
from worker.outbox.shared_window import SharedWindow
from worker.outbox.turns import Turn, Verdict

log = structlog.get_logger()

LOOK_AGAIN_SECONDS = 1.0
COUNTING_OUT_SECONDS = 1.0
"""After Redis went away: what all replicas sent by its leave stops counting."""
CHANGING_OVER_SECONDS = 2.0
RESTORE_AGAIN_SECONDS = 5.0
CROWDED_SECONDS = 1.0
"""How long a message stays away that did not even get to ask in time."""


class HeldBackError(FloodError):
    """Our own limiter has the message wait; Telegram has not been asked."""


class Limiter:
    """Gives out turns. `replicas` tells how many share the limits when Redis cannot be asked."""

    def __init__(
        self,
        limits: Limits,
        window: SharedWindow,
        pauses: PauseStore,
        metrics: LimiterMetrics,
        replicas: Callable[[], int] = lambda: 1,
    ) -> None:
        self._limits = limits
        self._window = window
        self._local = LocalWindow(limits)
        self._pauses = pauses
        self._metrics = metrics
        self._replicas = replicas
        self._queues = {lane: asyncio.Lock() for lane in Lane}
        self._away_since: float | None = None
        self._look_again_at = 0.0
        self._changing_over_until = 0.0
        self._restore_again_at = 0.0

    async def take(self, chat_id: int, lane: Lane) -> Turn:
        """Return when a message to the chat may be sent.

        Raises HeldBackError, with the seconds it has to wait, where that is longer than the lane's patience.
        """
        turn, begun = Turn(uuid4().hex, chat_id, lane), monotonic()
        deadline = begun + PATIENCE[lane]
        while True:
            verdict = await self._ask_in_line(turn, deadline)
            if not verdict.wait:
                break
            await self._wait(verdict.wait, deadline, lane)
        self._metrics.waited(lane, monotonic() - begun)
        return turn

    async def answered(self, turn: Turn, *, sent: bool = True) -> None:
        """Note that Telegram has answered, or that the turn was not used."""
        if self._away_since is not None or self._limits.none:
            return
        try:
            await self._window.answered(turn, sent=sent)
        except (RedisError, OSError):
            self._fall()

    async def flooded(self, chat_id: int, seconds: float) -> None:
        """Pause whom a 429 concerns, in memory, in Redis and in PostgreSQL."""
        self._local.pause(chat_id, seconds)
        everyone = False
        try:
            everyone = await self._window.flooded(chat_id, seconds)
        except (RedisError, OSError):
            self._fall()
        if everyone:
            self._local.pause(EVERYONE, seconds)
            self._metrics.pause(seconds)
        self._metrics.flooded(everyone=everyone)
        log.warning("flood wait", seconds=seconds, everyone=everyone)
        try:
            await self._pauses.keep(EVERYONE if everyone else chat_id, seconds)
        except Exception as error:
            if not is_outage(error):
                raise
            log.warning("flood wait not kept", error=cause_of(error))

    async def _ask_in_line(self, turn: Turn, deadline: float) -> Verdict:
        """Ask, one message of a lane at a time: while everyone in it waits, only the first asks again."""
        lock = self._queues[turn.lane]
        try:
            async with asyncio.timeout_at(_loop_time(deadline)):
                await lock.acquire()
        except TimeoutError:
            self._metrics.held_back(turn.lane)
            raise HeldBackError(CROWDED_SECONDS) from None
        try:
            while True:
                verdict = await self._ask(turn)
                if not verdict.wait or verdict.chat_only:
                    return verdict
                await self._wait(verdict.wait, deadline, turn.lane)
        finally:
            lock.release()

    async def _wait(self, seconds: float, deadline: float, lane: Lane) -> None:
        if monotonic() + seconds > deadline:
            self._metrics.held_back(lane)
            raise HeldBackError(seconds)
        await asyncio.sleep(seconds)

    async def _ask(self, turn: Turn) -> Verdict:
        if self._limits.none:
            return self._local.ask(turn, 1)
        if monotonic() < self._look_again_at:
            return self._ask_alone(turn)
        try:
            verdict = await self._window.ask(turn)
            if not verdict.known:
                await self._restore()
                verdict = await self._window.ask(turn, in_any_case=True)
        except (RedisError, OSError):
            self._fall()
            return self._ask_alone(turn)
        self._metrics.pause(verdict.paused)
        if self._away_since is not None:
            self._come_back()
        return verdict if verdict.wait else await self._count(turn, verdict)

    async def _count(self, turn: Turn, verdict: Verdict) -> Verdict:
        if monotonic() >= self._changing_over_until:
            self._local.count(turn, 1)
            return verdict
        own = self._local.ask(turn, self._replicas())
        if own.wait:
            await self.answered(turn, sent=False)
        return own

    def _ask_alone(self, turn: Turn) -> Verdict:
        since = self._away_since or monotonic()
        quiet = since + COUNTING_OUT_SECONDS - monotonic()
        if self._limits.per_second and quiet > 0:
            return Verdict(quiet)
        return self._local.ask(turn, self._replicas())

    def _fall(self) -> None:
        now = monotonic()
        if self._away_since is None:
            self._away_since = now
            log.warning("limits kept alone", replicas=self._replicas())
        self._look_again_at = now + LOOK_AGAIN_SECONDS
        self._metrics.alone(yes=True)

    def _come_back(self) -> None:
        self._away_since = None
        self._changing_over_until = monotonic() + CHANGING_OVER_SECONDS
        self._metrics.alone(yes=False)
        log.info("limits kept together again")

    async def _restore(self) -> None:
        """Tell Redis the pauses it does not know, unless PostgreSQL cannot be asked just now."""
        if monotonic() < self._restore_again_at:
            return
        self._restore_again_at = monotonic() + RESTORE_AGAIN_SECONDS
        try:
            pauses = await self._pauses.load()
        except Exception as error:
            if not is_outage(error):
                raise
            log.warning("pauses not restored", error=cause_of(error))
            return
        await self._window.restore(pauses)
        self._restore_again_at = 0.0


def _loop_time(deadline: float) -> float:
    return asyncio.get_running_loop().time() + max(0.0, deadline - monotonic())
