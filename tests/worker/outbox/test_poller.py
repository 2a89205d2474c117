import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from shared.contracts.menu import ShowHome
from tests.queueing import until
from tests.worker.outbox.noted import NOWHERE, Noted
from tests.worker.outbox.sending import sending
from tests.worker.shop import Shop
from worker.db.models.delivery import Outbox, State
from worker.due.poller import CEILING_SECONDS
from worker.due.rows import CLAIM
from worker.outbox.handler import MessageType
from worker.outbox.limiter import ANYBODY
from worker.outbox.message import OUTBOX, ClaimedMessage
from worker.outbox.messenger import Messenger
from worker.outbox.permits import Waiter
from worker.outbox.priority import Limits, Priority


@pytest.fixture
def noted(shop: Shop) -> Noted:
    return Noted(shop)


async def test_two_replicas_never_send_the_same_row_while_one_is_only_slow(noted: Noted) -> None:
    await noted.promise()
    (slow, first), (_, second) = noted.replica(), noted.replica()
    polling = asyncio.create_task(first.run_once())
    await noted.prepared.wait()
    for _ in range(10):
        noted.shop.clock.advance(CLAIM * 0.7)
        await slow.claims.renew_all()
        await second.run_once()
    noted.go.set()
    await polling
    assert noted.sent == [1]
    assert await noted.states() == {State.SENT: 1}


async def test_a_row_whose_claim_ran_out_before_it_was_sent_is_left_to_its_new_owner(
    noted: Noted,
) -> None:
    turn = asyncio.Event()

    class SlowTurn(Messenger):
        @asynccontextmanager
        async def permit(
            self, chat_id: int, priority: Priority, waiter: Waiter = ANYBODY
        ) -> AsyncIterator[Messenger]:
            del chat_id, priority, waiter
            waiting.set()
            await turn.wait()
            yield self

    waiting = asyncio.Event()
    await noted.promise()
    noted.go.set()
    (_, frozen), (_, quick) = noted.replica(SlowTurn(NOWHERE)), noted.replica()
    polling = asyncio.create_task(frozen.run_once())
    await waiting.wait()
    noted.shop.clock.advance(CLAIM * 2)
    await quick.run_once()
    assert noted.sent == [1]
    turn.set()
    await polling
    assert noted.sent == [1]


async def test_a_dead_workers_rows_are_somebody_elses_within_five_seconds(noted: Noted) -> None:
    await noted.promise(3)
    noted.go.set()
    async with noted.shop.sessions.begin() as session:
        assert len(await OUTBOX.claim(session, noted.shop.clock.now(), 10)) == 3
    _, poller = noted.replica()
    await poller.run_once()
    assert noted.sent == []
    noted.shop.clock.advance(timedelta(seconds=5))
    await poller.run_once()
    assert noted.sent == [1, 2, 3]


async def test_replicas_share_what_is_due(noted: Noted) -> None:
    for chat in range(80):
        await noted.promise(1, chat)
    noted.go.set()
    pollers = [noted.replica()[1] for _ in range(4)]
    await asyncio.gather(*(poller.run_once() for poller in pollers))
    assert sorted(noted.sent) == list(range(1, 81))


async def test_rows_to_one_chat_go_in_order(noted: Noted) -> None:
    await noted.promise(30)
    noted.go.set()
    _, poller = noted.replica()
    await poller.run_once()
    assert noted.sent == list(range(1, 31))


async def test_it_claims_ahead_and_sends_each_row_in_its_moment(noted: Noted) -> None:
    await noted.promise(1, late=-0.3)
    await noted.promise(1, 2, late=-20)
    noted.go.set()
    _, poller = noted.replica()
    loop = asyncio.get_running_loop()
    begun = loop.time()
    pause = await poller.run_once()
    assert 0.29 <= loop.time() - begun < 10  # and it does not wait for the row that is due in 20 seconds
    assert noted.sent == [1]
    assert pause == CEILING_SECONDS
    noted.shop.clock.advance(timedelta(seconds=19.1))
    assert 0.2 < await poller.run_once() <= 0.4


async def test_a_stopping_poller_finishes_what_it_sends_and_gives_the_rest_back(noted: Noted) -> None:
    await noted.promise(5)
    _, poller = noted.replica()
    polling = asyncio.create_task(poller.run_for_ever())
    await noted.prepared.wait()
    poller.stop()
    await asyncio.sleep(0)
    assert not polling.done()
    noted.go.set()
    await polling
    assert noted.sent == [1]
    async with noted.shop.sessions.begin() as session:
        left = await OUTBOX.claim(session, noted.shop.clock.now(), 10)
    assert [each.id for each in left] == [2, 3, 4, 5]


async def test_never_more_rows_are_in_hand_than_fit(noted: Noted) -> None:
    for chat in range(120):
        await noted.promise(1, chat)
    _, poller = noted.replica()
    polling = asyncio.create_task(poller.run_for_ever())
    await noted.prepared.wait()
    async with noted.shop.sessions() as session:
        claimed = select(func.count()).select_from(Outbox).where(Outbox.claimer.is_not(None))
        assert 0 < (await session.scalar(claimed) or 0) <= 50
    noted.go.set()

    async def all_sent() -> bool:
        return len(noted.sent) == 120

    await until(all_sent)
    poller.stop()
    await polling


async def test_a_tap_is_answered_before_thousands_of_due_messages_are_through(
    shop: Shop, valkey_url: str
) -> None:
    news = News(shop)
    news.go.set()
    types = [MessageType("news", Priority.BROADCAST, news)]
    async with sending(shop, valkey_url, Limits(), messages=types) as replica:
        await replica.promise(2000, kind="news")
        polling = asyncio.create_task(replica.poller.run_for_ever())
        await news.prepared.wait()
        begun = asyncio.get_running_loop().time()
        for _ in range(5):
            await replica.do(ShowHome(), tap=False)
        assert asyncio.get_running_loop().time() - begun < 20
        assert (await news.states())[State.PENDING] > 1900
        assert len(await replica.chat()) == 5
        replica.poller.stop()
        await polling


class News(Noted):
    """Takes its permit to send, as a message that goes to Telegram does."""

    async def send(self, messenger: Messenger, claimed: ClaimedMessage, content: str) -> int | None:
        permit = messenger._permits.pop()
        assert permit.priority is Priority.BROADCAST
        limiter = messenger._limiter
        assert limiter is not None
        await limiter.release(permit)
        return await super().send(messenger, claimed, content)
