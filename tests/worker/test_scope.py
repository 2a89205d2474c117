"""Every row is a business's, and every statement of the worker says which one's."""

import pytest
from sqlalchemy import text

from tests.kit.scoping import SCOPED, Watch, unscoped
from tests.worker.shop import Shop
from worker.db.models.base import Base
from worker.db.models.delivery import DeadCommand
from worker.dead import repository as dead_letters
from worker.visits import repository as visits

OF_BOTS = {
    "processed_update": "a bot's updates, under its id; a business's bots are its own",
    "send_pause": "what Telegram asked of a bot, under its id",
}
"""The tables that carry no business, and why."""

JOINED = "SELECT 1 FROM booking AS b JOIN person AS p ON"
AWAITED = "SELECT 1 FROM person AS p WHERE EXISTS (SELECT FROM outbox AS o WHERE"


def test_every_table_carries_its_business() -> None:
    assert set(Base.metadata.tables) - set(SCOPED) == set(OF_BOTS)
    for name in SCOPED:
        assert next(iter(Base.metadata.tables[name].primary_key)).name == SCOPED[name], name


def test_no_row_can_name_one_of_another_business() -> None:
    for table in Base.metadata.tables.values():
        for key in table.foreign_key_constraints:
            assert "business_id" in key.columns, key


@pytest.mark.parametrize(
    ("sql", "tables"),
    [
        ("SELECT id FROM booking WHERE id = $1", {"booking"}),
        ("SELECT business_id FROM booking WHERE id = $1", {"booking"}),
        ("SELECT id FROM booking WHERE business_id = $1 OR id = $2", {"booking"}),
        ("SELECT id FROM booking WHERE business_id = $1::SMALLINT AND id = $2", set()),
        (f"{JOINED} p.id = b.customer_id WHERE b.business_id = $1", {"person"}),
        (f"{JOINED} p.business_id = b.business_id", {"booking", "person"}),
        (f"{JOINED} p.business_id = b.business_id WHERE b.business_id = $1", set()),
        ("SELECT 1 FROM business WHERE name = $1", {"business"}),
        ("SELECT 1 FROM business WHERE id = $1", set()),
        ("SELECT EXISTS (SELECT FROM outbox WHERE chat_id = $1)", {"outbox"}),
        (f"{AWAITED} o.chat_id = p.id) AND p.business_id = $1", {"outbox"}),
        (f"{AWAITED} o.business_id = p.business_id)", {"person"}),
        (f"{AWAITED} o.business_id = p.business_id) AND p.business_id = $1", set()),
        ("INSERT INTO timer (key) VALUES ($1)", {"timer"}),
        ("INSERT INTO timer (business_id, key) VALUES ($1, $2)", set()),
        ("INSERT INTO draft (business_id, kind) SELECT $1, kind FROM timer", {"timer"}),
        ("UPDATE person SET language = $1 WHERE id = $2", {"person"}),
        ("UPDATE person SET business_id = $1 WHERE id = $2", {"person"}),
        ("UPDATE person SET language = $1 WHERE business_id = $2 AND id = $3", set()),
        ("DELETE FROM dead_command", {"dead_command"}),
        ("WITH booking AS (DELETE FROM booking WHERE business_id = $1) SELECT 1 FROM booking", set()),
        ("WITH booking AS (DELETE FROM booking WHERE id = $1) SELECT 1 FROM booking", {"booking"}),
        ("SELECT update_id FROM processed_update WHERE bot_id = $1", set()),
    ],
)
def test_a_statement_that_forgets_a_business_is_told_from_one_that_does_not(
    sql: str, tables: set[str]
) -> None:
    assert unscoped(sql) == tables


async def test_a_repository_that_forgets_it_is_found_and_a_test_need_not_name_it(
    shop: Shop, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    forgetful = text("SELECT FROM booking WHERE id = :id")
    monkeypatch.setattr(visits, "_ONE", forgetful)
    async with shop.sessions() as session:
        await session.execute(forgetful, {"id": 1})
        assert watch.found == []
        await visits.load(session, 1)
    [found], watch.found = watch.found, []
    assert found.startswith("worker/visits/repository.py:")
    assert found.endswith(": no business of booking in SELECT FROM booking WHERE id = $1")


async def test_what_asks_through_the_orm_is_found_as_well(
    shop: Shop, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dead_letters, "scope", lambda _: DeadCommand.business_id)
    await dead_letters.find(shop.sessions, [])
    [found], watch.found = watch.found, []
    assert found.startswith("worker/dead/repository.py:")
