import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import count, pairwise
from pathlib import Path

import pytest
import pytest_asyncio
from arq.connections import ArqRedis
from prometheus_client import CollectorRegistry
from sqlalchemy import select

from sandbox.valkey import ValkeyServer
from shared.clock import SystemClock
from shared.queue.connection import connect
from shared.telegram.errors import FloodError
from tests.worker.outbox.sending import BOT, make_limiter
from tests.worker.shop import Shop
from worker.db.models.delivery import EVERYONE, SendPause
from worker.outbox.lanes import PATIENCE, Lane, Limits
from worker.outbox.limiter import HeldBackError, Limiter
from worker.outbox.local_window import LocalWindow
from worker.outbox.turns import Turn

chats = count(70_000)
EVERYTHING = Limits(per_second=20, per_chat=0, group_per_minute=0)


class Replicas:
    """Several replicas' limiters over one Redis, and when each of their messages was at Telegram."""

    def __init__(self, shop: Shop, redis: ArqRedis) -> None:
        self.shop = shop
        self.redis = redis
        self.registry = CollectorRegistry()
        self.sent: dict[Lane, list[float]] = {lane: [] for lane in Lane}

    def limiter(self, limits: Limits = EVERYTHING) -> Limiter:
        return make_limiter(self.redis, self.shop.sessions, SystemClock(), limits, CollectorRegistry())

    async def send(self, limiter: Limiter, lane: Lane = Lane.REPLY, *, seconds: float = 0.0) -> bool:
        """Send one message that Telegram gets after `seconds`; tell whether its turn came in time."""
        try:
            turn = await limiter.take(next(chats), lane)
        except HeldBackError:
            return False
        await asyncio.sleep(seconds)
        self.sent[lane].append(asyncio.get_running_loop().time())
        await limiter.answered(turn)
        return True

    async def press(self, limiter: Limiter, lane: Lane, until: float) -> None:
        """Send as much as there is leave for, until a moment."""
        while asyncio.get_running_loop().time() < until:
            await self.send(limiter, lane)

    def most_in_a_second(self) -> int:
        times = sorted(at for sent in self.sent.values() for at in sent)
        return max(sum(1 for other in times if at <= other < at + 1) for at in times)


@pytest_asyncio.fixture
async def replicas(shop: Shop, valkey_url: str) -> AsyncIterator[Replicas]:
    async with connect(valkey_url) as redis:
        yield Replicas(shop, redis)


async def test_no_second_at_telegram_holds_more_than_the_limit_whatever_the_network_does(
    replicas: Replicas,
) -> None:
    both = [replicas.limiter(), replicas.limiter()]
    delays = [0.0, 0.3, 0.02, 0.15]
    sends = [
        replicas.send(both[n % 2], Lane.REMINDER, seconds=delays[n % 4])
        if n % 3
        else replicas.send(both[n % 2], seconds=delays[n % 4])
        for n in range(60)
    ]
    done = await asyncio.gather(*sends)
    assert replicas.most_in_a_second() <= 20
    assert sum(done) >= 40


async def test_lower_lanes_leave_room_for_those_who_wait_for_an_answer(replicas: Replicas) -> None:
    limiter = replicas.limiter(Limits(per_second=10, per_chat=0, group_per_minute=0))
    granted = 0
    for lane, ceiling in ((Lane.BROADCAST, 4), (Lane.REMINDER, 7), (Lane.REPLY, 10)):
        while granted < ceiling:
            verdict = await limiter._ask(Turn(f"{granted}", next(chats), lane))
            granted += not verdict.wait
            await asyncio.sleep(verdict.wait)
        assert (await limiter._ask(Turn("more", next(chats), lane))).wait > 0


async def test_what_may_wait_goes_out_evenly_and_leaves_room_at_any_moment(replicas: Replicas) -> None:
    limiter = replicas.limiter(Limits(per_second=20, per_chat=0, group_per_minute=0))
    end = asyncio.get_running_loop().time() + 3
    await asyncio.gather(*(replicas.press(limiter, Lane.REMINDER, end) for _ in range(5)))
    times = sorted(replicas.sent[Lane.REMINDER])
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert len(times) > 20
    assert sum(gap > 0.02 for gap in gaps) > len(gaps) * 0.6  # of 71 ms each, but for two at the beginning


