"""A command on tables of another release waits in the queue, and is nobody's fault."""

import pytest
from sqlalchemy import text

from shared.contracts.booking import ShowServices
from tests.worker.stage import Stage
from worker.db.errors import SchemaMismatchError
from worker.db.outages import is_outage
from worker.db.schema import revisions


async def test_a_command_waits_for_its_tables(stage: Stage) -> None:
    sessions, envelope = stage.shop.sessions, stage.envelope(ShowServices())
    async with sessions.begin() as session:
        await session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
        await session.execute(text("ALTER TABLE service RENAME TO service_of_yesterday"))
    try:
        with pytest.raises(SchemaMismatchError) as failed:
            await stage.run(envelope)
        assert is_outage(failed.value)
    finally:
        await mend(stage)
    await stage.run(envelope)
    assert "What would you like to book?" in stage.texts()[-1]


async def mend(stage: Stage) -> None:
    async with stage.shop.sessions.begin() as session:
        await session.execute(text("ALTER TABLE service_of_yesterday RENAME TO service"))
        await session.execute(
            text("UPDATE alembic_version SET version_num = :head"), {"head": revisions().head}
        )
