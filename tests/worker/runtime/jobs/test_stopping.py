"""A worker that is told to stop finishes, gives back, and loses nothing."""

import asyncio
from collections.abc import Iterable

from shared.queue import keys
from tests.queueing import BEN, Line, job, until
from tests.worker.runtime.jobs.bench import Bench, at_work
from worker.runtime.jobs.source import Job


async def test_a_stop_lets_what_is_in_hand_end(queue: Line) -> None:
    go = asyncio.Event()

    async def hold(_: int) -> None:
        await go.wait()

    bench = Bench(queue, hold)
    await queue.put(1)
    async with at_work(bench) as working:
        await bench.wait(lambda: bench.ran == [1])
        bench.worker.stop()
        await queue.put(2, person=BEN)
        await asyncio.sleep(0)
        assert not working[0].done()
        go.set()
        await working[0]
    assert (bench.ran, bench.count("done")) == ([1], 1)
    assert await queue.waiting() == {job(2)}


async def test_what_does_not_end_in_time_is_given_back_and_run_by_another(queue: Line) -> None:
    async def hang(_: int) -> None:
        await asyncio.Event().wait()

    stopping, other = Bench(queue, hang, lease=3600, drain=0.01), Bench(queue, lease=3600)
    await queue.put(1, 2)
    async with at_work(stopping) as working:
        await stopping.wait(lambda: stopping.ran == [1])
        stopping.worker.stop()
        await working[0]
    assert stopping.count("released") == 1
    async with at_work(other):
        await other.wait(lambda: other.ran == [1, 2])


async def test_a_claim_on_its_way_when_the_stop_comes_is_not_lost(queue: Line) -> None:
    bench = Bench(queue, lease=3600)
    claim = bench.worker.source.claim

    async def claim_then_stop(count: int, known: Iterable[str]) -> list[Job]:
        claimed = await claim(count, known)
        if claimed:
            bench.worker.stop()
            await asyncio.sleep(0.01)
        return claimed

    bench.worker.source.claim = claim_then_stop  # type: ignore[method-assign]
    await queue.put(1)
    async with at_work(bench) as working:
        await working[0]
    assert bench.ran == [1]
    assert await queue.waiting() == set()


async def test_a_worker_that_has_stopped_takes_nothing_any_more(queue: Line) -> None:
    bench = Bench(queue)
    async with at_work(bench) as working:
        await until(queue.blocked)
        bench.worker.stop()
        await working[0]
    assert not await queue.blocked()
    await queue.put(1)
    assert await queue.take() == [job(1)]


async def test_what_was_moved_to_a_worker_in_the_moment_of_stopping_goes_to_another(queue: Line) -> None:
    stopping, other = Bench(queue, lease=3600), Bench(queue, lease=3600)
    wait = stopping.worker.source.wait

    async def wait_and_never_tell(known: Iterable[str]) -> list[Job]:
        if await wait(known):
            stopping.worker.stop()
            await asyncio.Event().wait()
        return []

    stopping.worker.source.wait = wait_and_never_tell  # type: ignore[method-assign]
    async with at_work(stopping) as working:
        await until(queue.blocked)
        await queue.put(1)
        await working[0]
    async with at_work(other):
        await other.wait(lambda: other.ran == [1])
    assert stopping.ran == []


async def test_what_comes_late_to_a_worker_that_is_ending_goes_to_another(queue: Line) -> None:
    go = asyncio.Event()

    async def hold(_: int) -> None:
        await go.wait()

    stopping, released = Bench(queue, hold, lease=3600), asyncio.Event()
    release = stopping.store.release

    async def release_and_tell(known: Iterable[str]) -> None:
        await release(known)
        released.set()

    stopping.store.release = release_and_tell  # type: ignore[method-assign]
    await queue.put(1)
    async with at_work(stopping) as working:
        await stopping.wait(lambda: stopping.ran == [1])
        stopping.worker.stop()
        await released.wait()
        await queue.put(2, person=BEN)
        claimed = keys.INTERACTIVE + keys.CLAIMED + stopping.store.worker
        await queue.redis.lmove(keys.INTERACTIVE + keys.READY, claimed, "RIGHT", "RIGHT")
        go.set()
        await working[0]
    assert stopping.ran == [1]
    assert await queue.take() == [job(2)]
