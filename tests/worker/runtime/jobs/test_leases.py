"""What a running job knows of its worker's lease."""

from contextlib import nullcontext

import pytest
from prometheus_client import CollectorRegistry

from shared.queue import keys
from shared.queue.connection import connect
from tests.queueing import Claimant, Line, job
from worker.runtime.jobs import leases
from worker.runtime.jobs.leases import LeaseKeeper, NullLease
from worker.runtime.jobs.metrics import JobMetrics
from worker.runtime.jobs.store import JobStore


def keeper_of(store: JobStore) -> LeaseKeeper:
    return LeaseKeeper(store, JobMetrics(CollectorRegistry(), store.queue))


@pytest.fixture
async def own(queue: Line) -> Claimant:
    """Return a worker that has claimed a job."""
    await queue.put(1)
    await queue.take()
    return queue.own


async def robbed(queue: Line) -> None:
    await queue.redis.delete(keys.INTERACTIVE + keys.CLAIMED + queue.store.worker)


async def test_what_redis_just_said_is_not_asked_again(queue: Line, own: Claimant) -> None:
    keeper = keeper_of(own.store)
    lease = keeper.grant(job(1), nullcontext)
    await keeper.beat()
    await robbed(queue)
    assert await lease.is_valid()


async def test_what_redis_said_long_ago_is_asked_again(
    queue: Line, own: Claimant, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper = keeper_of(own.store)
    lease = keeper.grant(job(1), nullcontext)
    monkeypatch.setattr(leases, "FRESH", 0)
    assert await lease.is_valid()
    assert not lease.was_refused
    await robbed(queue)
    assert not await lease.is_valid()
    assert lease.was_refused


async def test_who_was_stopped_since_its_last_heartbeat_asks(queue: Line, own: Claimant) -> None:
    """Before the first one nothing is known either."""
    lease = keeper_of(own.store).grant(job(1), nullcontext)
    await robbed(queue)
    assert not await lease.is_valid()


async def test_a_heartbeat_that_did_not_find_the_job_ends_its_lease(queue: Line, own: Claimant) -> None:
    keeper = keeper_of(own.store)
    lease = keeper.grant(job(1), nullcontext)
    await robbed(queue)
    await keeper.beat()
    assert not lease.held
    assert not await lease.is_valid()


async def test_while_redis_is_away_nobody_knows_whose_a_job_is() -> None:
    async with connect("redis://127.0.0.1:1/0") as nowhere:
        lease = keeper_of(JobStore(nowhere, keys.INTERACTIVE, 60)).grant(job(1), nullcontext)
        assert not await lease.is_valid()


async def test_an_answer_that_a_later_one_overtook_says_nothing(own: Claimant) -> None:
    keeper = keeper_of(own.store)
    lease, beat, overtaking = keeper.grant(job(1), nullcontext), own.store.heartbeat, [True]

    async def slow() -> object:
        heard = await beat()
        if overtaking and overtaking.pop():
            own.held.discard(job(1))
            assert await own.store.finish(job(1), "")
            await keeper.beat()
        return heard

    own.store.heartbeat = slow  # type: ignore[method-assign,assignment]
    await keeper.beat()
    assert not lease.held


async def test_what_no_queue_handed_out_is_nobody_elses() -> None:
    with NullLease().release_slot():
        assert await NullLease().is_valid()
