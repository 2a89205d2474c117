"""A Redis that goes away and comes back: what was done is not done again, and nobody is robbed."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

import pytest_asyncio

from sandbox.valkey import ValkeyServer
from tests.queueing import BEN, Line, job, lane, line, until
from tests.worker.runtime.jobs.bench import Bench, at_work, emptied
from worker.runtime.jobs.source import Job


@pytest_asyncio.fixture
async def server() -> AsyncIterator[ValkeyServer]:
    """Give a Valkey that may be killed."""
    with tempfile.TemporaryDirectory(prefix="bellhop-valkey-") as directory:
        server = await ValkeyServer(Path(directory)).start()
        try:
            yield server
        finally:
            await server.kill()


@pytest_asyncio.fixture
async def queue(server: ValkeyServer) -> AsyncIterator[Line]:
    async with line(server.url()) as queue:
        yield queue


async def refused(bench: Bench, times: int = 1) -> None:
    """Wait until the worker has asked Redis in vain so often."""
    before = bench.figure("bellhop_queue_errors_total")

    async def noticed() -> bool:
        return bench.figure("bellhop_queue_errors_total") >= before + times

    await until(noticed)


async def test_what_was_done_while_redis_was_away_is_not_done_again(
    server: ValkeyServer, queue: Line
) -> None:
    go = asyncio.Event()

    async def hold(_: int) -> None:
        await go.wait()

    bench = Bench(queue, hold)
    async with at_work(bench) as working:
        await queue.put(1)
        await queue.put(2, person=BEN)
        await bench.wait(lambda: len(bench.ran) == 2)
        await server.kill()
        go.set()
        await refused(bench, times=4)  # whichever asked: both jobs were done by then
        await server.start()
        await emptied(queue)
        assert not working[0].done()
    assert sorted(bench.ran) == [1, 2]
    assert bench.count("done") == 2


async def test_nobody_is_robbed_of_what_could_not_be_renewed(server: ValkeyServer, queue: Line) -> None:
    other = queue.another(3600)
    bench = Bench(queue)
    await queue.put(1, 2)
    assert await other.claim(1)
    await other.store.heartbeat()
    async with at_work(bench):
        await server.kill()
        await refused(bench)
        await server.start()
        await queue.put(3, person=BEN)
        await bench.wait(lambda: bench.ran == [3])
        assert await other.finish(job(1), lane())
        await emptied(queue)
    assert bench.ran == [3, 2]


async def test_what_was_claimed_when_redis_went_is_run_when_it_is_back(
    server: ValkeyServer, queue: Line
) -> None:
    bench = Bench(queue, lease=3600)
    claim = bench.worker.source.claim

    async def claim_and_never_tell(count: int, known: Iterable[str]) -> list[Job]:
        if not await claim(count, known):
            return []
        bench.worker.source.claim = claim  # type: ignore[method-assign]
        await server.kill()
        raise ConnectionResetError

    bench.worker.source.claim = claim_and_never_tell  # type: ignore[method-assign]
    await queue.put(1)
    async with at_work(bench):
        await refused(bench)
        await server.start()
        await emptied(queue)
    assert bench.ran == [1]


async def test_a_full_redis_is_emptied_by_its_workers(queue: Line) -> None:
    bench = Bench(queue)
    await queue.put(1, 2)
    await queue.put(3, person=BEN)
    await queue.redis.config_set("maxmemory", "1")
    async with at_work(bench):
        await emptied(queue)
    await queue.redis.config_set("maxmemory", "0")
    assert sorted(bench.ran) == [1, 2, 3]


async def test_redis_may_go_and_come_back(server: ValkeyServer, queue: Line) -> None:
    go = asyncio.Event()

    async def hold(number: int) -> None:
        if number == 1:
            await go.wait()

    bench = Bench(queue, hold, lease=0.5)
    async with at_work(bench) as working:
        await queue.put(1, 2)
        await queue.put(3, person=BEN)
        await bench.wait(lambda: {1, 3} <= set(bench.ran))
        await server.kill()
        await refused(bench)
        go.set()
        await server.start()
        await queue.put(4, person=BEN)
        await bench.wait(lambda: {2, 4} <= set(bench.ran))
        await emptied(queue)
        assert not working[0].done()
    assert set(bench.ran) == {1, 2, 3, 4}
    assert not bench.dead
