"""A worker that is gone loses its jobs: at once where Redis sees its process die, else by its lease."""

import pytest

from shared.queue import keys
from tests.queueing import BEN, Claimant, Line, job, lane, until
from tests.worker.runtime.jobs.bench import Bench, at_work
from worker.runtime.jobs.store import UNCONNECTED_SHARE

LONG = 3600
WORKERS = keys.INTERACTIVE + keys.WORKERS


async def age(queue: Line, claimant: Claimant, seconds: float) -> None:
    """Have a worker's last heartbeat be so much longer ago."""
    record = await queue.redis.hget(WORKERS, claimant.store.worker)  # type: ignore[misc]
    beat, *rest = record.decode().split()
    older = " ".join([str(int(beat) - int(seconds * 1000)), *rest])
    await queue.redis.hset(WORKERS, claimant.store.worker, older)  # type: ignore[misc]


async def holding(queue: Line, lease: float = LONG) -> Claimant:
    """Return a worker that has claimed Anna's and Ben's first and beats."""
    await queue.put(1, 2)
    await queue.put(3, person=BEN)
    claimant = queue.another(lease)
    assert len(await claimant.claim()) == 2
    await claimant.store.heartbeat()
    return claimant


async def test_the_jobs_of_a_process_that_died_are_ready_soon_and_in_their_order(queue: Line) -> None:
    dead = await holding(queue)
    await age(queue, dead, LONG * UNCONNECTED_SHARE - 1)
    await queue.store.heartbeat()
    assert await queue.take() == []
    await age(queue, dead, 2)
    await queue.store.heartbeat()
    assert await queue.take() == [job(1), job(3)]


async def test_a_process_that_lives_keeps_its_jobs_however_slow_it_is(queue: Line) -> None:
    slow = await holding(queue)
    async with slow.connected():
        await age(queue, slow, LONG - 5)
        await queue.store.heartbeat()
        assert await queue.take() == []
    await queue.store.heartbeat()
    assert await queue.take() == [job(1), job(3)]


async def test_a_host_that_vanished_is_found_by_its_lease(queue: Line) -> None:
    vanished = await holding(queue)
    async with vanished.connected():
        await age(queue, vanished, LONG + 1)
        await queue.store.heartbeat()
        assert await queue.take() == [job(1), job(3)]


async def test_who_lost_its_jobs_hears_so_and_can_do_nothing_with_them(queue: Line) -> None:
    frozen = await holding(queue)
    await age(queue, frozen, LONG + 1)
    await queue.store.heartbeat()
    assert (await frozen.store.heartbeat()).claimed == frozenset()
    assert not await frozen.defer(job(1), 0, payload=b"stale")
    assert not await frozen.finish(job(1), lane())
    [first, _] = await queue.own.claim()
    assert first.payload != b"stale"
    assert (await queue.store.heartbeat()).claimed == {job(1), job(3)}
    assert await queue.finish(1)
    assert await queue.take() == [job(2)]


async def test_what_a_frozen_worker_is_given_after_it_was_found_gone_is_found_again(queue: Line) -> None:
    """Its call to wait may have been on its way."""
    frozen = await holding(queue)
    await age(queue, frozen, LONG + 1)
    await queue.store.heartbeat()
    await queue.take()
    await queue.put(4, person=77)
    assert [each.id for each in await frozen.claim()] == [job(4)]
    await queue.store.heartbeat()
    assert await queue.take() == [job(4)]


async def test_a_worker_that_is_gone_is_forgotten_at_last(queue: Line) -> None:
    gone = await holding(queue)
    await age(queue, gone, LONG + 30)
    await queue.store.heartbeat()
    assert await queue.redis.hexists(WORKERS, gone.store.worker)  # type: ignore[misc]
    await age(queue, gone, 31)
    await queue.store.heartbeat()
    assert not await queue.redis.hexists(WORKERS, gone.store.worker)  # type: ignore[misc]


async def test_what_was_claimed_before_the_first_heartbeat_is_found_as_well(queue: Line) -> None:
    claimant = queue.another(LONG)
    await queue.put(1)
    await claimant.claim()
    await age(queue, claimant, LONG + 1)
    await queue.store.heartbeat()
    assert await queue.take() == [job(1)]


@pytest.mark.parametrize("vanishes", [True, False])
async def test_a_living_worker_goes_on_with_the_jobs_of_a_dead_one(queue: Line, *, vanishes: bool) -> None:
    lease = 1.5
    dead = queue.another(lease)
    await queue.put(1, 2)
    await dead.claim()
    await dead.store.heartbeat()
    bench = Bench(queue, lease=lease)
    async with at_work(bench):
        if vanishes:
            async with dead.connected():
                await bench.wait(lambda: bench.ran == [1, 2])
        else:
            await bench.wait(lambda: bench.ran == [1, 2])


async def test_a_worker_tells_redis_that_its_process_lives(queue: Line) -> None:
    bench = Bench(queue)
    channel = keys.INTERACTIVE + keys.CONNECTION + bench.store.worker

    async def subscribers() -> int:
        [(_, count)] = await queue.redis.pubsub_numsub(channel)
        return int(count)

    async with at_work(bench):
        await until(subscribers)
        [subscriber] = [
            each["id"] for each in await queue.redis.client_list("pubsub") if each["db"] == queue.database
        ]
        await queue.redis.client_kill_filter(_id=subscriber)
        assert not await subscribers()
        await until(subscribers)


async def test_nobody_loses_jobs_to_a_redis_that_was_away(queue: Line) -> None:
    """It could hear nobody meanwhile, and nobody is connected yet."""
    holder = await holding(queue)
    await age(queue, holder, 10 * LONG)
    record = await queue.redis.hget(WORKERS, holder.store.worker)  # type: ignore[misc]
    beat, lease, _ = record.decode().split()
    await queue.redis.hset(WORKERS, holder.store.worker, f"{beat} {lease} another-run")  # type: ignore[misc]
    for _ in range(2):
        await queue.store.heartbeat()
        assert await queue.take() == []
    await age(queue, holder, LONG + 1)
    await queue.store.heartbeat()
    assert await queue.take() == [job(1), job(3)]
