import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from sqlalchemy import Select, make_url, text
from sqlalchemy.ext.asyncio import AsyncSession

from shared.contracts.menu import ShowHome
from tests.queueing import until
from tests.worker.outbox.letters import NOWHERE, Letter, Letters
from tests.worker.outbox.sending import sending
from tests.worker.shop import Shop
from worker.booking import records
from worker.db.models.delivery import State
from worker.outbox import repository as outbox
from worker.outbox.deliverer import Kind, Parcel
from worker.outbox.messenger import Messenger
from worker.outbox.priority import Limits, Priority
from worker.outbox.repository import Promise
from worker.outbox.sweep import CEILING_SECONDS, priority_of


@pytest.fixture
def letters(shop: Shop) -> Letters:
    return Letters(shop)


async def plan(session: AsyncSession, statement: Select[int, object] | Select[object]) -> str:
    dialect = make_url("postgresql+asyncpg://").get_dialect()()
    written = statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
    return "\n".join(await session.scalars(text(f"EXPLAIN {written}")))


async def test_claiming_costs_what_is_due_and_not_what_is_pending(shop: Shop) -> None:
    fill = text("""
        INSERT INTO outbox (kind, chat_id, dedupe_key, due_at)
        SELECT 'later', n, 'later:' || n, CAST(:now AS timestamptz) + interval '1 h' + n * interval '1 s'
        FROM generate_series(1, 10000) AS n
    """)
    async with shop.sessions.begin() as session:
        await session.execute(fill, {"now": shop.clock.now()})
        await session.execute(text("ANALYZE outbox"))
        claim = await plan(session, outbox.due_until(shop.clock.now(), 50))
        following = await plan(session, outbox.first_due())
    assert "ix_outbox_due" in claim
    assert "Seq Scan" not in claim
    assert "Sort" not in claim
    assert "ix_outbox_due" in following
    assert "Seq Scan" not in following


async def test_two_replicas_never_send_the_same_row_while_one_is_only_slow(letters: Letters) -> None:
    await letters.promise()
    (slow, first), (_, second) = letters.replica(), letters.replica()
    sweeping = asyncio.create_task(first.run_once())
    await letters.prepared.wait()
    for _ in range(10):
        letters.shop.clock.advance(outbox.CLAIM * 0.7)
        await slow.claims.renew_all()
        await second.run_once()
    letters.go.set()
    await sweeping
    assert letters.sent == [1]
    assert await letters.states() == {State.SENT: 1}


async def test_a_row_whose_claim_ran_out_before_it_was_sent_is_left_to_its_new_owner(
    letters: Letters,
) -> None:
    turn = asyncio.Event()

    class SlowTurn(Messenger):
        @asynccontextmanager
        async def permit(self, chat_id: int, priority: Priority) -> AsyncIterator[Messenger]:
            del chat_id, priority
            waiting.set()
            await turn.wait()
            yield self

    waiting = asyncio.Event()
    await letters.promise()
    letters.go.set()
    (_, frozen), (_, quick) = letters.replica(SlowTurn(NOWHERE)), letters.replica()
    sweeping = asyncio.create_task(frozen.run_once())
    await waiting.wait()
    letters.shop.clock.advance(outbox.CLAIM * 2)
    await quick.run_once()
    assert letters.sent == [1]
    turn.set()
    await sweeping
    assert letters.sent == [1]


async def test_a_dead_workers_rows_are_somebody_elses_within_five_seconds(letters: Letters) -> None:
    await letters.promise(3)
    letters.go.set()
    async with letters.shop.sessions.begin() as session:
        assert len(await outbox.claim_due(session, letters.shop.clock.now(), 10)) == 3
    _, sweep = letters.replica()
    await sweep.run_once()
    assert letters.sent == []
    letters.shop.clock.advance(timedelta(seconds=5))
    await sweep.run_once()
    assert letters.sent == [1, 2, 3]


