"""What was in hand when PostgreSQL went away is left to its claimer for a moment after it is back."""

from datetime import UTC, datetime, timedelta
from typing import cast

from sqlalchemy import Table, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from sandbox.postgres import PostgresCluster
from tests.kit.business import BUSINESS_ID
from tests.queueing import until
from tests.running import make_data_directory
from worker.db.engine import Sessions, make_engine, make_sessions
from worker.db.models.base import Base
from worker.db.models.catalogue import Business
from worker.db.models.delivery import Outbox
from worker.due.rows import CLAIM
from worker.outbox.message import OUTBOX, ClaimedMessage

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)


async def with_a_message(connection: AsyncConnection) -> None:
    """Make the outbox with one message that is due."""
    tables = [cast("Table", each.__table__) for each in (Business, Outbox)]
    await connection.run_sync(Base.metadata.create_all, tables=tables)
    shop = {"id": BUSINESS_ID, "name": "x", "timezone": "UTC", "currency": "EUR", "language": "en"}
    await connection.execute(insert(Business).values(shop))
    about = {"kind": "x", "chat_id": 1, "payload": {}, "dedupe_key": "x", "due_at": NOW}
    await connection.execute(insert(Outbox).values(business_id=BUSINESS_ID, **about))


async def claim(sessions: Sessions, now: datetime) -> tuple[list[ClaimedMessage], timedelta]:
    """Claim what is due; return it, and for how long PostgreSQL had been up then."""
    async with sessions.begin() as session:
        claimed = await OUTBOX.claim(session, now, 10)
        up = await session.scalar(select(func.now() - func.pg_postmaster_start_time()))
    assert up is not None
    return claimed, up


async def test_a_claim_that_lapsed_while_postgresql_was_away_is_its_claimers_until_all_are_back() -> None:
    cluster = await PostgresCluster(make_data_directory(), fsync=False).start()
    url = await cluster.create_database("restarted")
    maker = create_async_engine(url)
    async with maker.begin() as connection:
        await with_a_message(connection)
    await maker.dispose()
    engine = make_engine(url, name="bellhop of a test")
    sessions = make_sessions(engine, BUSINESS_ID)
    try:
        assert [each.attempts for each in (await claim(sessions, NOW))[0]] == [1]  # what nobody had in hand
        await cluster.restart()
        await engine.dispose()
        ups: list[timedelta] = []

        async def taken() -> list[ClaimedMessage]:
            claimed, up = await claim(sessions, NOW + CLAIM)
            ups.append(up)
            return claimed

        assert [each.attempts for each in await until(taken)] == [2]
        assert all(up <= CLAIM for up in ups[:-1])
        assert ups[0] < CLAIM < ups[-1]
    finally:
        await engine.dispose()
        await cluster.remove()
