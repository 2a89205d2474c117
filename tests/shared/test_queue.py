"""Putting commands into a real Valkey: once, in lanes, in order."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
from arq.jobs import deserialize_job_raw
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic_core import from_json

from shared.clock import SystemClock
from shared.contracts.booking import Book
from shared.contracts.menu import ShowHome
from shared.contracts.payments import CheckPayment
from shared.envelope import Envelope
from shared.queue import keys
from shared.queue.arq_queue import ArqCommandQueue
from shared.queue.connection import connect
from shared.queue.job_format import RUN_COMMAND, read_envelope, write_job
from shared.queue.port import Accepted, QueueUnavailableError
from tests.queueing import (
    ANNA,
    BEN,
    BOT,
    PATIENCE_SECONDS,
    RECEIVED,
    Claimant,
    Line,
    envelope,
    job,
    lane,
    line,
    until,
)

PAYING = CheckPayment(currency="EUR", amount=1000, payload="p1")
MEMORY_OF_ONE = 1200
"""Bytes."""


@pytest.fixture
async def queue(valkey_url: str) -> AsyncIterator[Line]:
    async with line(valkey_url) as found:
        yield found


async def test_an_update_is_queued_once(queue: Line) -> None:
    assert (await queue.queue.put(envelope(1))).accepted is Accepted.QUEUED
    assert (await queue.queue.put(envelope(1))).accepted is Accepted.DUPLICATE
    assert await queue.take() == [job(1)]
    assert (await queue.queue.put(envelope(1))).accepted is Accepted.DUPLICATE
    assert await queue.take() == []
    await queue.finish(1)
    assert (await queue.queue.put(envelope(1))).accepted is Accepted.DUPLICATE
    assert await queue.waiting() == set()


async def test_it_is_remembered_for_as_long_as_telegram_repeats(queue: Line) -> None:
    await queue.put(1)
    assert 24 * 3600 < await queue.redis.ttl(lane() + keys.SEEN) <= keys.SEEN_SECONDS


async def test_what_is_remembered_of_a_person_is_bounded(queue: Line) -> None:
    for number in range(1, keys.SEEN_MOST + 50):
        await queue.put(number)
        await queue.take()
        await queue.finish(number)
    assert await queue.redis.llen(lane() + keys.SEEN) == keys.SEEN_MOST  # type: ignore[misc]
    assert await queue.redis.memory_usage(lane() + keys.SEEN) < MEMORY_OF_ONE
    assert (await queue.queue.put(envelope(keys.SEEN_MOST + 49))).accepted is Accepted.DUPLICATE


async def test_a_finished_job_leaves_only_the_memory_of_its_update(queue: Line) -> None:
    await queue.put(1)
    await queue.take()
    await queue.store.count_failure(job(1))
    await queue.finish(1)
    left = {key.decode() for key in await queue.redis.keys("*")}
    assert left == {lane() + keys.SEEN, keys.INTERACTIVE + keys.WORKERS}


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


def test_what_was_written_as_a_job_can_be_read() -> None:
    sent = envelope(1)
    assert read_envelope(write_job(sent, RECEIVED)) == sent


async def test_a_person_takes_one_place_in_the_queue(queue: Line) -> None:
    await queue.put(1, 2, 3)
    await queue.put(4, person=BEN)
    assert await queue.waiting() == {job(1), job(4)}
    assert sorted(await queue.take()) == [job(1), job(4)]
    assert await queue.take() == []
    await queue.finish(1)
    assert await queue.take() == [job(2)]
    await queue.finish(2)
    await queue.finish(4, BEN)
    assert await queue.take() == [job(3)]


async def test_people_of_two_bots_have_lanes_of_their_own(queue: Line) -> None:
    await queue.put(1)
    await queue.queue.put(envelope(2).model_copy(update={"bot_id": 7}))
    assert len(await queue.take()) == 2


async def test_an_earlier_update_that_comes_late_goes_first(queue: Line) -> None:
    await queue.put(3, 2, 1)
    for number in (1, 2, 3):
        assert await queue.take() == [job(number)]
        await queue.finish(number)


async def test_an_earlier_update_waits_for_one_that_runs_already(queue: Line) -> None:
    await queue.put(3)
    assert await queue.take() == [job(3)]
    await queue.put(2)
    assert await queue.take() == []
    await queue.put(1)
    assert await queue.take() == []
    await queue.finish(3)
    assert await queue.take() == [job(1)]


async def test_an_earlier_update_waits_for_one_that_was_deferred(queue: Line) -> None:
    await queue.put(3)
    await queue.take()
    await queue.own.defer(job(3), 60)
    await queue.put(2, 1)
    assert await queue.take() == []


async def test_a_lane_heals_when_its_first_was_deleted_by_hand(queue: Line) -> None:
    await queue.put(1, 2)
    await queue.redis.delete(keys.JOB + job(1))
    assert await queue.take() == []
    await queue.put(3)
    assert await queue.take() == [job(2)]
    await queue.finish(2)
    assert await queue.take() == [job(3)]


async def test_a_job_deleted_by_hand_does_not_stop_those_behind_it(queue: Line) -> None:
    await queue.put(1, 2, 3)
    assert await queue.take() == [job(1)]
    await queue.redis.delete(keys.JOB + job(2))
    await queue.finish(1)
    assert await queue.take() == [job(3)]


async def test_a_job_taken_out_of_the_queue_by_hand_comes_back_with_the_next(queue: Line) -> None:
    await queue.put(1)
    await queue.redis.delete(keys.INTERACTIVE + keys.READY, keys.INTERACTIVE + keys.DUE)
    await queue.put(2)
    assert await queue.take() == [job(1)]


async def test_several_are_kept_at_once_in_their_order_and_each_only_once(queue: Line) -> None:
    await queue.put(2, person=BEN)
    wanted = [envelope(1, ANNA), envelope(2, BEN), envelope(3, ANNA), envelope(4, BEN)]
    receipts = await queue.queue.put_all(wanted)
    assert [receipt.accepted for receipt in receipts] == [
        Accepted.QUEUED,
        Accepted.DUPLICATE,
        Accepted.QUEUED,
        Accepted.QUEUED,
    ]
    assert await queue.queue.put_all([]) == []
    assert sorted(await queue.take()) == [job(1), job(2)]
    await queue.finish(1, ANNA)
    await queue.finish(2, BEN)
    assert sorted(await queue.take()) == [job(3), job(4)]


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
    assert [task.result().accepted for task in stay] == [Accepted.DUPLICATE] * 2
    for number in (1, 2, 3):
        assert await queue.take() == [job(number)]
        await queue.finish(number)
    assert await queue.take() == []


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
    assert (await queue.queue.put(envelope(1))).accepted is Accepted.QUEUED


async def test_a_queue_that_takes_the_probe_and_refuses_a_command_is_not_ready(queue: Line) -> None:
    huge = envelope(1, command=ShowHome(payload="x" * 3_000_000))
    memory = await queue.redis.info("memory")
    await queue.redis.config_set("maxmemory", memory["used_memory"] + 1_000_000)
    try:
        with pytest.raises(QueueUnavailableError):
            await queue.queue.put(huge)
        with pytest.raises(QueueUnavailableError):
            await queue.queue.ping()
    finally:
        await queue.redis.config_set("maxmemory", "0")
    await queue.put(2)
    await queue.queue.ping()


async def test_a_batch_that_a_nearly_full_redis_has_no_room_for_goes_in_smaller_parts(queue: Line) -> None:
    long = [envelope(number, number, command=ShowHome(payload="x" * 100_000)) for number in range(1, 17)]
    memory = await queue.redis.info("memory")
    await queue.redis.config_set("maxmemory", memory["used_memory"] + 1_200_000)
    try:
        receipts = []
        with suppress(QueueUnavailableError):
            receipts = await queue.queue.put_all(long)
        kept = len(await queue.redis.keys(keys.JOB + "*"))
    finally:
        await queue.redis.config_set("maxmemory", "0")
    assert kept > 0
    assert not receipts or kept == len(long)
    again = await queue.queue.put_all(long)
    assert sum(receipt.accepted is Accepted.DUPLICATE for receipt in again) == kept


PUT, TAKE, LISTEN, FINISH, AGAIN = "put", "take", "listen", "finish", "defer"
moves = st.lists(
    st.tuples(
        st.sampled_from([PUT, TAKE, LISTEN, FINISH, AGAIN]),
        st.integers(1, 9),
        st.sampled_from([ANNA, BEN]),
    ),
    max_size=40,
)


class Desk:
    """Two workers, of which one waits for its jobs; checks what they get."""

    def __init__(self, queue: Line) -> None:
        self.queue = queue
        self.waiter = queue.another(3600)
        self.put: dict[str, int] = {}
        self.running: dict[str, Claimant] = {}
        self.done: list[str] = []

    async def take(self) -> None:
        for name in await self.queue.take(1):
            self.got(name, self.queue.own)

    async def listen(self) -> None:
        ready = await self.queue.redis.llen(keys.INTERACTIVE + keys.READY)  # type: ignore[misc]
        if ready:
            for claimed in await self.waiter.wait():
                self.got(claimed.id, self.waiter)

    def got(self, name: str, claimant: Claimant) -> None:
        assert name not in self.done
        assert self.put[name] not in {self.put[other] for other in self.running}
        self.running[name] = claimant

    async def end(self, number: int, *, again: bool) -> None:
        if not self.running:
            return
        name = sorted(self.running)[number % len(self.running)]
        claimant = self.running.pop(name)
        if again:
            assert await claimant.defer(name, 0)
        else:
            assert await claimant.finish(name, lane(self.put[name]))
            self.done.append(name)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves)
async def test_nobody_has_two_jobs_at_once_and_none_is_lost(
    queue: Line, moves: list[tuple[str, int, int]]
) -> None:
    await queue.redis.flushall()
    desk = Desk(queue)
    for move, number, person in moves:
        if move == PUT:
            update_id = number * 10_000 + person
            desk.put[job(update_id)] = person
            await queue.put(update_id, person=person)
        elif move == TAKE:
            await desk.take()
        elif move == LISTEN:
            await desk.listen()
        else:
            await desk.end(number, again=move == AGAIN)
    async with asyncio.timeout(PATIENCE_SECONDS):
        while set(desk.done) != desk.put.keys():
            await desk.listen()
            await desk.end(0, again=False)
    assert sorted(desk.done) == sorted(desk.put)


async def test_an_update_that_was_lost_half_way_in_is_taken_when_it_comes_again(queue: Line) -> None:
    await queue.redis.set(lane(ANNA), "no lane")
    with pytest.raises(QueueUnavailableError):
        await queue.queue.put(envelope(1))
    await queue.redis.delete(lane(ANNA))
    assert (await queue.queue.put(envelope(1))).accepted is Accepted.QUEUED
    assert await queue.take() == [job(1)]


async def test_an_album_is_one_job(queue: Line) -> None:
    first, second = (envelope(number).model_copy(update={"album": "13"}) for number in (1, 2))
    receipts = await queue.queue.put_all([first, second])
    assert [receipt.accepted for receipt in receipts] == [Accepted.QUEUED, Accepted.DUPLICATE]
    assert await queue.take() == [first.job_id]


async def test_what_is_urgent_runs_before_a_thousand_jobs_and_its_persons_own_taps(queue: Line) -> None:
    await queue.put(*range(1, 11))
    crowd = [envelope(100 + number, 5000 + number) for number in range(1000)]
    for begun in range(0, 1000, 100):
        await queue.queue.put_all(crowd[begun : begun + 100])
    for number, person in ((2001, ANNA), (2002, BEN), (2003, ANNA)):
        await queue.queue.put(envelope(number, person, PAYING))
    assert await queue.take(1) == [job(2001)]
    assert await queue.take(2) == [job(2002), job(1)]
    await queue.own.finish(job(2001), keys.lane(BOT, ANNA, urgent=True))
    assert await queue.take(1) == [job(2003)]
    await queue.own.finish(job(2003), keys.lane(BOT, ANNA, urgent=True))
    await queue.finish(1)
    assert await queue.take(1) == [job(100)]
    assert await queue.redis.exists(keys.lane(BOT, ANNA, urgent=True)) == 0


async def test_what_is_urgent_is_queued_once_and_wakes_a_worker_that_waits(queue: Line) -> None:
    waiting = asyncio.ensure_future(queue.own.wait())
    assert await until(queue.blocked)
    paying = envelope(1, command=PAYING)
    assert (await queue.queue.put(paying)).accepted is Accepted.QUEUED
    assert [each.id for each in await waiting] == [job(1)]
    assert (await queue.queue.put(paying)).accepted is Accepted.DUPLICATE


async def test_a_newcomer_who_pays_does_not_wait_with_the_newcomers(queue: Line) -> None:
    for number in range(1, 60):
        await queue.put(number, person=number + 10)
    await queue.queue.put(envelope(900, 900, PAYING))
    assert await queue.take(1) == [job(900)]