async def test_what_somebody_waits_for_goes_out_at_once(replicas: Replicas) -> None:
    limiter = replicas.limiter()
    verdicts = [await limiter._ask(Turn(f"{n}", next(chats), Lane.REPLY)) for n in range(20)]
    assert not any(verdict.wait for verdict in verdicts)


async def test_no_lane_starves_below_a_busy_one(replicas: Replicas) -> None:
    limits = Limits(per_second=20, per_chat=0, group_per_minute=0)
    end = asyncio.get_running_loop().time() + 3
    busy = [replicas.press(replicas.limiter(limits), Lane.REPLY, end) for _ in range(4)]
    await asyncio.gather(
        *busy,
        replicas.press(replicas.limiter(limits), Lane.REMINDER, end),
        replicas.press(replicas.limiter(limits), Lane.BROADCAST, end),
    )
    assert len(replicas.sent[Lane.REMINDER]) >= 3
    assert len(replicas.sent[Lane.BROADCAST]) >= 1
    assert len(replicas.sent[Lane.REPLY]) > 2 * len(replicas.sent[Lane.REMINDER])
    assert replicas.most_in_a_second() <= 20


async def test_a_chat_gets_a_short_burst_and_then_its_pace(replicas: Replicas) -> None:
    limiter = replicas.limiter(Limits(per_second=0, per_chat=1, chat_burst=3))
    chat = next(chats)
    for _ in range(3):
        await limiter.take(chat, Lane.REPLY)
    verdict = await limiter._ask(Turn("fourth", chat, Lane.REPLY))
    assert verdict.chat_only
    assert 0 < verdict.wait <= 1
    assert not (await limiter._ask(Turn("other", next(chats), Lane.REPLY))).wait


async def test_a_group_gets_so_many_in_any_minute(replicas: Replicas) -> None:
    limiter = replicas.limiter(Limits(per_second=0, per_chat=1, group_per_minute=5))
    group = -next(chats)
    for _ in range(5):
        await limiter.take(group, Lane.REMINDER)
    with pytest.raises(HeldBackError) as held:
        await limiter.take(group, Lane.REMINDER)
    assert 30 < held.value.retry_after <= 61


async def test_a_long_wait_is_given_back_at_once_with_its_length(replicas: Replicas) -> None:
    limiter, chat = replicas.limiter(Limits(per_second=0, per_chat=0.01, chat_burst=1)), next(chats)
    await limiter.take(chat, Lane.REPLY)
    begun = asyncio.get_running_loop().time()
    with pytest.raises(FloodError) as held:
        await limiter.take(chat, Lane.REPLY)
    assert asyncio.get_running_loop().time() - begun < 20
    assert 50 < held.value.retry_after <= 100


async def test_nobody_waits_longer_than_the_lane_is_patient(replicas: Replicas) -> None:
    limiter = replicas.limiter(Limits(per_second=1, per_chat=0))
    begun = asyncio.get_running_loop().time()
    done = await asyncio.gather(*(replicas.send(limiter) for _ in range(10)))
    assert asyncio.get_running_loop().time() - begun < PATIENCE[Lane.REPLY] + 5
    assert 1 <= sum(done) < 10


async def test_one_flood_pauses_its_chat_alone_and_several_pause_everyone(replicas: Replicas) -> None:
    limiter, other = replicas.limiter(), replicas.limiter()
    first, second, third = (next(chats) for _ in range(3))
    await limiter.flooded(first, 5)
    await limiter.flooded(first, 5)
    await limiter.flooded(second, 5)
    with pytest.raises(HeldBackError) as held:
        await other.take(first, Lane.REPLY)
    assert 4 < held.value.retry_after <= 5
    await other.take(third, Lane.REPLY)
    await limiter.flooded(third, 6)
    with pytest.raises(HeldBackError) as held:
        await other.take(next(chats), Lane.REPLY)
    assert 5 < held.value.retry_after <= 6


