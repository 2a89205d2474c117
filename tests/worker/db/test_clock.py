"""PostgreSQL's clock decides, and not the machine's."""

from datetime import UTC, datetime, timedelta

import pytest
from prometheus_client import CollectorRegistry
from sqlalchemy import func, select

from shared.clock import SystemClock
from shared.queue.connection import connect
from shared.telegram.client import TelegramClient
from tests.kit.business import BUSINESS_ID
from tests.kit.wiring import make_settings
from tests.worker.shop import ANNA, Shop
from worker.db.clock import ClockUnknownError, DatabaseClock
from worker.db.engine import Sessions, make_engine, make_sessions
from worker.db.models.delivery import Outbox, State
from worker.db.outages import is_outage
from worker.replica import Connections, Replica


async def told(sessions: Sessions) -> datetime:
    async with sessions() as session:
        now: datetime = (await session.execute(select(func.clock_timestamp()))).scalar_one()
    return now


async def test_it_is_postgresqls_time_and_never_ahead_of_it(sessions: Sessions) -> None:
    clock = DatabaseClock(sessions)
    before = await told(sessions)
    await clock.ask()
    heard = clock.now()
    assert before <= heard <= await told(sessions)
    assert heard.tzinfo is UTC
    assert heard <= clock.now() <= await told(sessions)


async def test_what_is_not_known_yet_is_an_outage() -> None:
    engine = make_engine("postgresql+asyncpg://nobody@127.0.0.1:1/none")
    clock = DatabaseClock(make_sessions(engine, BUSINESS_ID))
    await clock.ask_once()
    with pytest.raises(ClockUnknownError) as raised:
        clock.now()
    assert is_outage(raised.value)
    await engine.dispose()


@pytest.mark.parametrize("hours", [-2, 2])
async def test_a_worker_whose_clock_is_wrong_sends_what_is_due_and_nothing_else(
    shop: Shop, shop_url: str, valkey_url: str, monkeypatch: pytest.MonkeyPatch, hours: int
) -> None:
    there = await told(shop.sessions)
    monkeypatch.setattr(SystemClock, "now", lambda _: there + timedelta(hours=hours))
    rows = [
        Outbox(
            business_id=BUSINESS_ID,
            kind="booking.refresh",
            chat_id=ANNA,
            dedupe_key=key,
            due_at=there + by,
        )
        for key, by in (("due", -timedelta(hours=1.5)), ("later", timedelta(hours=1.5)))
    ]
    async with shop.sessions.begin() as session:
        session.add_all(rows)
    settings = make_settings(database_url=shop_url, redis_url=valkey_url)
    redis, blocking = connect(valkey_url), connect(valkey_url, answer_seconds=None)
    telegram = TelegramClient("1:x", "http://127.0.0.1:1")
    async with Connections(settings, redis, blocking, telegram) as connections:
        replica = Replica(settings, connections, CollectorRegistry())
        await replica.clock.ask()
        await replica._poller.run_once()
    async with shop.sessions() as session:
        states = {row.dedupe_key: row.state for row in await session.scalars(select(Outbox))}
    assert states == {"due": State.VOID, "later": State.PENDING}
