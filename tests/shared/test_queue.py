"""Putting commands into a real Valkey: once, in lanes, in order."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from arq.jobs import deserialize_job_raw
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic_core import from_json

from shared.clock import SystemClock
from shared.commands import Book, Envelope
from shared.queue import keys
from shared.queue.arq_queue import RUN_COMMAND, ArqCommandQueue
from shared.queue.connection import connect
from shared.queue.port import Accepted, QueueUnavailableError
from tests.queueing import ANNA, BEN, RECEIVED, Line, envelope, job, lane, line


@pytest.fixture
async def queue(valkey_url: str) -> AsyncIterator[Line]:
    async with line(valkey_url) as found:
        yield found


async def test_an_update_is_queued_once(queue: Line) -> None:
    assert await queue.queue.put(envelope(1)) is Accepted.QUEUED
    assert await queue.queue.put(envelope(1)) is Accepted.DUPLICATE
    assert await queue.take() == [job(1)]
    assert await queue.queue.put(envelope(1)) is Accepted.DUPLICATE
    assert await queue.take() == []
    await queue.store.finish(job(1), lane())
    assert await queue.queue.put(envelope(1)) is Accepted.DUPLICATE
    assert await queue.waiting() == set()


async def test_it_is_remembered_for_as_long_as_telegram_repeats(queue: Line) -> None:
    await queue.put(1)
    assert 24 * 3600 < await queue.redis.ttl(keys.SEEN + job(1)) <= keys.SEEN_SECONDS


async def test_a_finished_job_leaves_only_the_memory_of_its_update(queue: Line) -> None:
    await queue.put(1)
    await queue.take()
    await queue.store.count_failure(job(1))
    await queue.store.finish(job(1), lane())
    left = {key.decode() for key in await queue.redis.keys("*")}
    assert left == {keys.SEEN + job(1), keys.INTERACTIVE + keys.DOORBELL}


async def test_arq_reads_what_we_put(queue: Line) -> None:
    sent = envelope(1, command=Book(service_id=1, start=RECEIVED))
    await queue.queue.put(sent)
    raw = await queue.redis.get(keys.JOB + job(1))
    name, arguments, named, tries, enqueued = deserialize_job_raw(raw, deserializer=from_json)
    assert name == RUN_COMMAND
    assert not named
    assert not tries
    assert [Envelope.model_validate(argument) for argument in arguments] == [sent]
    seconds, _ = await queue.redis.time()
    assert abs(enqueued / 1000 - seconds) < 60


async def test_a_person_takes_one_place_in_the_queue(queue: Line) -> None:
    await queue.put(1, 2, 3)
    await queue.put(4, person=BEN)
    assert await queue.waiting() == {job(1), job(4)}
    assert sorted(await queue.take()) == [job(1), job(4)]
    assert await queue.take() == []
    await queue.store.finish(job(1), lane())
    assert await queue.take() == [job(2)]
    await queue.store.finish(job(2), lane())
    await queue.store.finish(job(4), lane(BEN))
    assert await queue.take() == [job(3)]


async def test_people_of_two_bots_have_lanes_of_their_own(queue: Line) -> None:
    await queue.put(1)
    await queue.queue.put(envelope(2).model_copy(update={"bot_id": 7}))
    assert len(await queue.take()) == 2


async def test_an_earlier_update_that_comes_late_goes_first(queue: Line) -> None:
    await queue.put(3, 2, 1)
    for number in (1, 2, 3):
        assert await queue.take() == [job(number)]
        await queue.store.finish(job(number), lane())


async def test_an_earlier_update_waits_for_one_that_runs_already(queue: Line) -> None:
    await queue.put(3)
    assert await queue.take() == [job(3)]
    await queue.put(2)
    assert await queue.take() == []
    await queue.put(1)
    assert await queue.take() == []
    await queue.store.finish(job(3), lane())
    assert await queue.take() == [job(1)]


async def test_an_earlier_update_waits_for_one_that_was_deferred(queue: Line) -> None:
    await queue.put(3)
    await queue.take()
    await queue.store.defer(job(3), 60)
    await queue.put(2, 1)
    assert await queue.take() == []


async def test_a_lane_heals_when_its_first_was_deleted_by_hand(queue: Line) -> None:
    await queue.put(1, 2)
    await queue.redis.delete(keys.JOB + job(1))
    assert await queue.take() == []
    await queue.put(3)
    assert await queue.take() == [job(2)]
    await queue.store.finish(job(2), lane())
    assert await queue.take() == [job(3)]


async def test_a_job_deleted_by_hand_does_not_stop_those_behind_it(queue: Line) -> None:
    await queue.put(1, 2, 3)
    assert await queue.take() == [job(1)]
    await queue.redis.delete(keys.JOB + job(2))
    await queue.store.finish(job(1), lane())
    assert await queue.take() == [job(3)]


async def test_a_job_taken_out_of_the_queue_by_hand_comes_back_with_the_next(queue: Line) -> None:
    await queue.put(1)
    await queue.redis.zrem(keys.INTERACTIVE, job(1))
    await queue.put(2)
    assert await queue.waiting() == {job(1)}


async def test_the_doorbell_rings_when_there_is_something_to_do(queue: Line) -> None:
    await queue.put(1)
    assert await queue.bells() == 1
    await queue.put(2)
    assert await queue.bells() == 1
    await queue.take()
    await queue.store.finish(job(1), lane())
    assert await queue.bells() == 2


async def test_several_are_kept_at_once_in_their_order_and_each_only_once(queue: Line) -> None:
    await queue.put(2, person=BEN)
    wanted = [envelope(1, ANNA), envelope(2, BEN), envelope(3, ANNA), envelope(4, BEN)]
    assert await queue.queue.put_all(wanted) == [
        Accepted.QUEUED,
        Accepted.DUPLICATE,
        Accepted.QUEUED,
        Accepted.QUEUED,
    ]
    assert await queue.queue.put_all([]) == []
    claim = await queue.store.claim(10)
    assert sorted(each.id for each in claim.jobs) == [job(1), job(2)]
    await queue.store.finish(job(1), lane(ANNA))
    await queue.store.finish(job(2), lane(BEN))
    assert sorted(each.id for each in (await queue.store.claim(10)).jobs) == [job(3), job(4)]


async def test_a_call_that_is_broken_off_loses_nobodys_command_and_keeps_none_twice(
    queue: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    enqueue, kept = queue.queue._enqueue, asyncio.Event()

    async def kept_and_never_answered(*, keys: list[str], args: list[str | bytes | int]) -> None:
        monkeypatch.undo()
        await enqueue(keys=keys, args=args)
        kept.set()
        await asyncio.get_running_loop().create_future()

    monkeypatch.setattr(queue.queue, "_enqueue", kept_and_never_answered)
    async with asyncio.TaskGroup() as group:
        gone, *stay = (group.create_task(queue.queue.put(envelope(number))) for number in (1, 2, 3))
        await kept.wait()
        gone.cancel()
    assert [task.result() for task in stay] == [Accepted.DUPLICATE] * 2
    for number in (1, 2, 3):
        assert await queue.take() == [job(number)]
        await queue.store.finish(job(number), lane())
    assert await queue.take() == []


async def test_the_doorbell_stays_short(queue: Line) -> None:
    for number in range(keys.DOORBELL_LENGTH + 5):
        await queue.put(number, person=number + 1)
    assert await queue.bells() == keys.DOORBELL_LENGTH


async def test_a_queue_that_is_away_says_so() -> None:
    async with connect("redis://127.0.0.1:1/0") as redis:
        queue = ArqCommandQueue(redis, SystemClock())
        with pytest.raises(QueueUnavailableError):
            await queue.put(envelope(1))
        with pytest.raises(QueueUnavailableError):
            await queue.ping()


async def test_a_queue_that_cannot_write_is_not_ready(queue: Line) -> None:
    await queue.queue.ping()
    await queue.redis.config_set("maxmemory", "1")
    try:
        with pytest.raises(QueueUnavailableError):
            await queue.queue.ping()
        with pytest.raises(QueueUnavailableError):
            await queue.put(1)
        with pytest.raises(QueueUnavailableError):
            await queue.queue.put_all([envelope(1), envelope(2)])
    finally:
        await queue.redis.config_set("maxmemory", "0")
    assert await queue.queue.put(envelope(1)) is Accepted.QUEUED


PUT, TAKE, FINISH, AGAIN = "put", "take", "finish", "defer"
moves = st.lists(
    st.tuples(st.sampled_from([PUT, TAKE, FINISH, AGAIN]), st.integers(1, 9), st.sampled_from([ANNA, BEN])),
    max_size=40,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves)
async def test_nobody_has_two_jobs_at_once_and_none_is_lost(
    queue: Line, moves: list[tuple[str, int, int]]
) -> None:
    await queue.redis.flushall()
    put: dict[str, int] = {}
    running: dict[str, int] = {}
    done: list[str] = []

    async def take() -> None:
        for taken in await queue.take(1):
            assert taken not in done
            assert put[taken] not in running.values()
            running[taken] = put[taken]

    for move, number, person in moves:
        if move == PUT:
            put[job(number * 10_000 + person)] = person
            await queue.put(number * 10_000 + person, person=person)
        elif move == TAKE:
            await take()
        elif running:
            name = sorted(running)[number % len(running)]
            owner = running.pop(name)
            if move == FINISH:
                await queue.store.finish(name, lane(owner))
                done.append(name)
            else:
                await queue.store.defer(name, 0)
    while set(done) != put.keys():
        await take()
        name, owner = running.popitem()
        await queue.store.finish(name, lane(owner))
        done.append(name)
    assert sorted(done) == sorted(put)
