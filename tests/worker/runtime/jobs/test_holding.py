"""Whose a job is: leases are renewed, run out, and pass on."""

import asyncio

import pytest
from redis.exceptions import ConnectionError as RedisConnectionError

from shared.queue import keys
from shared.telegram.errors import UnavailableError
from tests.queueing import Line, job, until
from tests.worker.runtime.jobs.bench import Bench, at_work, emptied
from worker.runtime.jobs.store import HeartbeatAnswer

CLAIMED = keys.INTERACTIVE + keys.CLAIMED


async def rob(queue: Line, bench: Bench, update_id: int = 1) -> None:
    """Have another worker take a job over, as from one that is gone."""
    moved = await queue.redis.lrem(CLAIMED + bench.store.worker, 1, job(update_id))  # type: ignore[misc]
    assert moved
    await queue.redis.rpush(CLAIMED + queue.store.worker, job(update_id))  # type: ignore[misc]
    queue.own.held.add(job(update_id))


async def test_a_renewed_lease_keeps_a_long_job_from_being_run_twice(queue: Line) -> None:
    go = asyncio.Event()
    heartbeats = 0

    async def hold(_: int) -> None:
        await go.wait()

    holding, other = Bench(queue, hold, lease=0.5), Bench(queue, lease=0.5)
    beat = holding.store.heartbeat

    async def count() -> HeartbeatAnswer:
        nonlocal heartbeats
        heartbeats += 1
        return await beat()

    holding.store.heartbeat = count  # type: ignore[method-assign]
    await queue.put(1)
    async with at_work(holding):
        await holding.wait(lambda: holding.ran == [1])
        async with at_work(other):
            begun = heartbeats

            async def outlived() -> bool:
                return heartbeats > begun + 20  # more than a lease, at fifteen to one

            await until(outlived)
            go.set()
            await emptied(queue)
    assert (holding.ran, other.ran) == ([1], [])


@pytest.mark.parametrize("error", [None, UnavailableError("502"), ZeroDivisionError()])
async def test_what_becomes_of_a_job_that_another_has_is_the_others_to_say(
    queue: Line, error: Exception | None
) -> None:
    async def lose(_: int) -> None:
        await rob(queue, bench)
        if error is not None:
            raise error

    bench = Bench(queue, lose, lease=3600)
    await queue.put(1, 2)
    async with at_work(bench):

        async def lost() -> bool:
            return bench.count("lost") == 1

        await until(lost)
    assert bench.ran == [1]
    assert await queue.waiting() == {job(1)}
    assert await queue.redis.exists(keys.JOB + job(1))


async def test_what_was_left_undone_because_redis_could_not_say_whose_it_is_runs_again(
    queue: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers: list[bool] = []

    async def silent() -> HeartbeatAnswer:
        raise RedisConnectionError("gone")

    async def ask(number: int) -> None:
        if not answers:
            with monkeypatch.context() as patch:
                patch.setattr("worker.runtime.jobs.leases.FRESH", 0)
                patch.setattr(bench.store, "heartbeat", silent)
                answers.append(await bench.leases[number].is_valid())
        else:
            answers.append(await bench.leases[number].is_valid())

    bench = Bench(queue, ask, lease=3600)
    await queue.put(1)
    async with at_work(bench):
        await emptied(queue)
    assert (bench.ran, answers) == ([1, 1], [False, True])
    assert (bench.count("deferred"), bench.count("done")) == (1, 1)


async def test_what_was_left_to_another_who_gave_it_back_runs_again(
    queue: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def lose(number: int) -> None:
        if len(bench.ran) > 1:
            return
        await rob(queue, bench)
        with monkeypatch.context() as patch:
            patch.setattr("worker.runtime.jobs.leases.FRESH", 0)
            assert not await bench.leases[number].is_valid()
        assert await queue.own.defer(job(1), 0)

    bench = Bench(queue, lose, lease=3600)
    await queue.put(1)
    async with at_work(bench):
        await emptied(queue)
    assert bench.ran == [1, 1]
