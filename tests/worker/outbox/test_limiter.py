import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from itertools import count, pairwise
from pathlib import Path
from time import monotonic
from uuid import uuid4

import pytest
import pytest_asyncio
from arq.connections import ArqRedis
from prometheus_client import CollectorRegistry
from sqlalchemy import select

from sandbox.valkey import ValkeyServer
from shared.clock import SystemClock
from shared.queue.connection import connect
from shared.telegram.errors import FloodError
from shared.telegram.send_keys import EVERYONE
from tests.worker.outbox.sending import BOT, make_limiter
from tests.worker.shop import Shop
from worker.db.models.delivery import SendPause
from worker.outbox.limiter import HeldBackError, Limiter
from worker.outbox.local_window import LocalWindow
from worker.outbox.permits import PermitDecision, SendPermit
from worker.outbox.priority import LONGEST_WAIT, Limits, Priority
from worker.outbox.shared_window import SharedWindow

chats = count(70_000)
EVERYTHING = Limits(per_second=20, per_chat=0, group_per_minute=0)


class Replicas:
    """Several replicas' limiters over one Redis, and when each of their messages was at Telegram."""

    def __init__(self, shop: Shop, redis: ArqRedis) -> None:
        self.shop = shop
        self.redis = redis
        self.registry = CollectorRegistry()
        self.sent: dict[Priority, list[float]] = {priority: [] for priority in Priority}

    def limiter(self, limits: Limits = EVERYTHING) -> Limiter:
        return make_limiter(self.redis, self.shop.sessions, SystemClock(), limits, CollectorRegistry())

    async def ask(self, permit: SendPermit, limits: Limits = EVERYTHING) -> PermitDecision:
        """Ask once, where a limiter asks until it may."""
        return await SharedWindow(self.redis, limits, BOT).ask(permit, in_any_case=True)

    async def send(
        self, limiter: Limiter, priority: Priority = Priority.REPLY, *, seconds: float = 0.0
    ) -> bool:
        """Send one message that Telegram gets after `seconds`; tell whether its permit came in time."""
        try:
            permit = await limiter.acquire(next(chats), priority)
        except HeldBackError:
            return False
        await asyncio.sleep(seconds)
        self.sent[priority].append(asyncio.get_running_loop().time())
        await limiter.release(permit)
        return True

    async def press(self, limiter: Limiter, priority: Priority, enough: Callable[[], bool]) -> None:
        """Send as much as there is leave for, until there was enough."""
        while not enough():
            await self.send(limiter, priority)

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
        replicas.send(both[n % 2], Priority.REMINDER, seconds=delays[n % 4])
        if n % 3
        else replicas.send(both[n % 2], seconds=delays[n % 4])
        for n in range(60)
    ]
    done = await asyncio.gather(*sends)
    assert replicas.most_in_a_second() <= 20
    assert sum(done) >= 20  # a slow machine gives fewer permits in the time that these wait


async def test_lower_priorities_leave_room_for_those_who_wait_for_an_answer(replicas: Replicas) -> None:
    limits = Limits(per_second=10, per_chat=0, group_per_minute=0)
    granted = 0
    for priority, ceiling in ((Priority.BROADCAST, 4), (Priority.REMINDER, 7), (Priority.REPLY, 10)):
        while granted < ceiling:
            decision = await replicas.ask(SendPermit(f"{granted}", next(chats), priority), limits)
            granted += not decision.wait
            await asyncio.sleep(decision.wait)
        assert (await replicas.ask(SendPermit("more", next(chats), priority), limits)).wait > 0


async def test_what_may_wait_goes_out_evenly_and_leaves_room_at_any_moment(replicas: Replicas) -> None:
    limiter = replicas.limiter(Limits(per_second=20, per_chat=0, group_per_minute=0))
    sent = replicas.sent[Priority.REMINDER]

    def enough() -> bool:
        return len(sent) >= 40

    await asyncio.gather(*(replicas.press(limiter, Priority.REMINDER, enough) for _ in range(5)))
    gaps = [later - earlier for earlier, later in pairwise(sorted(sent))]
    assert sum(gap > 0.02 for gap in gaps) > len(gaps) * 0.6  # of 71 ms each, but for two at the beginning


async def test_what_somebody_waits_for_goes_out_at_once(replicas: Replicas) -> None:
    verdicts = [await replicas.ask(SendPermit(f"{n}", next(chats), Priority.REPLY)) for n in range(20)]
    assert not any(decision.wait for decision in verdicts)


async def test_no_priority_starves_below_a_busy_one(replicas: Replicas) -> None:
    limits = Limits(per_second=20, per_chat=0, group_per_minute=0)
    sent = replicas.sent

    def enough() -> bool:
        return len(sent[Priority.REMINDER]) >= 3 and len(sent[Priority.BROADCAST]) >= 1

    busy = [replicas.press(replicas.limiter(limits), Priority.REPLY, enough) for _ in range(4)]
    await asyncio.gather(
        *busy,
        replicas.press(replicas.limiter(limits), Priority.REMINDER, enough),
        replicas.press(replicas.limiter(limits), Priority.BROADCAST, enough),
    )
    assert len(replicas.sent[Priority.REPLY]) > 2 * len(replicas.sent[Priority.REMINDER])
    assert replicas.most_in_a_second() <= 20


