"""The bounds on whatever is asked of PostgreSQL."""

import pytest
from sqlalchemy import text

from tests.black_hole import black_hole
from tests.kit.business import BUSINESS_ID
from tests.queueing import until
from worker.db import engine as database
from worker.db.engine import Sessions, make_engine, make_sessions
from worker.db.outages import is_outage


async def test_a_transaction_in_which_nothing_happens_is_ended(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        shown = await session.scalar(text("SHOW idle_in_transaction_session_timeout"))
    assert shown == "10s"


async def test_a_server_that_fell_silent_is_an_outage_and_no_wait_for_ever(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "ANSWER_SECONDS", 0.5)
    async with black_hole(database_url) as (hole, through):
        engine = make_engine(through, pool_size=1)
        sessions = make_sessions(engine, BUSINESS_ID)
        async with sessions() as session:
            await session.execute(text("SELECT 1"))
            hole.swallow()
            with pytest.raises(TimeoutError) as raised:
                await session.execute(text("SELECT 1"))
        assert is_outage(raised.value)
        async with sessions() as session:
            assert await session.scalar(text("SELECT 2")) == 2
        await engine.dispose()


async def test_a_connection_that_the_server_closed_is_replaced_before_anybody_uses_it(
    database_url: str,
) -> None:
    engine = make_engine(database_url, pool_size=1)
    sessions, others = make_sessions(engine, BUSINESS_ID), make_engine(database_url, pool_size=1)
    async with sessions() as session:
        ended = await session.scalar(text("SELECT pg_backend_pid()"))
        driver = (await (await session.connection()).get_raw_connection()).driver_connection
    assert driver is not None
    async with make_sessions(others, BUSINESS_ID)() as session:
        await session.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": ended})

    async def closed() -> bool:
        return bool(driver.is_closed())

    await until(closed)
    async with sessions() as session:
        assert await session.scalar(text("SELECT pg_backend_pid()")) != ended
    await engine.dispose()
    await others.dispose()
