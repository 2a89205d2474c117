"""What the bot sends by itself counts with what the workers send, over a real Valkey."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from arq.connections import ArqRedis

from bot.permits import LONGEST_WAIT_SECONDS, NoticePermits
from shared.queue.connection import connect
from shared.telegram.send_keys import EVERYONE, SendKeys
from worker.outbox.permits import PermitDecision, SendPermit
from worker.outbox.priority import Limits, Priority
from worker.outbox.shared_window import SharedWindow

BOT, PERSON = 7, 70_001
LIMITS = Limits(per_second=3, per_chat=1, chat_burst=2, group_per_minute=0)


@pytest_asyncio.fixture
async def redis(valkey_url: str) -> AsyncIterator[ArqRedis]:
    async with connect(valkey_url) as connected:
        yield connected


def permits(redis: ArqRedis, per_second: int = LIMITS.per_second, per_chat: float = 0) -> NoticePermits:
    return NoticePermits(redis, BOT, per_second=per_second, per_chat=per_chat)


async def asked(redis: ArqRedis, chat_id: int, limits: Limits = LIMITS) -> PermitDecision:
    permit = SendPermit(f"{chat_id}", chat_id, Priority.REPLY)
    return await SharedWindow(redis, limits, BOT).ask(permit, in_any_case=True)


async def test_a_notice_takes_one_of_the_places_of_a_second(redis: ArqRedis) -> None:
    assert await permits(redis).acquire(PERSON) is not None
    assert [bool((await asked(redis, chat)).wait) for chat in (1, 2, 3)] == [False, False, True]


async def test_a_notice_waits_until_what_the_workers_sent_counts_no_more(redis: ArqRedis) -> None:
    window = SharedWindow(redis, LIMITS, BOT)
    sent = [SendPermit(f"{chat}", chat, Priority.REPLY) for chat in (1, 2, 3)]
    for permit in sent:
        assert not (await window.ask(permit, in_any_case=True)).wait
    notice = asyncio.ensure_future(permits(redis).acquire(PERSON))
    for permit in sent:
        await window.release(permit, sent=True)
    until = {name: await redis.zrange(name, 0, -1, withscores=True) for name in SendKeys(BOT).windows}
    first = min(at for scores in until.values() for _, at in scores)
    assert await notice is not None
    seconds, microseconds = await redis.time()
    assert seconds * 1000 + microseconds / 1000 >= first


async def test_where_no_room_comes_soon_there_is_no_notice(redis: ArqRedis) -> None:
    for chat in (1, 2, 3):  # their answers never come
        assert not (await asked(redis, chat)).wait
    assert await permits(redis).acquire(PERSON) is None


@pytest.mark.parametrize("paused", [EVERYONE, PERSON])
async def test_while_telegram_wants_to_hear_nothing_there_is_no_notice(redis: ArqRedis, paused: int) -> None:
    await redis.set(SendKeys(BOT).pause(paused), 1, px=int(LONGEST_WAIT_SECONDS * 2000))
    assert await permits(redis).acquire(PERSON) is None


async def test_what_comes_after_it_in_its_chat_waits_for_its_turn(redis: ArqRedis) -> None:
    limits = Limits(per_second=0, per_chat=1, chat_burst=2, group_per_minute=0)
    for _ in range(2):
        assert await permits(redis, per_second=0, per_chat=1).acquire(PERSON) is not None
    assert (await asked(redis, PERSON, limits)).wait > 0


async def test_one_that_was_answered_counts_for_a_second_more_and_not_for_its_hold(redis: ArqRedis) -> None:
    mine = permits(redis)
    permit = await mine.acquire(PERSON)
    assert permit is not None
    held = await redis.zscore(SendKeys(BOT).windows[0], permit)
    await mine.release(permit)
    counts = await redis.zscore(SendKeys(BOT).windows[0], permit)
    assert held is not None
    assert counts is not None
    assert held - counts > 3000


async def test_without_redis_there_is_no_notice_and_no_failure() -> None:
    async with connect("redis://127.0.0.1:1/0") as nowhere:
        mine = permits(nowhere)
        assert await mine.acquire(PERSON) is None
        await mine.release("none")
