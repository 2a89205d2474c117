"""A host that is lost without a reset: nobody waits for its answer for ever."""

import asyncio

import pytest

from shared.queue import keys
from shared.queue.connection import connect
from tests.black_hole import black_hole
from tests.queueing import PATIENCE_SECONDS, Line, line, until
from tests.worker.runtime.jobs.bench import Bench, at_work, emptied
from worker.runtime.jobs import connection, source
from worker.runtime.jobs.connection import Connection


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "WAIT_SECONDS", 0.2)
    for module in (source, connection):
        monkeypatch.setattr(module, "LATE_SECONDS", 0.2)
    monkeypatch.setattr(connection, "PING_SECONDS", 0.2)


async def test_a_worker_that_waited_in_vain_goes_on_by_a_fresh_connection(
    queue: Line, valkey_url: str
) -> None:
    async with (
        black_hole(valkey_url) as (hole, through),
        connect(through, answer_seconds=None) as blocking,
    ):
        bench = Bench(queue)
        bench.worker.source._blocking = blocking
        async with at_work(bench):
            await until(queue.blocked)
            hole.swallow()
            await queue.put(1)
            await bench.wait(lambda: bench.ran == [1])
            await emptied(queue)


async def test_a_wait_without_an_answer_raises_what_counts_as_an_outage(valkey_url: str) -> None:
    async with black_hole(valkey_url) as (hole, through), line(through) as queue:
        assert await queue.own.wait() == []
        hole.swallow()
        with pytest.raises(TimeoutError):
            await queue.own.wait()
        assert await queue.own.wait() == []


async def test_a_wait_that_finds_nobody_at_the_end_of_a_new_connection_ends(valkey_url: str) -> None:
    async with black_hole(valkey_url) as (hole, through), line(through) as queue:
        assert await queue.own.wait() == []
        hole.fall_silent()
        waiting = asyncio.ensure_future(queue.own.wait())
        ended, _ = await asyncio.wait({waiting}, timeout=PATIENCE_SECONDS)
        waiting.cancel()
        assert ended
        assert isinstance(waiting.exception(), OSError)


async def test_a_worker_whose_connection_fell_silent_connects_anew(queue: Line, valkey_url: str) -> None:
    async def subscribers() -> int:
        [(_, count)] = await queue.redis.pubsub_numsub(keys.INTERACTIVE + keys.CONNECTION + "w")
        return int(count)

    async def two() -> bool:
        return await subscribers() == 2

    async with (
        black_hole(valkey_url) as (hole, through),
        connect(through, answer_seconds=None) as blocking,
    ):
        kept = asyncio.ensure_future(Connection(blocking, keys.INTERACTIVE, "w").keep_for_ever())
        await until(subscribers)
        hole.swallow()
        await until(two)  # the old one is still there for all that Redis knows
        kept.cancel()
        await asyncio.wait({kept})
