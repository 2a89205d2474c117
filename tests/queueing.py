"""Short ways to put commands into a queue and to look at it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from arq.connections import ArqRedis

from shared.clock import SystemClock
from shared.contracts.menu import ShowHome
from shared.envelope import Actor, AnyCommand, Envelope, ReplyTo
from shared.queue import keys
from shared.queue.arq_queue import ArqCommandQueue
from shared.queue.connection import connect
from worker.runtime.jobs.connection import Connection
from worker.runtime.jobs.source import Job, JobSource
from worker.runtime.jobs.store import JobStore

BOT = 1_000_000_001
ANNA, BEN = 2001, 2002
PATIENCE_SECONDS = 15.0
RECEIVED = datetime(2026, 11, 22, 9, tzinfo=UTC)


def envelope(update_id: int, person: int = ANNA, command: AnyCommand | None = None) -> Envelope:
    return Envelope(
        bot_id=BOT,
        update_id=update_id,
        received_at=RECEIVED,
        actor=Actor(id=person),
        reply_to=ReplyTo(chat_id=person),
        command=command or ShowHome(),
    )


def job(update_id: int) -> str:
    return f"u:{BOT}:{update_id}"


def lane(person: int = ANNA) -> str:
    return keys.lane(BOT, person)


async def until[T](ask: Callable[[], Awaitable[T]], seconds: float = PATIENCE_SECONDS) -> T:
    """Ask again until the answer is true; return it."""
    async with asyncio.timeout(seconds):
        while not (answer := await ask()):  # noqa: ASYNC110 - the answer is in another process
            await asyncio.sleep(0.005)
    return answer


class Claimant:
    """A worker's hands on the queue, without the worker: what it claims it holds until it gives that back."""

    def __init__(self, redis: ArqRedis, blocking: ArqRedis, lease_seconds: float) -> None:
        self.store = JobStore(redis, keys.INTERACTIVE, lease_seconds)
        self.source = JobSource(self.store, blocking)
        self.connection = Connection(blocking, keys.INTERACTIVE, self.store.worker)
        self.held: set[str] = set()

    async def claim(self, count: int = 10) -> list[Job]:
        return self._hold(await self.source.claim(count, self.held))

    async def wait(self) -> list[Job]:
        return self._hold(await self.source.wait(self.held))

    def _hold(self, jobs: list[Job]) -> list[Job]:
        self.held |= {each.id for each in jobs}
        return jobs

    async def finish(self, job_id: str, lane: str) -> bool:
        self.held.discard(job_id)
        return await self.store.finish(job_id, lane)

    async def defer(self, job_id: str, seconds: float, *, payload: bytes | None = None) -> bool:
        self.held.discard(job_id)
        return await self.store.defer(job_id, seconds, payload=payload)

    async def leave(self, job_id: str) -> bool:
        self.held.discard(job_id)
        return await self.store.leave(job_id)

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[None]:
        """Be connected as a living process is for the length of the block."""
        task = asyncio.ensure_future(self.connection.keep_for_ever())
        try:
            await until(self._is_connected)
            yield
        finally:
            task.cancel()
            await asyncio.wait({task})
            await until(self._is_gone)

    async def _is_connected(self) -> bool:
        channel = keys.INTERACTIVE + keys.CONNECTION + self.store.worker
        [(_, count)] = await self.store.redis.pubsub_numsub(channel)
        return bool(count)

    async def _is_gone(self) -> bool:
        return not await self._is_connected()


@dataclass(frozen=True)
class Line:
    """A queue, and one worker's hands on it."""

    redis: ArqRedis
    blocking: ArqRedis
    queue: ArqCommandQueue
    own: Claimant

    @property
    def store(self) -> JobStore:
        return self.own.store

    @property
    def database(self) -> str:
        return str(self.redis.connection_pool.connection_kwargs["db"])

    def another(self, lease_seconds: float) -> Claimant:
        return Claimant(self.redis, self.blocking, lease_seconds)

    async def put(self, *update_ids: int, person: int = ANNA) -> None:
        for update_id in update_ids:
            await self.queue.put(envelope(update_id, person))

    async def age(self, job_id: str, seconds: float) -> None:
        """Let a job have had its turn for so long already."""
        await self.redis.hincrby(keys.INTERACTIVE + keys.DUE, job_id, -int(seconds * 1000))  # type: ignore[misc]

    async def waiting(self) -> set[str]:
        """Return the ids of the jobs in the queue: ready, claimed or delayed."""
        return {job_id.decode() for job_id in await self.redis.hkeys(keys.INTERACTIVE + keys.DUE)}  # type: ignore[misc]

    async def take(self, count: int = 10) -> list[str]:
        return [each.id for each in await self.own.claim(count)]

    async def finish(self, update_id: int, person: int = ANNA) -> bool:
        return await self.own.finish(job(update_id), lane(person))

    async def blocked(self) -> int:
        """Return how many workers wait for a job."""
        clients = await self.redis.client_list()
        return sum(each["cmd"] == "blmove" and each["db"] == self.database for each in clients)

    async def due(self) -> list[str]:
        """Claim the next job as soon as it is due."""

        async def ask() -> list[str]:
            await self.store.heartbeat()
            return await self.take(1)

        return await until(ask)


@asynccontextmanager
async def line(url: str, *, lease_seconds: float = 30) -> AsyncIterator[Line]:
    async with connect(url) as redis, connect(url, answer_seconds=None) as blocking:
        queue = ArqCommandQueue(redis, SystemClock())
        yield Line(redis, blocking, queue, Claimant(redis, blocking, lease_seconds))
