"""Gives out permits to send: Telegram's limits hold over all replicas, and its pauses for everyone.

While Redis is away each replica keeps to its own share. It waits a second before the first message by
that rule, and keeps it up for two more once Redis is back, because others may still be changing over.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from time import monotonic
from uuid import uuid4

import structlog
from redis.exceptions import RedisError

from shared.telegram.errors import FloodError
from shared.telegram.send_keys import EVERYONE
from worker.db.errors import cause_of
from worker.db.outages import is_outage
from worker.outbox.limiter_metrics import LimiterMetrics
from worker.outbox.local_window import LocalWindow
from worker.outbox.pauses import PauseStore
from worker.outbox.permits import PermitDecision, SendPermit, Waiter
from worker.outbox.priority import LONGEST_WAIT, Limits, Priority
from worker.outbox.shared_window import SharedWindow
from worker.outbox.waiting_line import WaitingLine

log = structlog.get_logger()

LOOK_AGAIN_SECONDS = 1.0
COUNTING_OUT_SECONDS = 1.0
"""After Redis went away: what all replicas sent by its leave stops counting."""
CHANGING_OVER_SECONDS = 2.0
RESTORE_AGAIN_SECONDS = 5.0
ANYBODY = Waiter()
CROWDED_SECONDS = 1.0
"""How long a message stays away that did not even get to ask in time."""


class HeldBackError(FloodError):
    """Our own limiter has the message wait; Telegram has not been asked."""

    def __init__(self, seconds: float, *, has_turn: bool = False) -> None:
        super().__init__(seconds)
        self.has_turn = has_turn
        """Whether its turn is kept, and comes after just that time."""


class Limiter:
    """Gives out permits. `replicas` tells how many share the limits when Redis cannot be asked."""

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
        self._lines = {priority: WaitingLine() for priority in Priority}
        self._away_since: float | None = None
        self._look_again_at = 0.0
        self._changing_over_until = 0.0
        self._restore_again_at = 0.0

    async def acquire(self, chat_id: int, priority: Priority, waiter: Waiter = ANYBODY) -> SendPermit:
        """Return when a message to the chat may be sent.

        Raises HeldBackError, with the seconds it has to wait, where they are more than LONGEST_WAIT.
        """
        begun = monotonic()
        deadline = begun + LONGEST_WAIT[priority]
        permit = SendPermit(uuid4().hex, chat_id, priority, deadline, waiter, has_turn=waiter.has_turn)
        try:
            while wait := (await self._ask_in_line(permit)).wait:
                await _sleep(wait, permit.deadline)
        except HeldBackError as error:
            self._metrics.held_back(priority)
            if permit.has_place:
                await self.release(permit, sent=False)
            error.has_turn = permit.has_turn
            raise
        self._metrics.waited(priority, monotonic() - begun)
        return permit

    async def release(self, permit: SendPermit, *, sent: bool = True) -> None:
        """Note that Telegram has answered, or that the permit was not used."""
        if self._away_since is not None or self._limits.none:
            return
        try:
            await self._window.release(permit, sent=sent)
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

    async def _ask_in_line(self, permit: SendPermit) -> PermitDecision:
        """Ask; while everyone of a priority waits, only the first in line asks again."""
        line = self._lines[permit.priority]
        # Who gets a turn by asking goes away with it: behind who waits for a place, later ones would get it.
        if not line.taken or (permit.waiter.keeps_turn and not permit.has_turn):
            decision = await self._ask(permit)
            if not decision.wait or decision.chat_only:
                return decision
        try:
            async with asyncio.timeout_at(_loop_time(permit.deadline)):
                await line.acquire(permit.waiter.since, is_new=permit.waiter.is_new)
        except TimeoutError:
            raise HeldBackError(CROWDED_SECONDS) from None
        try:
            while True:
                decision = await self._ask(permit)
                if not decision.wait or decision.chat_only:
                    return decision
                await _sleep(decision.wait, permit.deadline)
        finally:
            line.release()

    async def _ask(self, permit: SendPermit) -> PermitDecision:
        if self._limits.none:
            return self._local.ask(permit, 1)
        if monotonic() < self._look_again_at:
            return self._ask_alone(permit)
        try:
            decision = await self._window.ask(permit)
            if not decision.known:
                await self._restore()
                decision = await self._window.ask(permit, in_any_case=True)
        except (RedisError, OSError):
            self._fall()
            return self._ask_alone(permit)
        self._metrics.pause(decision.paused)
        if self._away_since is not None:
            self._come_back()
        return decision if decision.wait else await self._count(permit, decision)

    async def _count(self, permit: SendPermit, decision: PermitDecision) -> PermitDecision:
        if monotonic() >= self._changing_over_until:
            self._local.count(permit, 1)
            return decision
        own = self._local.ask(replace(permit, deadline=0.0), self._replicas())
        if own.wait:
            await self.release(permit, sent=False)
        return own

    def _ask_alone(self, permit: SendPermit) -> PermitDecision:
        since = self._away_since or monotonic()
        quiet = since + COUNTING_OUT_SECONDS - monotonic()
        if self._limits.per_second and quiet > 0:
            return PermitDecision(quiet)
        return self._local.ask(permit, self._replicas())

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


async def _sleep(seconds: float, deadline: float) -> None:
    if monotonic() + seconds > deadline:
        raise HeldBackError(seconds)
    await asyncio.sleep(seconds)


def _loop_time(deadline: float) -> float:
    return asyncio.get_running_loop().time() + max(0.0, deadline - monotonic())
