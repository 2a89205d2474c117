"""A job that becomes ready goes to a worker that waits, and is that worker's from then on."""

import asyncio

from shared.queue import keys
from shared.queue.survey import survey
from tests.queueing import BEN, Claimant, Line, job, lane, until
from tests.worker.runtime.jobs.bench import Bench, at_work


async def got(waiting: "asyncio.Task[list[str]]") -> list[str]:
    return await asyncio.wait_for(waiting, 15)


async def waits(queue: Line, claimant: Claimant) -> "asyncio.Task[list[str]]":
    """Have a worker wait for a job; return once Redis knows."""
    before = await queue.blocked()

    async def wait() -> list[str]:
        while not (jobs := await claimant.wait()):
            pass
        return [each.id for each in jobs]

    task = asyncio.ensure_future(wait())

    async def blocked() -> bool:
        return await queue.blocked() > before

    await until(blocked)
    return task


async def test_who_waits_gets_the_job_with_its_payload_and_alone_can_finish_it(queue: Line) -> None:
    claimant = queue.another(3600)
    waiting = await waits(queue, claimant)
    await queue.put(1)
    assert await got(waiting) == [job(1)]
    assert await queue.take() == []
    assert not await queue.finish(1)
    assert await claimant.finish(job(1), lane())
    assert await queue.waiting() == set()


async def test_the_worker_that_has_waited_longest_is_first(queue: Line) -> None:
    first, second = queue.another(3600), queue.another(3600)
    waiting = [await waits(queue, first), await waits(queue, second)]
    await queue.put(1)
    assert await got(waiting[0]) == [job(1)]
    await queue.put(2, person=BEN)
    assert await got(waiting[1]) == [job(2)]


async def test_who_waits_is_given_the_next_of_a_lane(queue: Line) -> None:
    await queue.put(1, 2)
    await queue.take()
    waiting = await waits(queue, queue.another(3600))
    await queue.finish(1)
    assert await got(waiting) == [job(2)]


async def test_who_waits_is_given_what_was_deferred_once_it_is_due(queue: Line) -> None:
    await queue.put(1)
    await queue.take()
    waiting = await waits(queue, queue.another(3600))
    await queue.own.defer(job(1), 0.02)

    async def is_due() -> bool:
        return (await survey(queue.redis, keys.INTERACTIVE)).due == 1

    await until(is_due)
    await queue.store.heartbeat()
    assert await got(waiting) == [job(1)]


async def test_one_that_waits_gets_one_job_and_the_rest_is_there_to_be_claimed(queue: Line) -> None:
    claimant = queue.another(3600)
    waiting = await waits(queue, claimant)
    await queue.put(1)
    await queue.put(2, person=BEN)
    assert await got(waiting) == [job(1)]
    assert [each.id for each in await claimant.claim()] == [job(2)]


async def test_a_job_whose_answer_was_lost_on_its_way_is_told_again(queue: Line) -> None:
    claimant = queue.another(3600)
    claimed = keys.INTERACTIVE + keys.CLAIMED + claimant.store.worker
    await queue.put(1)
    await queue.put(2, person=BEN)
    await queue.redis.lmove(keys.INTERACTIVE + keys.READY, claimed, "RIGHT", "RIGHT")
    assert await queue.take(10) == [job(2)]
    assert [each.id for each in await claimant.claim(1)] == [job(1)]
    assert await claimant.claim(1) == []


async def test_nobody_waits_for_ever(queue: Line) -> None:
    assert await queue.own.wait() == []


async def test_a_worker_runs_what_comes_while_it_waits_and_goes_on(queue: Line) -> None:
    bench = Bench(queue)
    async with at_work(bench):
        for number in range(1, 4):
            await until(queue.blocked)
            await queue.put(number)
            await bench.wait(lambda number=number: len(bench.ran) == number)  # type: ignore[misc]
    assert bench.ran == [1, 2, 3]
