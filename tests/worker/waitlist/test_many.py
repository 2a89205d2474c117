"""Many wait and several times free up at once, two replicas offer them, one dies in the middle."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Select, event, func, insert, literal, select

from shared.contracts.waitlist import DeclineOffer
from tests.kit.wiring import database_of, make_settings, wire
from tests.worker.shop import CROWD, Shop, at
from tests.worker.stage import Stage
from tests.worker.waitlist import waiting
from tests.worker.waitlist.waiting import fill, offers
from worker.db.models.waitlist import WaitlistEntry
from worker.offers import repository
from worker.offers.free import FEW
from worker.offers.repository import load_open_of
from worker.outbox import writer
from worker.outbox.messenger import Messenger
from worker.visits.freed import freeing
from worker.visits.repository import load_several
from worker.wishes import repository as wishes

WAITING, FREED, LONG_LINE = 60, 6, 480
CLOCKS = ("09:00", "10:00", "11:00", "12:00", "13:00", "14:00")


async def line_up(shop: Shop, count: int) -> list[int]:
    """Let many wish for any time of the day, one after the other."""
    people = await shop.crowd(count)
    now = shop.clock.now()
    rows = [
        {
            "business_id": shop.business_id,
            "customer_id": person,
            "service_id": shop.services["Cut"],
            "first_day": waiting.DAY,
            "last_day": waiting.DAY,
            "made_at": now,
            "ranked_at": now + timedelta(seconds=person - CROWD),
        }
        for person in people
    ]
    async with shop.sessions.begin() as session:
        await session.execute(insert(WaitlistEntry), rows)
    return people


async def free_all(shop: Shop, bookings: list[int]) -> None:
    """Take visits off their times, as cancelling does, all at once."""
    for booking in bookings:
        await shop.set_status(booking, "cancelled")
    async with shop.sessions.begin() as session:
        timers = freeing(await load_several(session, bookings), shop.clock.now())
        await writer.enqueue(session, [], shop.clock.now(), timers=timers)


def dying_once() -> Callable[..., Awaitable[Any]]:
    """Make what stands for a worker that dies once it has held a time, before it promised to offer it."""
    left = iter([True])
    alive = repository.add_offer

    async def add_offer(*args: Any, **values: Any) -> int:  # noqa: ANN401 - as the real one
        number = await alive(*args, **values)
        if next(left, False):
            raise RuntimeError("killed in the middle")
        return number

    return add_offer


async def test_every_time_is_offered_in_order_and_nobody_has_two(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = stage.shop
    bookings = await fill(stage, *CLOCKS)
    people = await line_up(shop, WAITING)
    await stage.meet(*people[: 2 * FREED])
    await free_all(shop, bookings)
    monkeypatch.setattr(repository, "add_offer", dying_once())
    async with database_of(shop.sessions) as database:
        second = wire(database, shop.clock, Messenger(stage.client), settings=make_settings())
        for _ in range(4):
            await asyncio.gather(stage.parts.timers.run_once(), second.timers.run_once())
            shop.clock.advance(timedelta(seconds=8))
        await waiting.settle(stage)
    asked = [who for who, _, _ in await offers(shop)]
    assert asked == people[:FREED]
    assert sorted(start for _, _, start in await offers(shop)) == [at(clock) for clock in CLOCKS]
    assert await shop.overlaps() == 0
    await pass_on_all(stage, asked)
    declined = {(who, start) for who, state, start in await offers(shop) if state == "declined"}
    later = {who: start for who, state, start in await offers(shop) if state == "open"}
    assert len(later) == len(await shop.live()) == FREED
    for who, start in later.items():
        before = people[: people.index(who)]
        assert all(each in later or (each, start) in declined for each in before), who


async def pass_on_all(stage: Stage, people: list[int]) -> None:
    """Let everybody say no."""
    for person in people:
        async with stage.shop.sessions() as session:
            offer = await load_open_of(session, person)
        assert offer is not None
        await stage.run(stage.envelope(DeclineOffer(offer_id=offer.id), person))
    await waiting.settle(stage)


async def test_a_long_line_is_read_only_as_far_as_it_has_to_be(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a freed time costs does not grow with who waits, and who was asked is not read again."""
    shop, read = stage.shop, counting_rows(monkeypatch)
    [booking] = await fill(stage, "10:00")
    people = await line_up(shop, 20)
    await stage.meet(*people[:3])
    await free_all(shop, [booking])
    with counted_statements(stage) as short:
        await waiting.settle(stage)
        await pass_on_all(stage, people[:1])
    rows = sum(read)
    async with shop.sessions.begin() as session:
        more = insert(WaitlistEntry).from_select(COPIED, copies_of(people[-1], LONG_LINE))
        await session.execute(more)
    with counted_statements(stage) as long:
        await pass_on_all(stage, people[1:2])
    assert [who for who, _, _ in await offers(shop)] == people[:3]
    assert len(long) < len(short), Counter(long)
    assert sum(read) - rows <= 3 * FEW


COPIED = ["business_id", "customer_id", "service_id", "first_day", "last_day", "made_at", "ranked_at"]


def copies_of(person: int, count: int) -> Select[Any]:
    """Select so many more wishes like somebody's."""
    columns = [getattr(WaitlistEntry, name) for name in COPIED]
    number = func.generate_series(1, count).table_valued("number")
    return select(*columns).join(number, literal(value=True)).where(WaitlistEntry.customer_id == person)


def counting_rows(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Note of how many wishes a round reads."""
    read: list[int] = []
    alive = wishes.load_line

    async def load_line(*args: Any, **values: Any) -> list[wishes.Wish]:  # noqa: ANN401 - as the real one
        found = await alive(*args, **values)
        read.append(len(found))
        return found

    monkeypatch.setattr(wishes, "load_line", load_line)
    return read


@contextmanager
def counted_statements(stage: Stage) -> Iterator[list[str]]:
    """Note what PostgreSQL is asked."""
    engine, sent = stage.shop.sessions.kw["bind"].sync_engine, list[str]()

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:  # noqa: ANN401 - SQLAlchemy's
        sent.append(statement.strip()[:60])

    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)
