"""The chaos run's mutants: each takes its guard out of the program as it is, shown on a call or two."""

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

import pytest
from prometheus_client import CollectorRegistry
from sqlalchemy import text

from shared.clock import SystemClock
from shared.contracts.cancelling import Cancel
from shared.contracts.menu import ShowHome
from shared.queue.connection import connect
from tests.chaos.mutants import DROP_CONSTRAINTS, MUTANTS
from tests.kit.business import BUSINESS_ID
from tests.queueing import until
from tests.worker.outbox.sending import make_limiter
from tests.worker.shop import ANNA, BEN, NOW, at, open_shop, placed
from tests.worker.stage import Stage
from worker.db.engine import make_engine, make_sessions
from worker.outbox.message import OUTBOX, ClaimedMessage
from worker.outbox.priority import Limits, Priority
from worker.runtime import repository
from worker.runtime.jobs.store import JobStore

DUE = at("10:00") - timedelta(days=1)

type Without = Callable[[str], None]


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> Without:
    """Take a guard out until the test is over."""
    return lambda guard: MUTANTS[guard].remove(monkeypatch.setattr)


@pytest.mark.parametrize("guard", MUTANTS)
def test_what_it_replaces_is_there_and_takes_the_same(without: Without, guard: str) -> None:
    without(guard)


async def test_the_constraints(own_database_url: str, without: Without) -> None:
    without("constraint")
    engine = make_engine(own_database_url)
    shop = await open_shop(make_sessions(engine, BUSINESS_ID))
    async with engine.begin() as connection:
        await connection.execute(text(DROP_CONSTRAINTS))
    wish = shop.wish("Cut", "Alice", "10:00")
    async with shop.sessions.begin() as one, shop.sessions.begin() as other:
        placed(await shop.place_in(one, wish, ANNA))
        placed(await shop.place_in(other, wish, BEN))
    assert await shop.overlaps() == 1
    await engine.dispose()


async def test_the_fence(stage: Stage, without: Without) -> None:
    async def repeated() -> list[bool]:
        envelope = stage.envelope(ShowHome())
        async with stage.shop.sessions.begin() as session:
            return [(await repository.claim_once(session, envelope)).repeated for _ in range(2)]

    assert await repeated() == [False, True]
    without("fence")
    assert await repeated() == [False, False]


async def test_the_lease(valkey_url: str, without: Without) -> None:
    without("lease")
    async with connect(valkey_url) as redis:
        assert JobStore(redis, "queue", 3.0).lease_ms == 0


async def test_the_limiter(stage: Stage, valkey_url: str, without: Without) -> None:
    without("limiter")
    async with connect(valkey_url) as redis:
        limits = Limits(per_second=1, per_chat=0)
        limiter = make_limiter(redis, stage.shop.sessions, SystemClock(), limits, CollectorRegistry())
        for chat in range(10):
            await limiter.release(await limiter.acquire(chat, Priority.REPLY))


async def claim_side_by_side(stage: Stage, now: datetime) -> list[list[int]]:
    """Have two transactions claim what is due, the second while the first one is open."""

    async def claim() -> list[ClaimedMessage]:
        async with stage.shop.sessions.begin() as session:
            return await OUTBOX.claim(session, now, 10)

    async def waits_for_a_lock() -> bool:
        asked = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
        async with stage.shop.sessions() as session:
            return second.done() or bool(await session.scalar(asked))

    async with asyncio.TaskGroup() as tasks, stage.shop.sessions.begin() as session:
        first = await OUTBOX.claim(session, now, 10)
        second = tasks.create_task(claim())
        await until(waits_for_a_lock)
    return [ids(first), ids(second.result())]


def ids(rows: Iterable[ClaimedMessage]) -> list[int]:
    return [row.id for row in rows]


async def test_skip_locked(stage: Stage, without: Without) -> None:
    await stage.book("10:00")
    first, second = await claim_side_by_side(stage, DUE)
    assert first
    assert second == []
    without("skip-locked")
    first, second = await claim_side_by_side(stage, DUE + timedelta(minutes=1))
    assert first == second != []


async def test_the_re_check(stage: Stage, without: Without) -> None:
    booking = await stage.book("10:00")
    await stage.tap(Cancel(booking_id=booking, version=1))
    async with stage.shop.sessions.begin() as session:
        await session.execute(text("UPDATE outbox SET state = 'pending' WHERE kind = 'booking.reminder'"))
    without("re-check")
    await stage.advance(DUE - NOW)
    assert any("coming up" in text for text in stage.texts())
