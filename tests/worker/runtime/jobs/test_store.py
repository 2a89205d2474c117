"""Claims and giving back, on a real Valkey and its clock."""

import asyncio
from collections import Counter

import pytest
from redis.exceptions import RedisError

from shared.queue import keys
from shared.queue.connection import connect
from shared.queue.scripts import HANDED_OVER
from shared.queue.survey import Survey, survey
from tests.queueing import ANNA, BEN, Claimant, Line, job, lane, until


async def age(queue: Line, update_id: int, seconds: float) -> None:
    """Have a job be due for so much longer."""
    due = await queue.redis.hget(keys.INTERACTIVE + keys.DUE, job(update_id))  # type: ignore[misc]
    await queue.redis.hset(keys.INTERACTIVE + keys.DUE, job(update_id), str(int(due) - int(seconds * 1000)))  # type: ignore[misc]


async def test_a_claim_takes_as_many_as_asked_oldest_first(queue: Line) -> None:
    for person in range(1, 6):
        await queue.put(person, person=person)
    assert await queue.take(3) == [job(1), job(2), job(3)]
    assert [each.id for each in await queue.another(30).claim(10)] == [job(4), job(5)]
    assert await queue.take(10) == []


async def test_a_claimed_job_is_nobody_elses_and_is_told_once(queue: Line) -> None:
    await queue.put(1)
    assert await queue.take() == [job(1)]
    assert await queue.take() == []
    assert await queue.another(30).claim() == []


async def test_a_job_that_came_back_is_told_once_the_worker_knows_that_it_was_gone(queue: Line) -> None:
    await queue.put(1)
    await queue.take()
    await queue.store.defer(job(1), 0)
    assert await queue.own.source.claim(1, {job(1)}) == []
    assert [each.id for each in await queue.own.source.claim(1, set())] == [job(1)]


async def test_only_who_has_a_job_defers_and_finishes_it(queue: Line) -> None:
    other = queue.another(30)
    await queue.put(1)
    await queue.take()
    assert not await other.defer(job(1), 0)
    assert not await other.finish(job(1), lane())
    assert await queue.own.defer(job(1), 0)
    assert not await queue.finish(1)
    assert await queue.take() == [job(1)]
    assert await queue.finish(1)
    assert not await queue.finish(1)
    assert await queue.waiting() == set()


async def test_a_job_whose_lane_nobody_can_tell_lets_its_lane_go_on(queue: Line) -> None:
    await queue.put(1, 2)
    await queue.take()
    assert await queue.own.finish(job(1), "")
    assert await queue.take() == [job(2)]


async def test_a_first_job_that_was_deleted_by_hand_lets_its_lane_go_on(queue: Line) -> None:
    await queue.put(1, 2)
    await queue.redis.delete(keys.JOB + job(1))
    assert await queue.take() == []
    assert await queue.take() == [job(2)]


async def test_a_deferred_job_is_due_again_and_keeps_its_lane_waiting(queue: Line) -> None:
    await queue.put(1, 2)
    await queue.take()
    await queue.own.defer(job(1), 0.1)
    assert await queue.take() == []
    next_due = (await queue.store.heartbeat()).next_due
    assert next_due is not None
    assert 0 <= next_due <= 0.1
    assert await queue.due() == [job(1)]
    assert (await queue.store.heartbeat()).next_due is None


async def test_a_job_that_is_due_again_goes_before_all_that_wait(queue: Line) -> None:
    for number in (1, 2, 3):
        await queue.put(number, person=number)
    assert await queue.take(2) == [job(1), job(2)]
    await queue.own.defer(job(1), 0.01)
    await queue.own.defer(job(2), 0.02)

    async def are_due() -> bool:
        return (await survey(queue.redis, keys.INTERACTIVE)).due == 3

    await until(are_due)
    await queue.store.heartbeat()
    assert await queue.take() == [job(1), job(2), job(3)]


async def test_a_job_is_deferred_with_a_new_payload_in_the_same_call(queue: Line) -> None:
    await queue.put(1)
    await queue.take()
    assert await queue.own.defer(job(1), 0, payload=b"new")
    assert [each.payload for each in await queue.own.claim()] == [b"new"]
    assert await queue.own.defer(job(1), 0)
    assert [each.payload for each in await queue.own.claim()] == [b"new"]


async def test_what_is_released_goes_before_all_that_wait_and_in_its_order(queue: Line) -> None:
    for number in range(1, 6):
        await queue.put(number, person=number)
    await queue.take(4)
    await queue.store.release([job(2)])
    assert [each.id for each in await queue.another(30).claim()] == [job(1), job(3), job(4), job(5)]
    assert await queue.finish(2, person=2)


async def test_waited_counts_from_when_it_might_first_run(queue: Line) -> None:
    await queue.put(1)
    await age(queue, 1, 5)
    [claimed] = await queue.own.claim(1)
    assert 5 <= claimed.waited < 10
    await queue.own.defer(job(1), 0.01)
    await asyncio.sleep(0.01)
    await queue.store.heartbeat()
    [claimed] = await queue.own.claim(1)
    assert claimed.waited >= 5


