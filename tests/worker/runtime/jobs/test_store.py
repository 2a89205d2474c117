"""Claims, leases and giving back, on a real Valkey and its clock."""

import asyncio
from collections import Counter

import pytest
from redis.exceptions import RedisError

from shared.queue import keys
from shared.queue.connection import connect
from tests.queueing import ANNA, BEN, PATIENCE_SECONDS, Line, job, lane
from worker.runtime.jobs.store import JobStore


async def listening(queue: Line) -> JobStore:
    """Return a worker's store that waits to be handed a job."""
    store = queue.another(3600)
    assert not (await store.claim(10)).jobs
    return store


async def rung(store: JobStore) -> bool:
    """Wait until somebody rings and brings nothing."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        return await store.wait(2 * PATIENCE_SECONDS) is None


async def test_an_empty_queue_has_nothing_to_wait_for(queue: Line) -> None:
    claim = await queue.store.claim(10)
    assert (claim.jobs, claim.next_due) == ([], None)


async def test_a_claim_takes_as_many_as_asked_and_rings_for_the_rest(queue: Line) -> None:
    for person in range(1, 6):
        await queue.put(person, person=person)
    assert len((await queue.another(0.05).claim(5)).jobs) == 5
    waiting = await listening(queue)
    await asyncio.sleep(0.05)  # the leases
    claim = await queue.store.claim(3)
    assert (len(claim.jobs), claim.next_due) == (3, 0)
    assert await rung(waiting)
    assert len((await waiting.claim(10)).jobs) == 2


async def test_a_claimed_job_is_nobody_elses_until_its_lease_ends(queue: Line) -> None:
    await queue.put(1)
    mine = await queue.another(0.2).claim(1)
    assert [each.id for each in mine.jobs] == [job(1)]
    theirs = await queue.store.claim(1)
    assert theirs.jobs == []
    assert theirs.next_due is not None
    assert 0 <= theirs.next_due <= 0.2
    again = await queue.due()
    assert [each.id for each in again.jobs] == [job(1)]
    assert again.jobs[0].payload == mine.jobs[0].payload


async def test_a_renewed_lease_begins_anew(queue: Line) -> None:
    await queue.put(1)
    await queue.take()
    assert await queue.store.renew([job(1)]) == {job(1)}
    theirs = await queue.another(30).claim(1)
    assert theirs.jobs == []
    assert theirs.next_due is not None
    assert theirs.next_due > 20


async def test_renewing_brings_nothing_back(queue: Line) -> None:
    await queue.put(1)
    await queue.take()
    await queue.store.finish(job(1), lane())
    assert await queue.store.renew([job(1)]) == set()
    assert await queue.waiting() == set()


async def test_who_lost_a_job_neither_renews_nor_defers_nor_finishes_it(queue: Line) -> None:
    await queue.put(1, 2)
    frozen = queue.another(0.1)
    assert [each.id for each in (await frozen.claim(1)).jobs] == [job(1)]
    assert [each.id for each in (await queue.due()).jobs] == [job(1)]
    assert await frozen.renew([job(1)]) == set()
    assert not await frozen.defer(job(1), 0)
    assert not await frozen.finish(job(1), lane())
    assert await queue.waiting() == {job(1)}
    assert await queue.redis.exists(keys.JOB + job(1))
    assert await queue.store.finish(job(1), lane())
    assert await queue.take() == [job(2)]


async def test_nobody_has_what_was_given_back_or_finished(queue: Line) -> None:
    await queue.put(1)
    await queue.take()
    assert await queue.store.defer(job(1), 0)
    assert not await queue.store.finish(job(1), lane())
    await queue.take()
    assert await queue.store.finish(job(1), lane())
    assert not await queue.store.finish(job(1), lane())
    assert not await queue.redis.exists(keys.INTERACTIVE + keys.OWNERS)


async def test_whoever_could_not_renew_is_spared_once_its_lease_is_over(queue: Line) -> None:
    holder, other = queue.another(0.01), queue.another(3600)
    await queue.put(1, 2)
    await queue.put(3, person=BEN)
    await queue.due()  # Anna's first, held by the line's own store for long
    assert len((await holder.claim(1)).jobs) == 1
    await asyncio.sleep(0.02)
    await other.spare()
    assert not (await other.claim(10)).jobs
    assert await holder.finish(job(3), lane(BEN))
    assert await queue.store.finish(job(1), lane())
    await other.spare()
    handed = await other.wait(PATIENCE_SECONDS)
    assert handed is not None
    assert handed.id == job(2)


async def test_a_job_whose_lane_nobody_can_tell_lets_its_lane_go_on(queue: Line) -> None:
    await queue.put(1, 2)
    await queue.take()
    assert await queue.store.finish(job(1), "")
    assert await queue.take() == [job(2)]


async def test_a_first_job_that_was_deleted_by_hand_lets_its_lane_go_on(queue: Line) -> None:
    await queue.put(1, 2)
    await queue.redis.delete(keys.JOB + job(1))
    assert await queue.take() == []
    assert await queue.take() == [job(2)]


async def test_a_deferred_job_is_due_again_and_keeps_its_place(queue: Line) -> None:
    await queue.put(1, 2)
    await queue.take()
    await queue.store.defer(job(1), 0.1)
    claim = await queue.store.claim(5)
    assert claim.jobs == []
    assert claim.next_due is not None
    assert 0 <= claim.next_due <= 0.1
    again = await queue.due()
    assert [each.id for each in again.jobs] == [job(1)]
    assert again.jobs[0].waited >= 0


async def test_a_job_given_back_at_once_is_due(queue: Line) -> None:
    await queue.put(1)
    await queue.take()
    await queue.store.defer(job(1), 0)
    assert await queue.take() == [job(1)]


@pytest.mark.parametrize("seconds", [0, 60])
async def test_whoever_waits_hears_of_a_job_given_back(queue: Line, seconds: float) -> None:
    await queue.put(1)
    await queue.take()
    waiting = await listening(queue)
    await queue.store.defer(job(1), seconds)
    assert await rung(waiting)


async def test_a_finished_job_cannot_be_deferred_back(queue: Line) -> None:
    await queue.put(1)
    await queue.take()
    await queue.store.finish(job(1), lane())
    await queue.store.defer(job(1), 0)
    assert await queue.take() == []


async def test_waited_counts_from_due(queue: Line) -> None:
    await queue.put(1)
    seconds, micros = await queue.redis.time()
    early = int(seconds) * 1000 + int(micros) // 1000 - 5000
    await queue.redis.zadd(keys.INTERACTIVE, {job(1): early})
    [claimed] = (await queue.store.claim(1)).jobs
    assert 5 <= claimed.waited < 10


async def test_failures_are_counted_and_forgotten(queue: Line) -> None:
    await queue.put(1)
    await queue.take()
    assert [await queue.store.count_failure(job(1)) for _ in range(3)] == [1, 2, 3]
    assert await queue.redis.ttl(keys.TRIES + job(1)) > 0
    await queue.store.finish(job(1), lane())
    assert await queue.store.count_failure(job(1)) == 1


async def test_no_script_survives_a_restart_and_that_is_no_matter(queue: Line) -> None:
    await queue.put(1)
    await queue.redis.script_flush()
    assert await queue.take() == [job(1)]
    await queue.redis.script_flush()
    await queue.store.finish(job(1), lane())
    await queue.put(2)
    assert await queue.take() == [job(2)]


async def test_a_store_that_is_away_raises_what_its_callers_catch() -> None:
    async with connect("redis://127.0.0.1:1/0") as redis:
        store = JobStore(redis, redis, keys.INTERACTIVE, 1)
        for call in (store.claim(1), store.renew(["a"]), store.finish("a", "b"), store.defer("a", 1)):
            with pytest.raises((RedisError, OSError)):
                await call


async def test_several_stores_share_many_peoples_jobs_each_once_and_in_order(queue: Line) -> None:
    people, each = range(100, 120), range(1, 11)
    ran: dict[int, list[int]] = {person: [] for person in people}
    running: Counter[int] = Counter()

    async def put(person: int) -> None:
        for number in each:
            await queue.put(number * 1000 + person, person=person)

    async def work(store: JobStore) -> None:
        while sum(map(len, ran.values())) < len(people) * len(each):
            for taken in (await store.claim(3)).jobs:
                number, person = divmod(int(taken.id.rpartition(":")[2]), 1000)
                running[person] += 1
                assert running[person] == 1
                ran[person].append(number)
                await asyncio.sleep(0)
                running[person] -= 1
                await store.finish(taken.id, lane(person))

    async with asyncio.timeout(30), asyncio.TaskGroup() as group:
        for person in people:
            group.create_task(put(person))
        for _ in range(4):
            group.create_task(work(queue.another(30)))
    assert ran == {person: list(each) for person in people}
    assert await queue.waiting() == set()
    assert not await queue.redis.exists(lane(ANNA), lane(BEN), *(lane(person) for person in people))
