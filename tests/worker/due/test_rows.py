"""Due rows, whatever their table: here the outbox's, as columns."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Select, make_url, text

from tests.kit.business import BUSINESS_ID
from tests.queueing import until
from tests.worker.shop import Shop
from worker.db.engine import make_engine, make_sessions
from worker.db.models.delivery import Outbox, State
from worker.due.rows import ABANDONED, CLAIM, ClaimedRow, DueRows

SECOND = timedelta(seconds=1)


@dataclass(slots=True)
class Row(ClaimedRow):
    chat_id: int


DUE = DueRows(
    Outbox,
    Row,
    [Outbox.chat_id],
    pending=lambda table: table.state == State.PENDING,
    in_order_of="chat_id",
)


@dataclass
class Table:
    """A table with due rows, and who claims them."""

    shop: Shop
    written: int = 0

    async def write(self, *chats: int, late: timedelta = SECOND) -> None:
        """Write a row for each of these chats, which has been due for a while."""
        async with self.shop.sessions.begin() as session:
            for chat in chats:
                self.written += 1
                due = self.shop.clock.now() - late
                about = {"business_id": BUSINESS_ID, "kind": "x", "chat_id": chat}
                session.add(Outbox(**about, dedupe_key=f"x:{self.written}", due_at=due))
                await session.flush()

    async def claim(self, limit: int = 10, ahead: timedelta = timedelta()) -> list[Row]:
        async with self.shop.sessions.begin() as session:
            return await DUE.claim(session, self.shop.clock.now(), limit, ahead)

    async def postpone(self, *rows: Row, by: timedelta = timedelta()) -> None:
        async with self.shop.sessions.begin() as session:
            await DUE.postpone(session, rows, self.shop.clock.now() + by)

    async def done(self, *rows: Row) -> None:
        async with self.shop.sessions.begin() as session:
            await DUE.change(session, rows, state=State.SENT)

    async def following(self) -> datetime | None:
        async with self.shop.sessions.begin() as session:
            return await DUE.next_due(session, self.shop.clock.now())

    async def renew(self, *rows: Row) -> set[int]:
        async with self.shop.sessions.begin() as session:
            return await DUE.renew(session, rows, self.shop.clock.now())


@pytest.fixture
def table(shop: Shop) -> Table:
    return Table(shop)


def ids(rows: list[Row]) -> list[int]:
    return [row.id for row in rows]


async def test_what_is_due_is_claimed_once_until_the_claim_is_over(table: Table) -> None:
    await table.write(1, 2)
    await table.write(3, late=-SECOND)
    first = await table.claim()
    assert ids(first) == [1, 2]
    assert {row.until for row in first} == {table.shop.clock.now() + CLAIM}
    assert await table.claim() == []
    table.shop.clock.advance(CLAIM)
    again = await table.claim()
    assert [(row.id, row.attempts) for row in again] == [(1, 2), (2, 2), (3, 1)]


async def test_what_will_be_due_is_claimed_ahead(table: Table) -> None:
    await table.write(1, late=-SECOND)
    assert await table.claim(ahead=SECOND / 2) == []
    assert ids(await table.claim(ahead=SECOND)) == [1]


async def test_who_comes_late_changes_nothing(table: Table) -> None:
    await table.write(1)
    (late,) = await table.claim()
    table.shop.clock.advance(CLAIM)
    (owner,) = await table.claim()
    assert await table.renew(late) == set()
    await table.postpone(late)
    await table.done(late)
    async with table.shop.sessions.begin() as session:
        assert not await DUE.delete(session, late)
    assert await table.claim() == []
    assert await table.renew(owner) == {owner.id}
    async with table.shop.sessions.begin() as session:
        assert await DUE.delete(session, owner)


async def test_what_is_renewed_stays_its_claimers(table: Table) -> None:
    await table.write(1)
    (row,) = await table.claim()
    for _ in range(3):
        table.shop.clock.advance(CLAIM * 0.9)
        assert await table.renew(row) == {1}
        assert row.until == table.shop.clock.now() + CLAIM
        assert await table.claim() == []


async def test_nothing_is_claimed_past_an_earlier_row_of_its_order(table: Table) -> None:
    await table.write(1, 2, 1)
    (first,) = await table.claim(1)
    assert ids(await table.claim()) == [2]
    await table.done(first)
    assert ids(await table.claim()) == [3]


async def test_what_was_put_off_for_a_moment_is_waited_for_and_for_long_is_not(table: Table) -> None:
    await table.write(1, 2)
    rows = await table.claim()
    await table.postpone(rows[0], by=SECOND)
    await table.postpone(rows[1], by=CLAIM * 3)
    await table.write(1, 2)
    assert ids(await table.claim()) == [4]
    table.shop.clock.advance(SECOND)
    assert ids(await table.claim()) == [1, 3]


async def test_a_row_for_later_holds_nobody_up(table: Table) -> None:
    await table.write(1, late=-SECOND)
    await table.write(1)
    assert ids(await table.claim()) == [2]


async def test_rows_that_wait_for_others_take_no_room(table: Table) -> None:
    await table.write(1)
    await table.claim()
    await table.write(*[1] * 10, late=SECOND * 60)
    await table.write(2)
    assert ids(await table.claim(5)) == [12]


async def test_two_that_claim_at_once_do_not_tear_an_order_apart(table: Table) -> None:
    await table.write(1, 1, 2)
    async with table.shop.sessions() as slow:
        await slow.execute(text("SELECT FROM outbox WHERE id = 1 FOR UPDATE"))
        assert ids(await table.claim()) == [3]
    assert ids(await table.claim()) == [1, 2]


async def test_many_that_claim_at_once_take_every_row_once_and_each_order_in_its_order(table: Table) -> None:
    await table.write(*[1, 2, 3, 4] * 10)
    taken: dict[int, list[int]] = {}

    async def work() -> None:
        while len([row for rows in taken.values() for row in rows]) < 40:
            for row in await table.claim(3):
                taken.setdefault(row.chat_id, []).append(row.id)
                await table.done(row)

    await asyncio.gather(*(work() for _ in range(4)))
    for rows in taken.values():
        assert rows == sorted(set(rows))


@asynccontextmanager
async def another_process(shop_url: str, shop: Shop) -> AsyncIterator[Table]:
    """A process of its own name, which is killed at the end of the block: its connections close."""
    engine = make_engine(shop_url, name="bellhop of a test")
    try:
        yield Table(replace(shop, sessions=make_sessions(engine, BUSINESS_ID)))
    finally:
        await engine.dispose()


async def test_what_a_dead_process_had_claimed_is_free_before_the_claim_is_over(
    table: Table, shop_url: str
) -> None:
    await table.write(1, 1)
    async with another_process(shop_url, table.shop) as other:
        assert ids(await other.claim()) == [1, 2]
        table.shop.clock.advance(ABANDONED)
        assert await table.following() == table.shop.clock.now() + CLAIM - ABANDONED
        assert await table.claim() == []

    async def freed() -> bool:
        return await table.following() == table.shop.clock.now()

    await until(freed)  # PostgreSQL takes a moment to note that a connection is gone
    assert [(row.id, row.attempts) for row in await table.claim()] == [(1, 2), (2, 2)]


async def test_a_claim_that_was_renewed_just_now_is_nobody_elses(table: Table, shop_url: str) -> None:
    await table.write(1)
    async with another_process(shop_url, table.shop) as other:
        (row,) = await other.claim()
        table.shop.clock.advance(ABANDONED)
        await other.renew(row)
    table.shop.clock.advance(ABANDONED * 0.9)
    assert await table.following() == row.until
    assert await table.claim() == []


async def test_what_was_put_off_is_nobodys(table: Table, shop_url: str) -> None:
    await table.write(1)
    async with another_process(shop_url, table.shop) as other:
        await other.postpone(*await other.claim(), by=SECOND)
    assert await table.following() == table.shop.clock.now() + SECOND
    assert await table.claim() == []


async def test_claiming_reads_what_is_due_and_neither_what_is_pending_nor_what_is_done(shop: Shop) -> None:
    fill = text("""
        INSERT INTO outbox (business_id, kind, chat_id, dedupe_key, due_at, state, attempts)
        SELECT 1, 'later', n % 500, 'later:' || n, CAST(:now AS timestamptz) + n * interval '1 s',
            CASE WHEN n % 2 = 0 THEN 'pending' ELSE 'sent' END, n % 2
        FROM generate_series(-200, 20000) AS n
    """)
    now = shop.clock.now()
    async with shop.sessions.begin() as session:
        await session.execute(fill, {"now": now})
        await session.execute(text("ANALYZE outbox"))

        async def plan(statement: Select[*tuple[Any, ...]]) -> str:
            dialect = make_url("postgresql+asyncpg://").get_dialect()()
            written = statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
            return "\n".join(await session.scalars(text(f"EXPLAIN {written}")))

        values = {"business": BUSINESS_ID, "moment": now, "until": now + CLAIM, "most": 50}
        claim, following = await plan(DUE.due.params(**values)), await plan(DUE.first_due.params(**values))
    assert "ix_outbox_due" in claim
    assert "Seq Scan" not in claim
    assert "Sort" not in claim
    assert "ix_outbox_due" in following
    assert "Seq Scan on outbox" not in following
    assert "Limit" in following  # it reads the first row, and not all to find the least
