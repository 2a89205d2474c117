"""What becomes of a job that fails: waited out, tried again, or kept as a dead letter."""

import pytest
from pydantic_core import to_json
from redis.exceptions import ConnectionError as RedisConnectionError
from sqlalchemy.exc import OperationalError

from shared.envelope import UnknownKindError
from shared.queue import keys
from shared.queue.job_format import RUN_COMMAND
from shared.queue.survey import survey
from shared.telegram.errors import FloodError, UnavailableError
from tests.queueing import BEN, Line, envelope, job, until
from tests.worker.runtime.jobs.bench import Bench, at_work, emptied
from worker.runtime.jobs.errors import DeferJobError
from worker.runtime.jobs.runner import MAX_TRIES

OUTAGES = [
    OperationalError("SELECT 1", {}, Exception("gone")),
    RedisConnectionError("gone"),
    UnavailableError("502"),
    ConnectionRefusedError(),
    ExceptionGroup("several", [UnavailableError("502"), FloodError(0.01)]),
]


@pytest.mark.parametrize("outage", OUTAGES, ids=lambda error: type(error).__name__)
async def test_an_outage_is_waited_out_and_burns_no_try(
    queue: Line, outage: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("worker.runtime.jobs.runner.backoff_seconds", lambda *_, **__: 0.01)
    left = [outage] * (MAX_TRIES + 3)

    async def fail(_: int) -> None:
        if left:
            raise left.pop()

    bench = Bench(queue, fail)
    await queue.put(1)
    async with at_work(bench):
        await bench.wait(lambda: len(bench.ran) == MAX_TRIES + 4)
        await emptied(queue)
    assert not await queue.redis.exists(keys.TRIES + job(1))
    assert (bench.dead, bench.count("deferred"), bench.count("done")) == ([], MAX_TRIES + 3, 1)


async def test_a_deferred_job_is_looked_at_when_it_is_due_not_when_its_lease_ends(queue: Line) -> None:
    left = [UnavailableError("502")]

    async def fail(_: int) -> None:
        if left:
            raise left.pop()

    bench = Bench(queue, fail, lease=3600)
    await queue.put(1)
    async with at_work(bench):
        await bench.wait(lambda: bench.ran == [1, 1])


async def test_telegrams_pause_is_kept(queue: Line) -> None:
    async def flood(_: int) -> None:
        raise FloodError(120)

    bench = Bench(queue, flood)
    await queue.put(1)
    async with at_work(bench):
        await bench.wait(lambda: bench.ran == [1])

        async def deferred() -> bool:
            next_due = (await queue.store.heartbeat()).next_due
            return next_due is not None and next_due > 100

        await until(deferred)


async def test_a_job_that_asks_for_it_goes_on_later_with_another_payload(queue: Line) -> None:
    decided = {**envelope(1).model_dump(mode="json"), "decision": "booked"}
    payload = to_json({"f": RUN_COMMAND, "a": [decided], "k": {}, "t": None, "et": 0})
    left = [DeferJobError(0.01, "no turn at Telegram yet", payload), DeferJobError(0.01, "still none")]

    async def wait(_: int) -> None:
        if left:
            raise left.pop(0)

    bench = Bench(queue, wait)
    await queue.put(1, 2)
    async with at_work(bench):
        await emptied(queue)
    assert bench.ran == [1, 1, 1, 2]
    assert [each.get("decision") for each in bench.payloads] == [None, "booked", "booked", None]
    assert not await queue.redis.exists(keys.TRIES + job(1))
    assert (bench.count("deferred"), bench.count("done"), bench.dead) == (2, 2, [])


async def test_a_job_of_an_unknown_kind_is_left_to_a_newer_worker_and_blocks_nobody_else(queue: Line) -> None:
    async def too_new(number: int) -> None:
        if number == 1:
            raise UnknownKindError("tomorrow.first")

    async def known(number: int) -> None:
        assert number in {1, 2}

    older = Bench(queue, too_new)
    await queue.put(1, 2)
    await queue.put(3, person=BEN)
    async with at_work(older):
        await older.wait(lambda: set(older.ran) == {1, 3})

        async def is_left() -> bool:
            return older.count("deferred") == 1

        await until(is_left)
        assert older.dead == []
        assert older.figure("bellhop_jobs_unknown_kind_total") == 1
        assert not await queue.redis.exists(keys.TRIES + job(1))
        assert (await survey(queue.redis, keys.INTERACTIVE)).oldest_unknown_kind_seconds > 0
        newer = Bench(queue, known)
        async with at_work(newer):
            await emptied(queue)
    assert older.ran.count(1) == 1
    assert sorted({*older.ran, *newer.ran}) == [1, 2, 3]
    assert (await survey(queue.redis, keys.INTERACTIVE)).oldest_unknown_kind_seconds == 0


async def test_a_command_that_keeps_failing_becomes_a_dead_letter_and_its_lane_goes_on(
    queue: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("worker.runtime.jobs.runner.backoff_seconds", lambda *_, **__: 0.01)

    async def fail(number: int) -> None:
        if number == 1:
            raise ZeroDivisionError

    bench = Bench(queue, fail)
    await queue.put(1, 2)
    async with at_work(bench):
        await bench.wait(lambda: 2 in bench.ran)
        await emptied(queue)
    assert bench.ran == [1] * MAX_TRIES + [2]
    assert bench.dead == [(job(1), "ZeroDivisionError")]
    assert (bench.count("retried"), bench.count("dead")) == (MAX_TRIES - 1, 1)
    assert not await queue.redis.exists(keys.JOB + job(1), keys.TRIES + job(1))


JUNK = [
    b"",
    b"\x80\x04pickle",
    b"null",
    b"{}",
    b'{"f":"run_command","a":null,"k":{},"t":null,"et":0}',
    b'{"f":"run_command","a":[1],"k":{},"t":null,"et":0}',
    b'{"f":"run_command","a":[{}],"k":{},"t":null,"et":0}',
    b'{"f":["x"],"a":[],"k":{},"t":null,"et":0}',
    b'{"f":"run_command","a":[{"bot_id":Infinity,"actor":{"id":1}}],"k":{},"t":null,"et":0}',
]


@pytest.mark.parametrize("junk", JUNK)
async def test_what_cannot_be_read_becomes_a_dead_letter(queue: Line, junk: bytes) -> None:
    bench = Bench(queue)
    await queue.put(1)
    await queue.redis.set(keys.JOB + job(1), junk)
    await queue.put(2)
    await queue.put(5, person=BEN)
    async with at_work(bench):
        await bench.wait(lambda: sorted(bench.ran) == [2, 5] and len(bench.dead) == 1)
        await emptied(queue)
    assert bench.dead[0][0] == job(1)


async def test_a_function_of_another_release_becomes_a_dead_letter_and_its_lane_goes_on(queue: Line) -> None:
    bench = Bench(queue)
    await queue.put(1, 2)
    payload = await queue.redis.get(keys.JOB + job(1))
    await queue.redis.set(keys.JOB + job(1), payload.replace(b"run_command", b"run_tomorrow"))
    async with at_work(bench):
        await bench.wait(lambda: bench.ran == [2])
    assert [name for name, _ in bench.dead] == [job(1)]


@pytest.mark.parametrize(
    "error", [OperationalError("INSERT", {}, Exception("gone")), ConnectionRefusedError(), ValueError("odd")]
)
@pytest.mark.parametrize("junk", [True, False])
async def test_a_dead_letter_that_cannot_be_kept_now_does_not_end_the_worker(
    queue: Line, error: Exception, monkeypatch: pytest.MonkeyPatch, *, junk: bool
) -> None:
    monkeypatch.setattr("worker.runtime.jobs.runner.backoff_seconds", lambda *_, **__: 0.01)

    async def fail(_: int) -> None:
        raise ZeroDivisionError

    bench = Bench(queue, fail)
    bench.dead_fails = [error]
    await queue.put(1)
    if junk:
        await queue.redis.set(keys.JOB + job(1), b"junk")
    async with at_work(bench) as working:
        await bench.wait(lambda: len(bench.dead) == 1)
        await emptied(queue)
        assert not working[0].done()
