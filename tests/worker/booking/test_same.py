"""One customer has one visit of a service at a start: by booking, by moving, and by both at once."""

import asyncio

import pytest

from shared.contracts.booking import Move, Moving
from tests.worker.booking.outcomes import blocked
from tests.worker.shop import ANNA, BEN, Shop, at
from tests.worker.stage import Stage
from worker.placement.placement import Booked
from worker.placement.rules import Bar, Barred


@pytest.mark.parametrize(("service", "who"), [("Yoga", "Alice"), ("Cut", "Bob"), ("Cut", None)])
async def test_a_second_one_is_barred_on_every_way(shop: Shop, service: str, who: str | None) -> None:
    first = await shop.book(shop.wish(service, "Alice", "10:00"))
    other = await shop.book(shop.wish(service, "Alice", "12:00"))
    wish = shop.wish(service, who, "10:00")
    for outcome in (await shop.place(wish), await shop.place(wish, moving=other)):
        assert isinstance(outcome, Barred), outcome
        assert (outcome.bar, [visit.id for visit in outcome.visits]) == (Bar.SAME, [first])
    assert len(await shop.live()) == 2
    assert isinstance(await shop.place(wish, BEN), Booked)


@pytest.mark.parametrize("booking", [True, False])
async def test_of_two_at_once_one_is_barred(shop: Shop, *, booking: bool) -> None:
    one = await shop.book(shop.wish("Yoga", "Alice", "10:00"))
    two = None if booking else await shop.book(shop.wish("Yoga", "Alice", "12:00"))
    wish = shop.wish("Yoga", "Alice", "14:00")
    async with asyncio.timeout(20), asyncio.TaskGroup() as group, shop.sessions() as faster:
        assert isinstance(await shop.place_in(faster, wish, moving=one), Booked)
        slow = group.create_task(shop.place(wish, moving=two))
        await blocked(shop)
        await faster.commit()
    assert isinstance(slow.result(), Barred)
    starts = [each.during.lower for each in await shop.live()]
    assert starts == ([at("14:00")] if booking else [at("12:00"), at("14:00")])


@pytest.mark.parametrize("commits", [True, False])
async def test_whoever_comes_second_is_judged_by_what_became_of_the_first(
    shop: Shop, *, commits: bool
) -> None:
    wish = shop.wish("Cut", "Alice", "10:00")
    async with asyncio.timeout(20), asyncio.TaskGroup() as group, shop.sessions() as faster:
        assert isinstance(await shop.place_in(faster, wish), Booked)
        slow = group.create_task(shop.place(shop.wish("Cut", "Bob", "10:00")))
        await blocked(shop)
        await (faster.commit() if commits else faster.rollback())
    assert isinstance(slow.result(), Barred if commits else Booked)
    assert len(await shop.live()) == 1


async def test_in_the_chat_a_move_onto_ones_own_visit_says_so_and_shows_it(stage: Stage) -> None:
    await stage.book("10:00", service="Yoga")
    other = await stage.book("12:00", service="Yoga")
    alice = stage.shop.specialists["Alice"]
    there = Move(moving=Moving(booking_id=other, version=1), specialist_id=alice, start=at("10:00"))
    answer = await stage.tap(there)
    assert answer.alert
    assert answer.toast == "You have this visit at that time already."
    assert "10:00–11:00" in answer.text
    assert len({(each.customer_id, each.during.lower) for each in await stage.shop.live()}) == 2
    assert await stage.events() == ["booked", "booked"]


async def test_in_the_chat_another_specialist_at_that_time_is_named(stage: Stage) -> None:
    await stage.book("10:00", specialist="Bob")
    answer = await stage.tap(stage.booking("10:00", specialist="Alice"), ANNA)
    assert (answer.alert, "with Bob" in str(answer.toast)) == (True, True)
