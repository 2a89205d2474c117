"""A job that becomes due goes to a worker that waits, claimed for it in the same call."""

import asyncio
from time import monotonic

from shared.queue import keys
from tests.queueing import BEN, PATIENCE_SECONDS, Line, job, lane
from tests.worker.runtime.jobs.bench import Bench, at_work
from worker.runtime.jobs.store import Job, JobStore

WAITING = keys.INTERACTIVE + keys.WAITING


async def listed(queue: Line, lease_seconds: float = 3600) -> JobStore:
    store = queue.another(lease_seconds)
    assert not (await store.claim(10)).jobs
    return store


async def handed(store: JobStore) -> Job:
    async with asyncio.timeout(PATIENCE_SECONDS):
        brought = await store.wait(2 * PATIENCE_SECONDS)
    assert brought is not None
    return brought


async def test_what_is_handed_over_is_claimed(queue: Line) -> None:
    store = await listed(queue)
    await queue.put(1)
    assert not (await queue.store.claim(10)).jobs
    assert (await handed(store)).id == job(1)
    assert not await queue.store.finish(job(1), lane())
    assert await store.finish(job(1), lane())
    assert await queue.waiting() == set()


async def test_it_comes_back_when_the_lease_of_the_one_who_got_it_ends(queue: Line) -> None:
    await listed(queue, 0.2)
    await queue.put(1)
    again = await queue.due()
    assert [each.id for each in again.jobs] == [job(1)]


async def test_one_who_waits_gets_one_job_and_the_rest_is_there_to_be_claimed(queue: Line) -> None:
    store = await listed(queue)
    await queue.put(1)
    await queue.put(2, person=BEN)
    assert (await handed(store)).id == job(1)
    assert [each.id for each in (await store.claim(10)).jobs] == [job(2)]


async def test_who_took_all_it_can_is_handed_nothing(queue: Line) -> None:
    store = await listed(queue)
    await queue.redis.delete(WAITING)
    await queue.put(1)
    assert len((await store.claim(1)).jobs) == 1
    await queue.put(2, person=BEN)
    assert await queue.take() == [job(2)]


async def test_one_whose_connection_is_gone_is_passed_over(queue: Line) -> None:
    gone, store = await listed(queue), await listed(queue)
    await gone._doorbell.close()
    for number in range(1, 6):
        await queue.put(number, person=number)
        assert (await handed(store)).id == job(number)
        await store.claim(10)
    assert await queue.listed() == 1


async def test_one_that_has_not_said_for_long_that_it_waits_is_passed_over(queue: Line) -> None:
    await listed(queue)
    [(worker, since)] = await queue.redis.zrange(WAITING, 0, -1, withscores=True)
    await queue.redis.zadd(WAITING, {worker: since - 4000})
    await queue.put(1)
    assert await queue.take() == [job(1)]


async def test_who_leaves_gives_back_what_it_has_not_heard_of_and_keeps_what_it_runs(queue: Line) -> None:
    store = await listed(queue)
    await queue.put(1)
    assert (await handed(store)).id == job(1)
    assert not (await store.claim(10)).jobs
    await queue.put(2, person=BEN)
    await store.leave([job(1)])
    assert await queue.listed() == 0
    assert await queue.take() == [job(2)]
    assert await store.finish(job(1), lane())


async def test_what_a_frozen_worker_was_handed_counts_from_then(queue: Line) -> None:
    store = await listed(queue)
    before = monotonic()
    await queue.put(1)
    after = monotonic()
    await asyncio.sleep(0.1)
    await store.claim(10)  # without having looked who rang: listed anew
    brought = await handed(store)
    assert before - 0.05 < brought.since < after + 0.05


async def test_a_worker_runs_what_it_is_handed_and_goes_on(queue: Line) -> None:
    bench = Bench(queue)
    async with at_work(bench):
        for number in range(1, 4):
            await queue.put(number)
            await bench.wait(lambda number=number: len(bench.ran) == number)  # type: ignore[misc]
    assert bench.ran == [1, 2, 3]
