"""The worker's loop on a real Valkey: what it runs, gives back, buries and survives."""

import asyncio
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from arq.worker import func
from prometheus_client import CollectorRegistry
from redis.exceptions import ConnectionError as RedisConnectionError
from sqlalchemy.exc import OperationalError

from sandbox.valkey import ValkeyServer
from shared.queue import keys
from shared.queue.arq_queue import RUN_COMMAND
from shared.telegram.errors import FloodError, UnavailableError
from tests.queueing import ANNA, BEN, PATIENCE_SECONDS, Line, envelope, job, lane, line, until
from worker.commands.job import CommandJob
from worker.jobs.lease import Hold, Lease
from worker.jobs.leased_worker import LENT_A_SLOT, MAX_TRIES, LeasedWorker
from worker.jobs.metrics import JobMetrics
from worker.jobs.store import Job

type Act = Callable[[int], Awaitable[None]]

OUTAGES = [
    OperationalError("SELECT 1", {}, Exception("gone")),
    RedisConnectionError("gone"),
    UnavailableError("502"),
    ConnectionRefusedError(),
    ExceptionGroup("several", [UnavailableError("502"), FloodError(0.01)]),
]


async def nothing(_: int) -> None:
    """Do nothing, at once."""


class Bench:
    """A worker, and what it ran."""

    def __init__(
        self, queue: Line, act: Act = nothing, *, lease: float = 30, drain: float = 30, jobs: int = 10
    ) -> None:
        self.act = act
        self.ran: list[int] = []
        self.running: Counter[int] = Counter()
        self.most = 0
        self.leases: dict[int, Hold] = {}
        self.buried: list[tuple[str, str]] = []
        self.bury_fails: list[Exception] = []
        self._changed = asyncio.Condition()
        self.registry = CollectorRegistry()
        self.worker = LeasedWorker(
            [func(self.run, name=RUN_COMMAND)],  # type: ignore[arg-type]
            store=queue.another(lease),
            lane_of=CommandJob.lane_of,
            bury=self.bury,
            metrics=JobMetrics(self.registry),
            drain_seconds=drain,
            max_jobs=jobs,
        )

    async def run(self, context: dict[str, Any], payload: dict[str, Any]) -> None:
        person = payload["actor"]["id"]
        self.leases[payload["update_id"]] = context["lease"]
        self.running[person] += 1
        self.most = max(self.most, self.running.total())
        try:
            await self.tell(lambda: self.ran.append(payload["update_id"]))
            await self.act(payload["update_id"])
        finally:
            self.running[person] -= 1

    async def bury(self, dead: Job, error: BaseException) -> None:
        if self.bury_fails:
            raise self.bury_fails.pop()
        await self.tell(lambda: self.buried.append((dead.id, type(error).__name__)))

    async def tell(self, change: Callable[[], None]) -> None:
        async with self._changed:
            change()
            self._changed.notify_all()

    async def wait(self, test: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS), self._changed:
            await self._changed.wait_for(test)

    def count(self, result: str) -> float:
        """Return how many jobs were given back so."""
        return self.figure("bellhop_jobs_total", result=result)

    def figure(self, name: str, **labels: str) -> float:
        """Return a metric's value, whatever it calls the only queue there is."""
        samples = (sample for metric in self.registry.collect() for sample in metric.samples)
        return sum(
            each.value for each in samples if each.name == name and labels.items() <= each.labels.items()
        )


@asynccontextmanager
async def at_work(*benches: Bench) -> AsyncIterator[list[asyncio.Task[None]]]:
    """Let workers work; they are stopped at the end and have to end by themselves."""
    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        working = [group.create_task(bench.worker.main()) for bench in benches]
        try:
            yield working
        finally:
            for bench in benches:
                bench.worker.stop()


async def emptied(queue: Line) -> None:
    async def ask() -> bool:
        return not await queue.waiting()

    await until(ask)


@pytest.fixture
async def queue(valkey_url: str) -> AsyncIterator[Line]:
    async with line(valkey_url) as found:
        yield found


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
    assert not first.buried + second.buried


