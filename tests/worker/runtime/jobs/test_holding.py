"""Whose a job is: leases are renewed, run out, and pass on."""

import asyncio

import pytest
from redis.exceptions import ConnectionError as RedisConnectionError

from shared.queue import keys
from shared.telegram.errors import UnavailableError
from tests.queueing import Line, job, until
from tests.worker.runtime.jobs.bench import Bench, at_work, emptied
from worker.runtime.jobs.lease import Lease


async def test_a_renewed_lease_keeps_a_long_job_from_being_run_twice(queue: Line) -> None:
    lease = 0.3
    go = asyncio.Event()

    async def hold(_: int) -> None:
        await go.wait()

    # One job fills the holder: it cannot claim again by itself what it does not renew.
    holding, other = Bench(queue, hold, lease=lease, jobs=1), Bench(queue, lease=lease)
    await queue.put(1)
    async with at_work(holding):
        await holding.wait(lambda: holding.ran == [1])
        async with at_work(other):
            await renewals(queue, 6)
            go.set()
            await emptied(queue)
    assert (holding.ran, other.ran) == ([1], [])


async def renewals(queue: Line, count: int) -> None:
    """Wait until the job's lease has begun anew so many times: twice its length, at three a lease."""
    seen: set[float] = set()

    async def renewed() -> bool:
        score = await queue.redis.zscore(keys.INTERACTIVE, job(1))
        assert score is not None
        seen.add(score)
        return len(seen) > count

    await until(renewed)


async def test_the_jobs_of_a_dead_worker_run_again(queue: Line) -> None:
    await queue.put(1)
    assert (await queue.another(0.2).claim(1)).jobs  # and dies
    bench = Bench(queue)
    async with at_work(bench):
        await bench.wait(lambda: bench.ran == [1])


@pytest.mark.parametrize("error", [None, UnavailableError("502"), ZeroDivisionError()])
async def test_what_becomes_of_a_job_that_another_has_is_the_others_to_say(
    queue: Line, error: Exception | None
) -> None:
    async def lose(_: int) -> None:
        await queue.redis.hset(keys.INTERACTIVE + keys.OWNERS, job(1), "another")  # type: ignore[misc]
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

    async def silent(_: object) -> set[str]:
        raise RedisConnectionError("gone")

    async def ask(number: int) -> None:
        lease = bench.leases[number]
        assert isinstance(lease, Lease)
        if not answers:
            lease.renewed(0.0, kept=False)
            with monkeypatch.context() as patch:
                patch.setattr(bench.worker._store, "renew", silent)
                answers.append(await lease.ours())
        else:
            answers.append(await lease.ours())

    bench = Bench(queue, ask, lease=3600)
    await queue.put(1)
    async with at_work(bench):
        await emptied(queue)
    assert (bench.ran, answers) == ([1, 1], [False, True])
    assert (bench.count("deferred"), bench.count("done")) == (1, 1)


async def test_what_was_left_to_another_who_gave_it_back_runs_again(queue: Line) -> None:
    other = queue.another(3600)

    async def lose(number: int) -> None:
        if len(bench.ran) > 1:
            return
        lease = bench.leases[number]
        assert isinstance(lease, Lease)
        owners = keys.INTERACTIVE + keys.OWNERS
        ours = await queue.redis.hget(owners, job(1))  # type: ignore[misc]
        await queue.redis.hset(owners, job(1), other._worker)  # type: ignore[misc]
        lease.renewed(0.0, kept=False)
        assert not await lease.ours()
        await queue.redis.hset(owners, job(1), ours)  # type: ignore[misc]

    bench = Bench(queue, lose, lease=3600)
    await queue.put(1)
    async with at_work(bench):
        await emptied(queue)
    assert bench.ran == [1, 1]
