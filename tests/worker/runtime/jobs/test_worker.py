"""The worker's loop on a real Valkey: what it runs, in which order, and how much at once."""

import asyncio
from collections.abc import Sequence
from typing import Any

from tests.queueing import ANNA, BEN, Line, envelope, lane
from tests.worker.runtime.jobs.bench import Bench, at_work, emptied
from worker.runtime.command_job import CommandJob
from worker.runtime.jobs.slots import RELEASED_A_SLOT


async def test_runs_what_is_there_and_what_comes(queue: Line) -> None:
    bench = Bench(queue)
    await queue.put(1)
    async with at_work(bench):
        await bench.wait(lambda: bench.ran == [1])
        await queue.put(2)
        await bench.wait(lambda: bench.ran == [1, 2])
        await emptied(queue)
    assert bench.count("done") == 2


async def test_people_run_side_by_side_up_to_the_limit(queue: Line) -> None:
    full = asyncio.Event()

    async def hold(_: int) -> None:
        if bench.running.total() == 3:
            full.set()
        await full.wait()

    bench = Bench(queue, hold, jobs=3)
    for number in range(1, 8):
        await queue.put(number, person=number)
    async with at_work(bench):
        await bench.wait(lambda: len(bench.ran) == 7)
    assert bench.most == 3


async def test_one_person_runs_one_at_a_time_and_in_order(queue: Line) -> None:
    async def check(_: int) -> None:
        assert all(first.running[person] + second.running[person] <= 1 for person in (ANNA, BEN))
        await asyncio.sleep(0)

    first, second = Bench(queue, check), Bench(queue, check)
    everything: list[int] = []
    for bench in (first, second):
        bench.ran = everything
    async with at_work(first, second):
        for number in range(30):
            await queue.put(number, person=ANNA)
            await queue.put(1000 + number, person=BEN)
        await emptied(queue)
    assert [number for number in everything if number < 1000] == list(range(30))
    assert [number - 1000 for number in everything if number >= 1000] == list(range(30))
    assert not first.dead + second.dead


async def test_a_job_that_only_waits_releases_its_slot(queue: Line) -> None:
    go = asyncio.Event()

    async def hold(number: int) -> None:
        if number == 1:
            with bench.leases[1].release_slot():
                await go.wait()

    bench = Bench(queue, hold, lease=3600, jobs=1)
    await queue.put(1)
    async with at_work(bench):
        await bench.wait(lambda: bench.ran == [1])
        await queue.put(2, person=BEN)
        await bench.wait(lambda: bench.ran == [1, 2])
        go.set()
        await emptied(queue)


async def test_slots_are_released_within_bounds(queue: Line) -> None:
    go = asyncio.Event()

    async def hold(number: int) -> None:
        with bench.leases[number].release_slot():
            await go.wait()

    bench = Bench(queue, hold, lease=3600, jobs=1)
    for person in range(1, 10):
        await queue.put(person, person=person)
    async with at_work(bench):
        await bench.wait(lambda: len(bench.ran) == 1 + RELEASED_A_SLOT)
        go.set()
        await emptied(queue)
    assert bench.most == 1 + RELEASED_A_SLOT


def test_a_lane_is_named_by_bot_and_person() -> None:
    arguments: Sequence[Any] = [envelope(1).model_dump(mode="json")]
    assert CommandJob.lane_of(arguments) == lane()
