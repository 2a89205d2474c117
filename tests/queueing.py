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
from worker.runtime.jobs.store import Claim, JobStore

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


@dataclass(frozen=True)
class Line:
    """A queue, and one worker's view of it."""

    redis: ArqRedis
    doorbell: ArqRedis
    queue: ArqCommandQueue
    store: JobStore

    def another(self, lease_seconds: float) -> JobStore:
        return JobStore(self.redis, self.doorbell, keys.INTERACTIVE, lease_seconds)

    async def put(self, *update_ids: int, person: int = ANNA) -> None:
        for update_id in update_ids:
            await self.queue.put(envelope(update_id, person))

    async def waiting(self) -> set[str]:
        """Return the ids of the jobs in the queue: due, claimed or deferred."""
        return {member.decode() for member in await self.redis.zrange(keys.INTERACTIVE, 0, -1)}

    async def take(self, count: int = 10) -> list[str]:
        """Claim, and do not wait to be handed more."""
        jobs = (await self.store.claim(count)).jobs
        await self.redis.zrem(keys.INTERACTIVE + keys.WAITING, self.store._worker)
        return [each.id for each in jobs]

    async def listed(self) -> int:
        """Return how many workers wait to be handed a job."""
        return int(await self.redis.zcard(keys.INTERACTIVE + keys.WAITING))

    async def due(self) -> Claim:
        """Claim the next job as soon as it is due."""

        async def ask() -> Claim | None:
            claim = await self.store.claim(1)
            return claim if claim.jobs else None

        claim = await until(ask)
        assert claim is not None
        return claim


@asynccontextmanager
async def line(url: str, *, lease_seconds: float = 30) -> AsyncIterator[Line]:
    async with connect(url) as redis, connect(url, answer_seconds=None) as doorbell:
        queue = ArqCommandQueue(redis, SystemClock())
        yield Line(redis, doorbell, queue, JobStore(redis, doorbell, keys.INTERACTIVE, lease_seconds))
