import asyncio
import itertools
from collections.abc import Sequence

import pytest

from shared.queue.batcher import Batcher


class Wire:
    """Takes batches down; a call lasts until it is let through."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.through = asyncio.Event()
        self.called = asyncio.Event()
        self.error: Exception | None = None

    async def send(self, items: Sequence[int]) -> list[int]:
        self.batches.append(list(items))
        self.called.set()
        await self.through.wait()
        if self.error is not None:
            raise self.error
        return [item * 10 for item in items]


async def test_what_comes_in_meanwhile_goes_in_one_batch_and_in_order() -> None:
    wire = Wire()
    batcher = Batcher(wire.send, 3)
    async with asyncio.TaskGroup() as group:
        first = group.create_task(batcher.submit(1))
        await wire.called.wait()
        others = [group.create_task(batcher.submit(number)) for number in range(2, 7)]
        await asyncio.sleep(0)
        wire.through.set()
    assert wire.batches == [[1], [2, 3, 4], [5, 6]]
    assert [first.result(), *(task.result() for task in others)] == [10, 20, 30, 40, 50, 60]


async def test_a_failure_is_everybodys_in_that_call_and_nobodys_after_it() -> None:
    wire = Wire()
    wire.through.set()
    batcher = Batcher(wire.send, 3)
    wire.error = ConnectionError("gone")
    failed = await asyncio.gather(*(batcher.submit(number) for number in (1, 2)), return_exceptions=True)
    assert [type(each) for each in failed] == [ConnectionError, ConnectionError]
    wire.error = None
    assert await batcher.submit(3) == 30


async def test_who_gives_up_waiting_takes_nobody_along() -> None:
    wire = Wire()
    batcher = Batcher(wire.send, 3)
    async with asyncio.TaskGroup() as group:
        first = group.create_task(batcher.submit(1))
        await wire.called.wait()
        gone, stays = (group.create_task(batcher.submit(number)) for number in (2, 3))
        await asyncio.sleep(0)
        gone.cancel()
        wire.through.set()
    assert gone.cancelled()
    assert (first.result(), stays.result()) == (10, 30)
    assert wire.batches == [[1], [3]]


async def test_whose_call_is_broken_off_is_sent_again_by_the_next() -> None:
    wire = Wire()
    batcher = Batcher(wire.send, 3)
    async with asyncio.TaskGroup() as group:
        leader, *others = (group.create_task(batcher.submit(number)) for number in range(1, 5))
        await wire.called.wait()
        others[0].cancel()
        leader.cancel()
        wire.through.set()
    assert leader.cancelled()
    assert [task.result() for task in others[1:]] == [30, 40]
    assert wire.batches == [[1, 2, 3], [3, 4]]


async def test_an_answer_too_few_is_everybodys_failure() -> None:
    async def send(items: Sequence[int]) -> Sequence[int]:
        return items[1:]

    batcher = Batcher(send, 3)
    failed = await asyncio.gather(*(batcher.submit(number) for number in (1, 2)), return_exceptions=True)
    assert [type(each) for each in failed] == [ValueError, ValueError]


@pytest.mark.parametrize("who", [*itertools.combinations(range(5), 2)])
@pytest.mark.parametrize("turns", range(12))
async def test_whoever_is_cancelled_and_whenever_the_others_get_their_answers(
    who: tuple[int, int], turns: int
) -> None:
    async def send(items: Sequence[int]) -> list[int]:
        for _ in range(2):
            await asyncio.sleep(0)
        return [item * 10 for item in items]

    batcher = Batcher(send, 2)
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(batcher.submit(number)) for number in range(5)]
        for each in who:
            for _ in range(turns):
                await asyncio.sleep(0)
            tasks[each].cancel()
    answers = [None if task.cancelled() else task.result() for task in tasks]
    assert all(answer in {None, number * 10} for number, answer in enumerate(answers))
    assert {number for number, answer in enumerate(answers) if answer is None} <= set(who)
    assert await batcher.submit(7) == 70