async def test_a_survey_tells_what_waits_and_for_how_long(queue: Line) -> None:
    assert await survey(queue.redis, keys.INTERACTIVE) == Survey(0, 0, 0, 0, 0)
    for number in (1, 2, 3, 4):
        await queue.put(number, person=number)
    await age(queue, 4, 60)
    await queue.take(2)
    await queue.own.leave(job(1))
    seen = await survey(queue.redis, keys.INTERACTIVE)
    assert (seen.due, seen.jobs) == (2, 4)
    assert 60 <= seen.oldest_due_seconds < 90
    assert 60 <= seen.oldest_open_seconds < 90
    assert 0 <= seen.oldest_unknown_kind_seconds < 30


async def test_a_survey_sees_what_is_due_while_no_worker_lives(queue: Line) -> None:
    await queue.put(1)
    await queue.take()
    await queue.own.defer(job(1), 0.01)
    await asyncio.sleep(0.03)
    seen = await survey(queue.redis, keys.INTERACTIVE)
    assert seen.due == 1
    assert seen.oldest_due_seconds >= 0.01


async def test_what_a_worker_does_not_know_is_handed_to_each_other_once_and_is_unknown_since_the_first(
    queue: Line,
) -> None:
    await queue.put(1)
    unknown = keys.INTERACTIVE + keys.UNKNOWN
    workers = [queue.own, queue.another(30), queue.another(30)]
    assert await queue.take() == [job(1)]
    since: list[float | None] = []
    for at, worker in enumerate(workers):
        assert job(1) in (await worker.store.heartbeat()).claimed
        assert await worker.store.leave(job(1))
        since.append(await queue.redis.zscore(unknown, job(1)))
        for asked in workers[: at + 1]:
            assert (await asked.store.heartbeat()).claimed == frozenset()
    assert len(set(since)) == 1
    assert not await workers[0].store.leave(job(1))
    newer = queue.another(30)
    await newer.store.heartbeat()
    assert [each.id for each in await newer.claim(1)] == [job(1)]
    assert await newer.finish(job(1), lane(ANNA))
    assert not await queue.redis.exists(unknown, keys.INTERACTIVE + keys.LEFT)


async def test_what_is_handed_over_is_bounded_by_what_a_worker_has_in_hand(queue: Line) -> None:
    for number in range(1, 41):
        await queue.put(number, person=number)
    for job_id in await queue.take(30):
        await queue.own.leave(job_id)
    newer = queue.another(30)
    handed = [len((await newer.store.heartbeat()).claimed) for _ in range(3)]
    assert handed == [HANDED_OVER, HANDED_OVER + 1, HANDED_OVER + 2]


async def test_failures_are_counted_and_forgotten(queue: Line) -> None:
    await queue.put(1)
    await queue.take()
    assert [await queue.store.count_failure(job(1)) for _ in range(3)] == [1, 2, 3]
    assert await queue.redis.ttl(keys.TRIES + job(1)) > 0
    await queue.finish(1)
    assert await queue.store.count_failure(job(1)) == 1


async def test_no_script_survives_a_restart_and_that_is_no_matter(queue: Line) -> None:
    await queue.put(1)
    await queue.redis.script_flush()
    assert await queue.take() == [job(1)]
    await queue.redis.script_flush()
    await queue.finish(1)
    await queue.put(2)
    await queue.redis.script_flush()
    assert [each.id for each in await queue.own.wait()] == [job(2)]


async def test_a_store_that_is_away_raises_what_its_callers_catch() -> None:
    async with connect("redis://127.0.0.1:1/0") as redis:
        away = Claimant(redis, redis, 1)
        for call in (
            away.claim(1),
            away.wait(),
            away.finish("a", "b"),
            away.defer("a", 1),
            away.store.heartbeat(),
            away.store.release([]),
        ):
            with pytest.raises((RedisError, OSError)):
                await call


async def test_several_workers_share_many_peoples_jobs_each_once_and_in_order(queue: Line) -> None:
    people, each = range(100, 120), range(1, 11)
    ran: dict[int, list[int]] = {person: [] for person in people}
    running: Counter[int] = Counter()

    async def put(person: int) -> None:
        for number in each:
            await queue.put(number * 1000 + person, person=person)

    async def work(claimant: Claimant) -> None:
        while sum(map(len, ran.values())) < len(people) * len(each):
            for taken in await claimant.claim(3):
                number, person = divmod(int(taken.id.rpartition(":")[2]), 1000)
                running[person] += 1
                assert running[person] == 1
                ran[person].append(number)
                await asyncio.sleep(0)
                running[person] -= 1
                await claimant.finish(taken.id, lane(person))

    async with asyncio.timeout(30), asyncio.TaskGroup() as group:
        for person in people:
            group.create_task(put(person))
        for _ in range(4):
            group.create_task(work(queue.another(30)))
    assert ran == {person: list(each) for person in people}
    assert await queue.waiting() == set()
    assert not await queue.redis.exists(lane(ANNA), lane(BEN), *(lane(person) for person in people))
