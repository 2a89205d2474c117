"""The messages of one chat come in the order in which they were promised, whatever holds one of them up."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from sqlalchemy import update

from shared.telegram.errors import TelegramError, UnavailableError
from tests.worker.outbox.noted import NOWHERE, Noted
from tests.worker.shop import Shop
from worker.db.models.delivery import Outbox, State
from worker.due.rows import CLAIM
from worker.outbox.deliverer import PATIENT_ATTEMPTS
from worker.outbox.handler import MessageContext
from worker.outbox.limiter import ANYBODY, HeldBackError
from worker.outbox.message import OUTBOX, ClaimedMessage
from worker.outbox.messenger import Messenger
from worker.outbox.permits import Waiter
from worker.outbox.priority import Priority

WAIT = timedelta(seconds=2)


class Refusing(Messenger):
    """Gives no permit to send as often as it has been told how that goes wrong."""

    def __init__(self, *errors: TelegramError) -> None:
        super().__init__(NOWHERE)
        self._errors = list(errors)

    @asynccontextmanager
    async def permit(
        self, chat_id: int, priority: Priority, waiter: Waiter = ANYBODY
    ) -> AsyncIterator[Messenger]:
        del chat_id, priority, waiter
        if self._errors:
            raise self._errors.pop()
        yield self


@pytest.fixture
def noted(shop: Shop) -> Noted:
    noted = Noted(shop)
    noted.go.set()
    return noted


async def claimed(noted: Noted) -> list[ClaimedMessage]:
    async with noted.shop.sessions.begin() as session:
        return await OUTBOX.claim(session, noted.shop.clock.now(), 10)


async def test_what_a_killed_worker_had_in_hand_comes_in_its_order(noted: Noted) -> None:
    await noted.promise(6)
    assert len(await claimed(noted)) == 6  # by a worker that is killed now
    noted.shop.clock.advance(CLAIM)
    pollers = [noted.replica()[1] for _ in range(4)]
    while len(noted.sent) < 6:
        await asyncio.gather(*(poller.run_once() for poller in pollers))
    assert noted.sent == [1, 2, 3, 4, 5, 6]


async def test_what_another_replica_has_in_hand_is_waited_for(noted: Noted) -> None:
    await noted.promise(1)
    (first,) = await claimed(noted)
    await noted.promise(1)
    _, poller = noted.replica()
    await poller.run_once()
    assert noted.sent == []
    deliverer, _ = noted.replica()
    await deliverer.deliver_all([first])
    await poller.run_once()
    assert noted.sent == [1, 2]


@pytest.mark.parametrize("error", [HeldBackError(WAIT.total_seconds()), UnavailableError("away")])
async def test_behind_one_that_has_to_wait_the_others_of_its_chat_wait(
    noted: Noted, error: TelegramError
) -> None:
    await noted.promise(3)
    await noted.promise(1, chat_id=2)
    deliverer, poller = noted.replica(Refusing(error))
    await deliverer.deliver_all([row for row in await claimed(noted) if row.message.chat_id == 1])
    assert noted.sent == []
    noted.shop.clock.advance(WAIT)
    while len(noted.sent) < 4:
        await poller.run_once()
        noted.shop.clock.advance(CLAIM)
    assert [number for number in noted.sent if number < 4] == [1, 2, 3]


async def test_a_poller_puts_off_a_whole_chat_just_until_its_turn(noted: Noted) -> None:
    await noted.promise(3)
    _, poller = noted.replica(Refusing(HeldBackError(WAIT.total_seconds())))
    await poller.run_once()
    assert noted.sent == []
    noted.shop.clock.advance(WAIT - timedelta(seconds=1))
    await poller.run_once()
    assert noted.sent == []
    noted.shop.clock.advance(timedelta(seconds=1))
    await poller.run_once()
    assert noted.sent == [1, 2, 3]


async def test_one_that_was_tried_often_holds_nobody_up(noted: Noted) -> None:
    await noted.promise(2)
    async with noted.shop.sessions.begin() as session:
        await session.execute(update(Outbox).where(Outbox.id == 1).values(attempts=PATIENT_ATTEMPTS))
    _, poller = noted.replica(Refusing(UnavailableError("no such day")))
    await poller.run_once()
    assert noted.sent == [2]


async def test_what_an_outage_stops_is_not_overtaken(noted: Noted, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(*_: object) -> State:
        raise ConnectionResetError

    await noted.promise(3)
    _, poller = noted.replica()
    with monkeypatch.context() as patch:
        patch.setattr(Noted, "prepare", away)
        await poller.run_once()
    assert noted.sent == []
    noted.shop.clock.advance(CLAIM)
    await poller.run_once()
    assert noted.sent == [1, 2, 3]


async def test_what_fails_by_its_own_fault_holds_nobody_up(noted: Noted) -> None:
    class Broken(Noted):
        async def prepare(self, context: MessageContext, claimed: ClaimedMessage) -> str | State:
            if claimed.id == 1:
                raise ZeroDivisionError
            return await super().prepare(context, claimed)

    broken = Broken(noted.shop)
    broken.go.set()
    await broken.promise(3)
    _, poller = broken.replica()
    await poller.run_once()
    assert broken.sent == [2, 3]
