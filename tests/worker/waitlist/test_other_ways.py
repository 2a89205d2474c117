"""Who was offered a time gets it, or what they wished for, by another way: settled the same for all."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import update
from sqlalchemy.dialects.postgresql import Range

from shared.contracts.booking import BookedFor
from shared.contracts.overriding import BookAgainstRules
from tests.worker.shop import ALICE, ANNA, BEN, at, placed
from tests.worker.stage import Stage
from tests.worker.waitlist.waiting import answer, fill, free, join, live, offers, open_for, settle
from worker.db.models.booking import Status
from worker.db.models.catalogue import ScheduleException
from worker.exchanging.exchange import exchange
from worker.placement.allocation import NewVisit
from worker.placement.series import Repeated, look_ahead, place_series
from worker.visits.repository import load

TEN, NOON = at("10:00"), at("12:00")
type Way = Callable[[Stage, datetime], Awaitable[None]]


async def by_staff(stage: Stage, start: datetime) -> None:
    await stage.meet(ALICE)
    wish = stage.shop.wish("Cut", "Alice", "10:00")
    against = BookAgainstRules(
        service_id=wish.service_id,
        specialist_id=wish.specialist_id or 0,
        start=start,
        customer=BookedFor(person_id=ANNA),
        rules=63,
    )
    assert "Booked" in str((await stage.tap(against, ALICE)).toast)


async def by_a_late_payment(stage: Stage, start: datetime) -> None:
    """Place it whatever the limits, as what was paid for is."""
    await stage.shop.book(replace(stage.shop.wish("Cut", "Alice", "10:00"), start=start))


async def by_a_series(stage: Stage, start: datetime) -> None:
    shop, now = stage.shop, stage.shop.clock.now()
    day = start.date()
    asked = Repeated(shop.services["Cut"], shop.specialists["Alice"], None, day, day)
    async with shop.sessions.begin() as session:
        outlook = await look_ahead(session, asked, ANNA, now, lock=True)
        assert outlook is not None
        assert await place_series(session, outlook, asked, NewVisit(ANNA, "EUR"), [start], now)


async def by_moving(stage: Stage, start: datetime) -> None:
    shop = stage.shop
    visit = await shop.book(shop.wish("Cut", "Bob", "16:00", 9))
    placed(await shop.place(replace(shop.wish("Cut", "Alice", "10:00"), start=start), moving=visit))


@pytest.mark.parametrize("way", [by_staff, by_a_late_payment, by_a_series, by_moving])
async def test_who_gets_what_they_were_offered_has_taken_it(stage: Stage, way: Way) -> None:
    [booked] = await fill(stage, "10:00")
    await join(stage, ANNA, BEN)
    await free(stage, booked)
    assert await offers(stage.shop) == [(ANNA, "open", TEN)]
    await way(stage, TEN)
    await settle(stage)
    assert await offers(stage.shop) == [(ANNA, "taken", TEN)]
    assert (ANNA, Status.CONFIRMED, TEN) in await live(stage.shop)


async def test_who_gets_what_they_wished_for_passes_the_offer_on(stage: Stage) -> None:
    [booked] = await fill(stage, "10:00")
    await join(stage, ANNA, BEN)
    await free(stage, booked)
    async with stage.shop.sessions.begin() as session:
        await session.execute(update(ScheduleException).values(minutes=[Range(600, 765)]))
    await by_a_late_payment(stage, NOON)
    await settle(stage)
    assert await offers(stage.shop) == [(ANNA, "lapsed", TEN), (BEN, "open", TEN)]
    assert (await answer(stage, BEN)).toast == "Booked!"


async def test_who_is_elsewhere_then_by_a_swap_passes_the_offer_on(stage: Stage) -> None:
    shop = stage.shop
    [booked] = await fill(stage, "10:00")
    await open_for(shop, "10:15", "16:00", specialist="Bob")
    mine = await shop.book(shop.wish("Cut", "Bob", "16:00"))
    bens = await shop.book(shop.wish("Cut", "Bob", "10:15"), BEN)
    await join(stage, ANNA)
    await free(stage, booked)
    assert await offers(shop) == [(ANNA, "open", TEN)]
    async with shop.sessions.begin() as session:
        both = (await load(session, mine), await load(session, bens))
        assert both[0] is not None
        assert both[1] is not None
        assert await exchange(session, (both[0], both[1]), shop.clock.now())
    await settle(stage)
    assert await offers(shop) == [(ANNA, "lapsed", TEN)]
