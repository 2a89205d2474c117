"""What a running job knows of its own lease."""

from time import monotonic

from shared.queue import keys
from shared.queue.connection import connect
from tests.queueing import Line, job
from worker.runtime.jobs.lease import Lease, Unleased
from worker.runtime.jobs.store import JobStore

LONG_AGO = 3600


def stopped_for_long(store: JobStore) -> Lease:
    """Return the lease of a process that was stopped since its last renewal."""
    return Lease(job(1), store, monotonic() - LONG_AGO)


async def test_a_young_lease_is_ours_without_asking() -> None:
    async with connect("redis://127.0.0.1:1/0") as nowhere:
        store = JobStore(nowhere, nowhere, keys.INTERACTIVE, 60)
        assert await Lease(job(1), store, monotonic()).ours()


async def test_a_lease_that_is_over_is_ours_where_nobody_took_the_job(queue: Line) -> None:
    await queue.put(1)
    await queue.take()
    lease = stopped_for_long(queue.store)
    assert await lease.ours()
    await queue.redis.delete(keys.INTERACTIVE + keys.OWNERS)
    assert await lease.ours(), "it has been renewed, and is young"


async def test_a_lease_that_is_over_is_not_ours_where_another_took_the_job(queue: Line) -> None:
    await queue.put(1)
    frozen = queue.another(0.1)
    await frozen.claim(1)
    await queue.due()
    assert not await stopped_for_long(frozen).ours()


async def test_a_job_that_another_has_finished_is_not_ours(queue: Line) -> None:
    await queue.put(1)
    frozen = queue.another(0.1)
    await frozen.claim(1)
    await queue.due()
    await queue.store.finish(job(1), "")
    assert not await stopped_for_long(frozen).ours()


async def test_a_renewal_that_failed_ends_a_young_lease(queue: Line) -> None:
    lease = Lease(job(1), queue.store, monotonic())
    lease.renewed(monotonic(), kept=False)
    assert not await lease.ours()


async def test_while_redis_is_away_a_lease_that_is_over_is_not_ours() -> None:
    async with connect("redis://127.0.0.1:1/0") as nowhere:
        assert not await stopped_for_long(JobStore(nowhere, nowhere, keys.INTERACTIVE, 60)).ours()


async def test_what_no_queue_handed_out_is_nobody_elses() -> None:
    with Unleased().lent():
        assert await Unleased().ours()