@pytest.mark.parametrize("outage", OUTAGES, ids=lambda error: type(error).__name__)
async def test_an_outage_is_waited_out_and_burns_no_try(
    queue: Line, outage: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("worker.jobs.leased_worker.backoff_seconds", lambda *_, **__: 0.0)
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
    assert (bench.buried, bench.count("deferred"), bench.count("done")) == ([], MAX_TRIES + 3, 1)


async def test_a_deferred_job_is_looked_at_when_it_is_due_not_when_its_lease_ends(
    queue: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("worker.jobs.leased_worker.CEILING_SECONDS", 3600)
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
            claim = await queue.store.claim(1)
            return claim.next_due is not None and claim.next_due > 100

        await until(deferred)


async def test_a_command_that_keeps_failing_is_buried_and_its_lane_goes_on(
    queue: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("worker.jobs.leased_worker.backoff_seconds", lambda *_, **__: 0.0)

    async def fail(number: int) -> None:
        if number == 1:
            raise ZeroDivisionError

    bench = Bench(queue, fail)
    await queue.put(1, 2)
    async with at_work(bench):
        await bench.wait(lambda: 2 in bench.ran)
        await emptied(queue)
    assert bench.ran == [1] * MAX_TRIES + [2]
    assert bench.buried == [(job(1), "ZeroDivisionError")]
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
async def test_what_cannot_be_read_is_buried(queue: Line, junk: bytes) -> None:
    bench = Bench(queue)
    await queue.put(1)
    await queue.redis.set(keys.JOB + job(1), junk)
    await queue.put(2)
    await queue.put(5, person=BEN)
    async with at_work(bench):
        await bench.wait(lambda: sorted(bench.ran) == [2, 5] and len(bench.buried) == 1)
        await emptied(queue)
    assert bench.buried[0][0] == job(1)


async def test_a_function_of_another_release_is_buried_and_its_lane_goes_on(queue: Line) -> None:
    bench = Bench(queue)
    await queue.put(1, 2)
    payload = await queue.redis.get(keys.JOB + job(1))
    await queue.redis.set(keys.JOB + job(1), payload.replace(b"run_command", b"run_tomorrow"))
    async with at_work(bench):
        await bench.wait(lambda: bench.ran == [2])
    assert [name for name, _ in bench.buried] == [job(1)]


@pytest.mark.parametrize(
    "error", [OperationalError("INSERT", {}, Exception("gone")), ConnectionRefusedError(), ValueError("odd")]
)
@pytest.mark.parametrize("junk", [True, False])
async def test_a_grave_that_cannot_be_dug_now_does_not_end_the_worker(
    queue: Line, error: Exception, monkeypatch: pytest.MonkeyPatch, *, junk: bool
) -> None:
    monkeypatch.setattr("worker.jobs.leased_worker.backoff_seconds", lambda *_, **__: 0.0)

    async def fail(_: int) -> None:
        raise ZeroDivisionError

    bench = Bench(queue, fail)
    bench.bury_fails = [error]
    await queue.put(1)
    if junk:
        await queue.redis.set(keys.JOB + job(1), b"junk")
    async with at_work(bench) as working:
        await bench.wait(lambda: len(bench.buried) == 1)
        await emptied(queue)
        assert not working[0].done()


async def test_a_stop_lets_what_is_in_hand_end(queue: Line) -> None:
    go = asyncio.Event()

    async def hold(_: int) -> None:
        await go.wait()

    bench = Bench(queue, hold)
    await queue.put(1)
    async with at_work(bench) as working:
        await bench.wait(lambda: bench.ran == [1])
        bench.worker.stop()
        await queue.put(2, person=BEN)
        await asyncio.sleep(0)
        assert not working[0].done()
        go.set()
        await working[0]
    assert (bench.ran, bench.count("done")) == ([1], 1)
    assert await queue.waiting() == {job(2)}


async def test_what_does_not_end_in_time_is_given_back_and_run_by_another(queue: Line) -> None:
    async def hang(_: int) -> None:
        await asyncio.Event().wait()

    stopping, other = Bench(queue, hang, lease=3600, drain=0.01), Bench(queue, lease=3600)
    await queue.put(1, 2)
    async with at_work(stopping) as working:
        await stopping.wait(lambda: stopping.ran == [1])
        stopping.worker.stop()
        await working[0]
    assert stopping.count("released") == 1
    async with at_work(other):
        await other.wait(lambda: other.ran == [1, 2])


async def test_a_claim_on_its_way_when_the_stop_comes_is_not_lost(queue: Line) -> None:
    bench = Bench(queue, lease=3600)
    claim = bench.worker._store.claim

    async def claim_then_stop(count: int) -> Any:  # noqa: ANN401 - what the store returns
        claimed = await claim(count)
        if claimed.jobs:
            bench.worker.stop()
            await asyncio.sleep(0.01)
        return claimed

    bench.worker._store.claim = claim_then_stop  # type: ignore[method-assign]
    await queue.put(1)
    async with at_work(bench) as working:
        await working[0]
    assert bench.ran == [1]
    assert await queue.waiting() == set()


async def test_a_stop_while_waiting_for_the_bell_passes_it_on(queue: Line) -> None:
    bench = Bench(queue)
    async with at_work(bench) as working:
        await until(lambda: blocked(queue))
        bench.worker.stop()
        await working[0]
    assert await queue.bells() >= 1


async def blocked(queue: Line) -> bool:
    """Tell whether someone waits for the bell."""
    return bool((await queue.redis.info("clients"))["blocked_clients"])


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
        await queue.redis.hset(owners, job(1), other._owner)  # type: ignore[misc]
        lease.renewed(0.0, kept=False)
        assert not await lease.ours()
        await queue.redis.hset(owners, job(1), ours)  # type: ignore[misc]

    bench = Bench(queue, lose, lease=3600)
    await queue.put(1)
    async with at_work(bench):
        await emptied(queue)
    assert bench.ran == [1, 1]


async def test_a_job_that_only_waits_lends_its_place(queue: Line) -> None:
    go = asyncio.Event()

    async def hold(number: int) -> None:
        if number == 1:
            with bench.leases[1].lent():
                await go.wait()

    bench = Bench(queue, hold, lease=3600, jobs=1)
    await queue.put(1)
    async with at_work(bench):
        await bench.wait(lambda: bench.ran == [1])
        await queue.put(2, person=BEN)
        await bench.wait(lambda: bench.ran == [1, 2])
        go.set()
        await emptied(queue)


async def test_places_are_lent_within_bounds(queue: Line) -> None:
    go = asyncio.Event()

    async def hold(number: int) -> None:
        with bench.leases[number].lent():
            await go.wait()

    bench = Bench(queue, hold, lease=3600, jobs=1)
    for person in range(1, 10):
        await queue.put(person, person=person)
    async with at_work(bench):
        await bench.wait(lambda: len(bench.ran) == 1 + LENT_A_SLOT)
        go.set()
        await emptied(queue)
    assert bench.most == 1 + LENT_A_SLOT


async def test_redis_may_go_and_come_back() -> None:
    with tempfile.TemporaryDirectory(prefix="bellhop-valkey-") as directory:
        server = await ValkeyServer(Path(directory)).start()
        try:
            async with line(server.url()) as queue:
                await outlive(server, queue)
        finally:
            await server.kill()


async def outlive(server: ValkeyServer, queue: Line) -> None:
    go = asyncio.Event()

    async def hold(number: int) -> None:
        if number == 1:
            await go.wait()

    bench = Bench(queue, hold, lease=0.5)
    async with at_work(bench) as working:
        await queue.put(1, 2)
        await queue.put(3, person=BEN)
        await bench.wait(lambda: {1, 3} <= set(bench.ran))
        await server.kill()
        await until(lambda: errors(bench))
        go.set()
        await server.start()
        await queue.put(4, person=BEN)
        await bench.wait(lambda: {2, 4} <= set(bench.ran))
        await emptied(queue)
        assert not working[0].done()
    assert set(bench.ran) == {1, 2, 3, 4}
    assert not bench.buried


async def errors(bench: Bench) -> bool:
    return bool(bench.figure("bellhop_queue_errors_total"))


def test_a_lane_is_named_by_bot_and_person() -> None:
    arguments: Sequence[Any] = [envelope(1).model_dump(mode="json")]
    assert CommandJob.lane_of(arguments) == lane()