async def test_a_chat_gets_a_short_burst_and_then_its_pace(replicas: Replicas) -> None:
    limits, chat = Limits(per_second=0, per_chat=1, chat_burst=3), next(chats)
    limiter = replicas.limiter(limits)
    for _ in range(3):
        await limiter.acquire(chat, Priority.REPLY)
    decision = await replicas.ask(SendPermit("fourth", chat, Priority.REPLY), limits)
    assert decision.chat_only
    assert 0 < decision.wait <= 1
    assert not (await replicas.ask(SendPermit("other", next(chats), Priority.REPLY), limits)).wait


def asking(chat: int, seconds: float = 10.0) -> SendPermit:
    """What asks for a permit, and can wait for it."""
    return SendPermit(uuid4().hex, chat, Priority.REPLY, monotonic() + seconds)


async def test_who_waits_for_a_chat_keeps_the_place_in_its_line(replicas: Replicas) -> None:
    limits, chat = Limits(per_second=0, per_chat=1, chat_burst=1), next(chats)
    await replicas.limiter(limits).acquire(chat, Priority.REPLY)
    permits = [asking(chat) for _ in range(4)]
    waits = [(await replicas.ask(permit, limits)).wait for permit in permits]
    assert waits == sorted(waits)
    assert waits[-1] - waits[0] > 2
    await asyncio.sleep(waits[0])
    hasty = asking(chat, 0.0)
    assert (
        await replicas.ask(hasty, limits)
    ).wait > 1  # others are before it, though the chat's pause is over
    assert not hasty.has_place
    assert (await replicas.ask(permits[0], limits)).wait == 0


async def test_a_place_that_is_given_up_is_the_next_ones(replicas: Replicas) -> None:
    limits, chat = Limits(per_second=0, per_chat=2, chat_burst=1), next(chats)
    limiter = replicas.limiter(limits)
    await limiter.acquire(chat, Priority.REPLY)
    one, other = asking(chat), asking(chat)
    await replicas.ask(one, limits)
    assert 0.5 < (await replicas.ask(other, limits)).wait <= 1
    await limiter.release(one, sent=False)
    third = asking(chat)
    assert 0.5 < (await replicas.ask(third, limits)).wait <= 1


async def test_a_group_gets_so_many_in_any_minute(replicas: Replicas) -> None:
    limiter = replicas.limiter(Limits(per_second=0, per_chat=1, group_per_minute=5))
    group = -next(chats)
    for _ in range(5):
        await limiter.acquire(group, Priority.REMINDER)
    with pytest.raises(HeldBackError) as held:
        await limiter.acquire(group, Priority.REMINDER)
    assert 30 < held.value.retry_after <= 61


async def test_a_long_wait_is_given_back_at_once_with_its_length(replicas: Replicas) -> None:
    limiter, chat = replicas.limiter(Limits(per_second=0, per_chat=0.01, chat_burst=1)), next(chats)
    await limiter.acquire(chat, Priority.REPLY)
    begun = asyncio.get_running_loop().time()
    with pytest.raises(FloodError) as held:
        await limiter.acquire(chat, Priority.REPLY)
    assert asyncio.get_running_loop().time() - begun < 20
    assert 50 < held.value.retry_after <= 100


async def test_nobody_waits_longer_than_the_priority_is_patient(replicas: Replicas) -> None:
    limiter = replicas.limiter(Limits(per_second=1, per_chat=0))
    begun = asyncio.get_running_loop().time()
    done = await asyncio.gather(*(replicas.send(limiter) for _ in range(10)))
    assert asyncio.get_running_loop().time() - begun < LONGEST_WAIT[Priority.REPLY] + 5
    assert 1 <= sum(done) < 10


async def test_one_flood_pauses_its_chat_alone_and_several_pause_everyone(replicas: Replicas) -> None:
    limiter, other = replicas.limiter(), replicas.limiter()
    first, second, third = (next(chats) for _ in range(3))
    await limiter.flooded(first, 5)
    await limiter.flooded(first, 5)
    await limiter.flooded(second, 5)
    with pytest.raises(HeldBackError) as held:
        await other.acquire(first, Priority.REPLY)
    assert 4 < held.value.retry_after <= 5
    await other.acquire(third, Priority.REPLY)
    await limiter.flooded(third, 6)
    with pytest.raises(HeldBackError) as held:
        await other.acquire(next(chats), Priority.REPLY)
    assert 5 < held.value.retry_after <= 6


