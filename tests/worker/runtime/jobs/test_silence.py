"""A host that is lost without a reset: nobody waits for its answer for ever."""

import asyncio

import pytest

from shared.queue.connection import connect
from tests.black_hole import black_hole
from tests.queueing import PATIENCE_SECONDS, line, until
from tests.worker.runtime.jobs.bench import Bench, at_work, emptied
from worker.runtime.jobs import doorbell


async def test_a_worker_whose_bell_fell_silent_goes_on_by_a_fresh_connection(
    valkey_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("worker.runtime.jobs.leased_worker.CEILING_SECONDS", 0.2)
    monkeypatch.setattr(doorbell, "LATE_SECONDS", 0.2)
    async with (
        line(valkey_url) as queue,
        black_hole(valkey_url) as (hole, through),
        connect(through, answer_seconds=None) as bell,
    ):
        bench = Bench(queue)
        bench.worker._store._doorbell._redis = bell
        async with at_work(bench):
            await until(queue.listed)
            hole.swallow()
            await queue.put(1)
            await bench.wait(lambda: bench.ran == [1])
            await emptied(queue)


async def test_the_bell_raises_what_counts_as_an_outage(
    valkey_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doorbell, "LATE_SECONDS", 0.2)
    async with black_hole(valkey_url) as (hole, through), line(through) as queue:
        assert await queue.store.wait(0) is None
        hole.swallow()
        with pytest.raises(TimeoutError):
            await queue.store.wait(0)
        assert await queue.store.wait(0) is None


async def test_a_bell_that_finds_nobody_at_the_end_of_a_new_connection_does_not_wait_for_ever(
    valkey_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doorbell, "LATE_SECONDS", 0.2)
    async with black_hole(valkey_url) as (hole, through), line(through) as queue:
        assert await queue.store.wait(0) is None
        hole.fall_silent()
        waiting = asyncio.create_task(queue.store.wait(0))
        ended, _ = await asyncio.wait({waiting}, timeout=PATIENCE_SECONDS)
        waiting.cancel()
        assert ended
        assert isinstance(waiting.exception(), OSError)
