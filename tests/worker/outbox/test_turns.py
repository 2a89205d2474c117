"""Who goes first at Telegram while many wait: one after the other, newcomers behind who was here before."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from itertools import count, pairwise

import pytest_asyncio
from arq.connections import ArqRedis
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry

from shared.clock import SystemClock
from shared.queue.connection import connect
from shared.telegram.send_keys import SendKeys
from tests.worker.outbox.sending import BOT, make_limiter
from tests.worker.shop import Shop
from worker.outbox.limiter import HeldBackError, Limiter
from worker.outbox.limiter_metrics import LimiterMetrics
from worker.outbox.pauses import PauseStore
from worker.outbox.permits import PermitDecision, SendPermit, Waiter
from worker.outbox.priority import LONGEST_WAIT, Limits, Priority
from worker.outbox.shared_window import SharedWindow
from worker.outbox.waiting_line import NEWCOMERS_EACH, WaitingLine

LIMIT = 20
PATIENCE = LONGEST_WAIT[Priority.REPLY]
NO_TURN = -1.0
chats = count(80_000)


class Replicas:
    """Limiters over one Redis."""

    def __init__(self, shop: Shop, redis: ArqRedis) -> None:
        self._shop = shop
        self.redis = redis

    def limiter(self, window: SharedWindow | None = None) -> Limiter:
        limits = Limits(per_second=LIMIT, per_chat=0, group_per_minute=0)
        sessions, clock = self._shop.sessions, SystemClock()
        if window is None:
            return make_limiter(self.redis, sessions, clock, limits, CollectorRegistry())
        pauses = PauseStore(sessions, clock, BOT)
        return Limiter(limits, window, pauses, LimiterMetrics(CollectorRegistry()))


@pytest_asyncio.fixture
async def replicas(shop: Shop, valkey_url: str) -> AsyncIterator[Replicas]:
    async with connect(valkey_url) as redis:
        yield Replicas(shop, redis)


async def ask(limiter: Limiter, waiter: Waiter, priority: Priority = Priority.REPLY) -> float:
    """Ask for leave to send, and send; return for how long the job is given back, 0 where it was sent."""
    try:
        permit = await limiter.acquire(next(chats), priority, waiter)
    except HeldBackError as error:
        return error.retry_after if error.has_turn else NO_TURN
    await limiter.release(permit)
    return 0.0


async def crowd(limiters: list[Limiter], size: int, *, is_new: bool = False) -> list[float]:
    """Have many ask at the same moment, each at the next replica."""
    waiters = [Waiter(since=number, keeps_turn=True, is_new=is_new) for number in range(size)]
    places = enumerate(waiters)
    return await asyncio.gather(*(ask(limiters[place % len(limiters)], each) for place, each in places))


async def test_each_of_a_crowd_has_a_turn_of_its_own_over_all_replicas(replicas: Replicas) -> None:
    waits = await crowd([replicas.limiter() for _ in range(3)], 5 * LIMIT)
    put_off = sorted(wait for wait in waits if wait)
    assert len(put_off) >= 2 * LIMIT, "what is further off than a second is given back"
    assert put_off[0] > 0, "and knows that its turn is kept"
    gaps = [later - earlier for earlier, later in pairwise(put_off)]
    assert sum(gaps) / len(gaps) > 0.5 / LIMIT, "nobody is told to come when another one is"


async def test_who_comes_at_the_turn_that_was_kept_is_not_sent_away_again(replicas: Replicas) -> None:
    limiter = replicas.limiter()
    waits = await crowd([limiter], 3 * LIMIT, is_new=True)
    last = max(waits)
    assert last > PATIENCE
    await asyncio.sleep(last)  # as the queue has the job wait
    waiter = Waiter(since=0, keeps_turn=True, is_new=True, has_turn=True)
    assert await ask(limiter, waiter) == 0.0


async def test_who_asks_late_goes_no_later_than_who_began_to_wait_later(replicas: Replicas) -> None:
    limiters = [replicas.limiter() for _ in range(2)]
    waiting = [Waiter(since=number, keeps_turn=True, is_new=True) for number in range(4 * LIMIT)]
    waits = await asyncio.gather(
        *(ask(limiters[each % 2], waiting[each]) for each in range(LIMIT, 4 * LIMIT))
    )
    late = [await ask(limiters[0], waiting[number]) for number in range(3)]
    assert max(late) <= sorted(wait for wait in waits if wait)[3], (
        "each shares the turn of one that began later"
    )
    assert await ask(limiters[1], replace(waiting[0], since=1e9)) > max(late)


class Full(SharedWindow):
    """Full for whoever comes at their turn until a place is free; who has no turn is given a far one."""

    def __init__(self, redis: ArqRedis) -> None:
        super().__init__(redis, Limits(), BOT)
        self.in_line, self.is_free = asyncio.Event(), asyncio.Event()
        self._asked = 0

    async def ask(
        self,
        permit: SendPermit,
        *,
        in_any_case: bool = False,  # noqa: ARG002 - the window's own
    ) -> PermitDecision:
        """Answer as the window would."""
        if not permit.has_turn:
            permit.has_turn = True
            return PermitDecision(2 * PATIENCE, chat_only=True)
        self._asked += 1
        if self._asked == 1:
            return PermitDecision(PATIENCE / 1000)
        self.in_line.set()
        await self.is_free.wait()
        return PermitDecision(0)


async def test_who_has_no_turn_yet_gets_one_while_others_wait_for_a_place(replicas: Replicas) -> None:
    window = Full(replicas.redis)
    limiter = replicas.limiter(window)
    at_their_turn = asyncio.ensure_future(ask(limiter, Waiter(since=0, keeps_turn=True, has_turn=True)))
    await window.in_line.wait()
    assert await ask(limiter, Waiter(since=1e9, keeps_turn=True)) == 2 * PATIENCE
    assert not at_their_turn.done()
    window.is_free.set()
    assert await at_their_turn == 0


async def test_who_shares_a_turn_that_has_come_is_counted_as_everyone(replicas: Replicas) -> None:
    names, waiter = SendKeys(BOT), Waiter(since=1, keeps_turn=True)
    seconds, _ = await replicas.redis.time()
    last_turn, turn_of_one_who_began_later = f"{seconds * 1000 + 60_000}", {f"{seconds * 1000}": 2000}
    async with replicas.redis.pipeline() as pipeline:
        pipeline.hset(names.waiting, "turns", last_turn)
        pipeline.zadd(names.turns[0], turn_of_one_who_began_later)
        await pipeline.execute()
    assert await ask(replicas.limiter(), waiter) == 0.0
    assert await replicas.redis.zcard(names.windows[0]) == 1


async def test_who_was_here_before_does_not_wait_for_a_crowd_of_newcomers(replicas: Replicas) -> None:
    limiter, other = replicas.limiter(), replicas.limiter()
    await crowd([limiter], 10 * LIMIT, is_new=True)
    assert await ask(other, Waiter(since=1000, keeps_turn=True)) <= PATIENCE
    assert await ask(other, Waiter(since=1000, keeps_turn=True, is_new=True)) > 5 * PATIENCE


async def test_a_line_lets_the_oldest_go_first_and_loses_nobody_who_goes_away() -> None:
    line, got = WaitingLine(), list[int]()

    async def wait(number: int, since: float) -> None:
        await line.acquire(since, is_new=False)
        got.append(number)
        line.release()

    await line.acquire(0, is_new=False)
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(wait(number, -number)) for number in range(5)]
        await asyncio.sleep(0)
        tasks[4].cancel()
        await asyncio.sleep(0)
        line.release()
    assert got == [3, 2, 1, 0]
    assert not line.taken


async def test_the_one_whose_place_comes_as_they_go_away_hands_it_on() -> None:
    line = WaitingLine()
    await line.acquire(0, is_new=False)
    first, second = (asyncio.ensure_future(line.acquire(number, is_new=False)) for number in (1, 2))
    await asyncio.sleep(0)
    line.release()
    first.cancel()
    await asyncio.wait({first, second})
    assert second.done()
    assert not second.cancelled()
    assert line.taken


@given(st.lists(st.booleans(), min_size=1, max_size=40))
def test_newcomers_get_each_fourth_place_while_both_wait(new: list[bool]) -> None:
    async def run() -> list[bool]:
        line, got = WaitingLine(), list[bool]()

        async def wait(number: int, *, is_new: bool) -> None:
            await line.acquire(number, is_new=is_new)
            got.append(is_new)
            line.release()

        await line.acquire(0, is_new=False)
        async with asyncio.TaskGroup() as group:
            for number, is_new in enumerate(new):
                group.create_task(wait(number, is_new=is_new))
            await asyncio.sleep(0)
            line.release()
        return got

    got = asyncio.run(run())
    assert sorted(got) == sorted(new)
    known = new.count(False)
    for place, is_new in enumerate(got, start=1):
        if is_new:
            before = got[: place - 1].count(False)
            assert before == known or place % NEWCOMERS_EACH == 0