async def test_replicas_share_what_is_due(letters: Letters) -> None:
    for chat in range(80):
        await letters.promise(1, chat)
    letters.go.set()
    sweeps = [letters.replica()[1] for _ in range(4)]
    await asyncio.gather(*(sweep.run_once() for sweep in sweeps))
    assert sorted(letters.sent) == list(range(1, 81))


async def test_rows_to_one_chat_go_in_order(letters: Letters) -> None:
    await letters.promise(30)
    letters.go.set()
    _, sweep = letters.replica()
    await sweep.run_once()
    assert letters.sent == list(range(1, 31))


async def test_it_claims_ahead_and_sends_each_row_in_its_moment(letters: Letters) -> None:
    await letters.promise(1, late=-0.3)
    await letters.promise(1, 2, late=-20)
    letters.go.set()
    _, sweep = letters.replica()
    loop = asyncio.get_running_loop()
    begun = loop.time()
    pause = await sweep.run_once()
    assert 0.29 <= loop.time() - begun < 10  # and it does not wait for the row that is due in 20 seconds
    assert letters.sent == [1]
    assert pause == CEILING_SECONDS
    letters.shop.clock.advance(timedelta(seconds=19.1))
    assert 0.2 < await sweep.run_once() <= 0.4


async def test_a_stopping_sweep_finishes_what_it_sends_and_gives_the_rest_back(letters: Letters) -> None:
    await letters.promise(5)
    _, sweep = letters.replica()
    sweeping = asyncio.create_task(sweep.run_for_ever())
    await letters.prepared.wait()
    sweep.stop()
    await asyncio.sleep(0)
    assert not sweeping.done()
    letters.go.set()
    await sweeping
    assert letters.sent == [1]
    async with letters.shop.sessions.begin() as session:
        left = await outbox.claim_due(session, letters.shop.clock.now(), 10)
    assert [each.row.id for each in left] == [2, 3, 4, 5]


async def test_a_hand_is_never_fuller_than_it_can_hold(letters: Letters) -> None:
    for chat in range(120):
        await letters.promise(1, chat)
    _, sweep = letters.replica()
    sweeping = asyncio.create_task(sweep.run_for_ever())
    await letters.prepared.wait()
    assert sweep._in_hand <= 50
    letters.go.set()

    async def all_sent() -> bool:
        return len(letters.sent) == 120

    await until(all_sent)
    sweep.stop()
    await sweeping


async def test_a_tap_is_answered_before_thousands_of_due_messages_are_through(
    shop: Shop, valkey_url: str
) -> None:
    async with sending(shop, valkey_url, Limits()) as replica:
        letters = Letters(shop)
        letters.go.set()
        replica.deliverer._kinds = {"broadcast.news": broadcast(letters)}
        await replica.promise(2000, kind="broadcast.news")
        sweeping = asyncio.create_task(replica.sweep.run_for_ever())
        await letters.prepared.wait()
        begun = asyncio.get_running_loop().time()
        for _ in range(5):
            await replica.do(ShowHome(), tap=False)
        assert asyncio.get_running_loop().time() - begun < 20
        assert (await letters.states())[State.PENDING] > 1900
        assert len(await replica.chat()) == 5
        replica.sweep.stop()
        await sweeping


def broadcast(letters: Letters) -> Kind:
    """A kind whose messages go to the person at the emulator who knows the bot."""

    class News(Letter):
        async def send(self, messenger: Messenger) -> int | None:
            permit = messenger._permits.pop()
            assert permit.priority is Priority.BROADCAST
            limiter = messenger._limiter
            assert limiter is not None
            await limiter.release(permit)
            return await super().send(messenger)

    async def kind(_: AsyncSession, row: Promise) -> Parcel:
        return News(letters, row.id)

    return kind


def test_priorities_of_kinds() -> None:
    assert priority_of("broadcast.news") is Priority.BROADCAST
    assert priority_of(records.REMINDER) is Priority.REMINDER
