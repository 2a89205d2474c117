import asyncio
from collections.abc import Sequence

import pytest

from shared.queue.together import Together


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


async def test_what_comes_in_meanwhile_goes_together_and_in_order() -> None:
    wire = Wire()
    together = Together(wire.send, 3)
    async with asyncio.TaskGroup() as group:
        first = group.create_task(together.hand_over(1))
        await wire.called.wait()
        others = [group.create_task(together.hand_over(number)) for number in range(2, 7)]
        await asyncio.sleep(0)
        wire.through.set()
    assert wire.batches == [[1], [2, 3, 4], [5, 6]]
    assert [first.result(), *(task.result() for task in others)] == [10, 20, 30, 40, 50, 60]


async def test_a_failure_is_everybodys_in_that_call_and_nobodys_after_it() -> None:
    wire = Wire()
    wire.through.set()
    together = Together(wire.send, 3)
    wire.error = ConnectionError("gone")
    failed = await asyncio.gather(*(together.hand_over(number) for number in (1, 2)), return_exceptions=True)
    assert [type(each) for each in failed] == [ConnectionError, ConnectionError]
    wire.error = None
    assert await together.hand_over(3) == 30


async def test_who_gives_up_waiting_takes_nobody_along() -> None:
    wire = Wire()
    together = Together(wire.send, 3)
    gone = asyncio.ensure_future(together.hand_over(1))
    await wire.called.wait()
    stays = asyncio.ensure_future(together.hand_over(2))
    await asyncio.sleep(0)
    gone.cancel()
    wire.through.set()
    with pytest.raises(asyncio.CancelledError):
        await gone
    assert await stays == 20
