import math
from datetime import timedelta

from prometheus_client import CollectorRegistry

from shared.clock import SystemClock
from shared.queue import keys
from shared.queue.connection import connect
from tests.kit.business import BUSINESS_ID
from tests.queueing import BEN, line
from tests.worker.shop import Shop
from worker.db.engine import make_engine, make_sessions
from worker.db.models.delivery import Outbox
from worker.db.models.flows import Timer
from worker.gauges import QueueGauges, Sampler


def figure(registry: CollectorRegistry, name: str, **labels: str) -> float:
    value = registry.get_sample_value(f"bellhop_{name}", labels)
    assert value is not None
    return value


async def test_what_waits_is_counted_with_its_age(shop: Shop, valkey_url: str) -> None:
    registry, clock = CollectorRegistry(), SystemClock()
    async with line(valkey_url) as queue:
        await queue.put(1, 2)
        await queue.put(3, person=BEN)
        await queue.take(1)
        async with shop.sessions.begin() as session:
            for minutes in (-10, -5, 30):
                due = clock.now() + timedelta(minutes=minutes)
                about = {"business_id": BUSINESS_ID, "kind": "x", "chat_id": 1}
                session.add(Outbox(**about, dedupe_key=f"{minutes}", due_at=due))
            for minutes in (-3, 4):
                due = clock.now() + timedelta(minutes=minutes)
                session.add(Timer(business_id=BUSINESS_ID, kind="x", key=f"{minutes}", due_at=due))
        await Sampler(queue.redis, shop.sessions, clock, QueueGauges(registry)).sample()
    assert figure(registry, "queue_due", queue="interactive") == 1
    assert figure(registry, "queue_deferred", queue="interactive") == 1
    assert 0 <= figure(registry, "queue_oldest_due_seconds", queue="interactive") < 60
    assert figure(registry, "queue_due", queue="delivery") == 2
    assert figure(registry, "outbox_overdue") == 2
    assert 600 <= figure(registry, "outbox_oldest_overdue_seconds") < 660
    assert 180 <= figure(registry, "timers_oldest_overdue_seconds") < 240


async def test_somebody_waits_for_what_an_outage_defers(shop: Shop, valkey_url: str) -> None:
    """It is not due, so that the age of what is due says nothing of it."""
    registry = CollectorRegistry()
    async with line(valkey_url) as queue:
        await queue.put(1)
        await queue.put(2, person=BEN)
        (job, *_) = await queue.take(2)
        await queue.own.defer(job, 3600)
        await queue.age(job, 300)
        await Sampler(queue.redis, shop.sessions, SystemClock(), QueueGauges(registry)).sample()
        assert figure(registry, "queue_oldest_due_seconds", queue="interactive") < 300
        assert 299 <= figure(registry, "queue_oldest_command_seconds") < 360
    for dependency in ("postgres", "redis"):
        assert figure(registry, "dependency_up", dependency=dependency) == 1


async def test_how_long_a_command_waits_for_a_newer_worker_is_known(shop: Shop, valkey_url: str) -> None:
    registry = CollectorRegistry()
    async with line(valkey_url) as queue:
        await queue.put(1)
        (job,) = await queue.take()
        await queue.own.leave(job)
        since = await queue.redis.zscore(keys.INTERACTIVE + keys.UNKNOWN, job)
        await queue.redis.zadd(keys.INTERACTIVE + keys.UNKNOWN, {job: since - 600_000})
        await Sampler(queue.redis, shop.sessions, SystemClock(), QueueGauges(registry)).sample()
    assert 600 <= figure(registry, "jobs_unknown_kind_oldest_seconds", queue="interactive") < 660


async def test_nothing_is_zero(shop: Shop, valkey_url: str) -> None:
    registry = CollectorRegistry()
    async with connect(valkey_url) as redis:
        await Sampler(redis, shop.sessions, SystemClock(), QueueGauges(registry)).sample()
    assert figure(registry, "queue_oldest_due_seconds", queue="interactive") == 0
    assert figure(registry, "outbox_oldest_overdue_seconds") == 0
    assert figure(registry, "timers_oldest_overdue_seconds") == 0


async def test_what_cannot_be_asked_is_not_a_number() -> None:
    registry = CollectorRegistry()
    engine = make_engine("postgresql+asyncpg://nobody@127.0.0.1:1/none")
    async with connect("redis://127.0.0.1:1/0") as redis:
        sessions = make_sessions(engine, BUSINESS_ID)
        await Sampler(redis, sessions, SystemClock(), QueueGauges(registry)).sample()
    await engine.dispose()
    assert math.isnan(figure(registry, "queue_due", queue="interactive"))
    assert math.isnan(figure(registry, "outbox_overdue"))
    assert math.isnan(figure(registry, "timers_oldest_overdue_seconds"))
    assert math.isnan(figure(registry, "queue_oldest_command_seconds"))
    for dependency in ("postgres", "redis"):
        assert figure(registry, "dependency_up", dependency=dependency) == 0