async def test_an_emptied_redis_forgets_no_long_pause(replicas: Replicas) -> None:
    limiter, chat = replicas.limiter(), next(chats)
    await limiter.flooded(chat, 60)
    await limiter.flooded(chat, 1)
    await limiter.flooded(next(chats), 2)
    await replicas.redis.flushall()
    for each in (limiter, replicas.limiter()):
        with pytest.raises(HeldBackError) as held:
            await each.acquire(chat, Priority.REPLY)
        assert 58 < held.value.retry_after <= 60
        await each.acquire(next(chats), Priority.REPLY)
    async with replicas.shop.sessions() as session:
        kept = list(await session.scalars(select(SendPause.chat_id).where(SendPause.bot_id == BOT)))
    assert kept == [chat]


async def test_a_pause_of_everyone_outlives_redis_too(replicas: Replicas) -> None:
    limiter = replicas.limiter()
    for _ in range(3):
        await limiter.flooded(next(chats), 30)
    await replicas.redis.flushall()
    with pytest.raises(HeldBackError) as held:
        await replicas.limiter().acquire(next(chats), Priority.REMINDER)
    assert 28 < held.value.retry_after <= 30
    async with replicas.shop.sessions() as session:
        assert await session.get(SendPause, (BOT, EVERYONE)) is not None


async def test_without_redis_each_replica_keeps_to_its_share(shop: Shop, tmp_path: Path) -> None:
    server = await ValkeyServer(tmp_path).start()
    async with connect(server.url()) as redis:
        replicas = Replicas(shop, redis)
        registries = [CollectorRegistry(), CollectorRegistry()]
        both = [
            make_limiter(redis, shop.sessions, SystemClock(), EVERYTHING, each, lambda: 2)
            for each in registries
        ]

        def sent() -> int:
            return len(replicas.sent[Priority.REPLY])

        def alone() -> list[float | None]:
            return [each.get_sample_value("bellhop_send_limits_alone") for each in registries]

        async def press(enough: Callable[[], bool]) -> None:
            await asyncio.gather(
                *(replicas.press(each, Priority.REPLY, enough) for each in both for _ in range(3))
            )

        await press(lambda: sent() >= 5)
        await server.kill()
        before = sent()
        await press(lambda: sent() > before + 20)
        assert alone() == [1, 1]
        await server.start()
        before = sent()
        await press(lambda: sent() > before + 5 and alone() == [0, 0])
        await server.kill()
    assert replicas.most_in_a_second() <= 20


async def test_with_all_limits_off_redis_is_not_asked(shop: Shop) -> None:
    async with connect("redis://127.0.0.1:1/0") as nowhere:
        limiter = make_limiter(nowhere, shop.sessions, SystemClock(), Limits(0, 0, 1, 0), CollectorRegistry())
        for _ in range(100):
            await limiter.release(await limiter.acquire(1, Priority.REPLY))


def test_shares_of_a_small_limit_take_longer_than_a_second() -> None:
    now = [100.0]
    window = LocalWindow(Limits(per_second=2, per_chat=0), lambda: now[0])
    permit = SendPermit("x", 1, Priority.REPLY)
    assert window.ask(permit, 4).wait == 0
    wait = window.ask(permit, 4).wait
    assert 2 <= wait <= 2.3
    now[0] += wait + 0.001
    assert window.ask(permit, 4).wait == 0


@pytest.mark.parametrize("limits", [Limits(per_second=1, per_chat=0), Limits(0, 0.01, 1), Limits(0, 0, 1, 1)])
async def test_a_permit_that_is_not_used_counts_no_more(replicas: Replicas, limits: Limits) -> None:
    limiter, chat = replicas.limiter(limits), -next(chats) if limits.group_per_minute == 1 else next(chats)
    for _ in range(5):
        await limiter.release(await limiter.acquire(chat, Priority.REPLY), sent=False)


def test_without_redis_too_a_chats_line_is_kept() -> None:
    now = [100.0]
    window = LocalWindow(Limits(per_second=0, per_chat=1, chat_burst=1), lambda: now[0])
    assert window.ask(SendPermit("x", 1, Priority.REPLY), 1).wait == 0
    first, second = (SendPermit(name, 1, Priority.REPLY, now[0] + 3) for name in "ab")
    assert (window.ask(first, 1).wait, window.ask(second, 1).wait) == (1, 2)
    now[0] += 1
    assert window.ask(SendPermit("hasty", 1, Priority.REPLY), 1).wait == 2
    assert window.ask(first, 1).wait == 0
    now[0] += 1
    assert window.ask(second, 1).wait == 0


async def test_a_dead_workers_turn_runs_out(replicas: Replicas) -> None:
    limiter = replicas.limiter(Limits(per_second=1, per_chat=0))
    await limiter.acquire(next(chats), Priority.REPLY)
    scores = await replicas.redis.zrange(f"bellhop:send:{BOT}:reply", 0, -1, withscores=True)
    seconds, microseconds = await replicas.redis.time()
    assert 4 < scores[0][1] / 1000 - seconds - microseconds / 1e6 <= timedelta(seconds=5).total_seconds()