async def test_an_emptied_redis_forgets_no_long_pause(replicas: Replicas) -> None:
    limiter, chat = replicas.limiter(), next(chats)
    await limiter.flooded(chat, 60)
    await limiter.flooded(chat, 1)
    await limiter.flooded(next(chats), 2)
    await replicas.redis.flushall()
    for each in (limiter, replicas.limiter()):
        with pytest.raises(HeldBackError) as held:
            await each.take(chat, Lane.REPLY)
        assert 58 < held.value.retry_after <= 60
        await each.take(next(chats), Lane.REPLY)
    async with replicas.shop.sessions() as session:
        kept = list(await session.scalars(select(SendPause.chat_id).where(SendPause.bot_id == BOT)))
    assert kept == [chat]


async def test_a_pause_of_everyone_outlives_redis_too(replicas: Replicas) -> None:
    limiter = replicas.limiter()
    for _ in range(3):
        await limiter.flooded(next(chats), 30)
    await replicas.redis.flushall()
    with pytest.raises(HeldBackError) as held:
        await replicas.limiter().take(next(chats), Lane.REMINDER)
    assert 28 < held.value.retry_after <= 30
    async with replicas.shop.sessions() as session:
        assert await session.get(SendPause, (BOT, EVERYONE)) is not None


async def test_without_redis_each_replica_keeps_to_its_share(shop: Shop, tmp_path: Path) -> None:
    server = await ValkeyServer(tmp_path).start()
    async with connect(server.url()) as redis:
        replicas = Replicas(shop, redis)
        both = [replicas.limiter(), replicas.limiter()]

        async def press_for(seconds: float) -> int:
            end = asyncio.get_running_loop().time() + seconds
            await asyncio.gather(*(replicas.press(each, Lane.REPLY, end) for each in both for _ in range(3)))
            return len(replicas.sent[Lane.REPLY])

        for limiter in both:
            limiter._replicas = lambda: 2
        before = await press_for(0.5)
        await server.kill()
        alone = await press_for(3)
        assert alone - before > 20
        await server.start()
        assert await press_for(3) > alone
        await server.kill()
    assert all(limiter._away_since is None for limiter in both)
    assert replicas.most_in_a_second() <= 20


async def test_with_all_limits_off_redis_is_not_asked(shop: Shop) -> None:
    async with connect("redis://127.0.0.1:1/0") as nowhere:
        limiter = make_limiter(nowhere, shop.sessions, SystemClock(), Limits(0, 0, 1, 0), CollectorRegistry())
        for _ in range(100):
            await limiter.answered(await limiter.take(1, Lane.REPLY))


def test_shares_of_a_small_limit_take_longer_than_a_second() -> None:
    now = [100.0]
    window = LocalWindow(Limits(per_second=2, per_chat=0), lambda: now[0])
    turn = Turn("x", 1, Lane.REPLY)
    assert window.ask(turn, 4).wait == 0
    wait = window.ask(turn, 4).wait
    assert 2 <= wait <= 2.3
    now[0] += wait + 0.001
    assert window.ask(turn, 4).wait == 0


async def test_a_turn_that_is_not_used_counts_no_more(replicas: Replicas) -> None:
    limiter = replicas.limiter(Limits(per_second=1, per_chat=0))
    for _ in range(5):
        await limiter.answered(await limiter.take(next(chats), Lane.REPLY), sent=False)


async def test_a_dead_workers_turn_runs_out(replicas: Replicas) -> None:
    limiter = replicas.limiter(Limits(per_second=1, per_chat=0))
    await limiter.take(next(chats), Lane.REPLY)
    scores = await replicas.redis.zrange(f"bellhop:send:{BOT}:reply", 0, -1, withscores=True)
    seconds, microseconds = await replicas.redis.time()
    assert 4 < scores[0][1] / 1000 - seconds - microseconds / 1e6 <= timedelta(seconds=5).total_seconds()
