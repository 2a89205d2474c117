"""Visits that share a time: as many as there are seats, and nothing else beside them."""

import asyncio
from collections import Counter

import pytest
from sqlalchemy.dialects.postgresql import Range

from shared.contracts.booking import ShowDay, ShowSoonest
from tests.worker.booking.outcomes import blocked, persist, taken
from tests.worker.shop import BEN, CARLA, Shop, at
from tests.worker.stage import Stage
from worker.placement.placement import Booked, NotBooked
from worker.scheduling.rules import Reason


async def test_a_group_has_just_its_seats_under_a_rush(shop: Shop) -> None:
    wish = shop.wish("Yoga", "Alice", "10:00")
    outcomes = await asyncio.gather(*(shop.place(wish, each) for each in await shop.crowd(12)))
    assert Counter(type(outcome) for outcome in outcomes) == {Booked: 4, NotBooked: 8}
    assert all(taken(outcome) for outcome in outcomes if isinstance(outcome, NotBooked))
    assert sorted(each.seats.lower or 0 for each in await shop.live()) == [1, 2, 3, 4]


async def test_whoever_comes_beside_another_gets_the_next_seat(shop: Shop) -> None:
    wish = shop.wish("Yoga", "Alice", "10:00")
    async with asyncio.timeout(20), asyncio.TaskGroup() as group, shop.sessions() as faster:
        await shop.place_in(faster, wish)
        slow = group.create_task(shop.place(wish, BEN))
        await blocked(shop)
        await faster.commit()
    assert isinstance(slow.result(), Booked)
    assert sorted(each.seats.lower or 0 for each in await shop.live()) == [1, 2]


async def test_a_seat_given_back_is_taken_again(shop: Shop) -> None:
    wish = shop.wish("Yoga", "Alice", "10:00")
    seats = [await shop.book(wish, each) for each in await shop.crowd(4)]
    assert await shop.place(wish, BEN) == NotBooked(Reason.FULL)
    await shop.set_status(seats[1], "cancelled")
    again = await shop.booking(await shop.book(wish, BEN))
    assert again.seats == Range(2, 3)


@pytest.mark.parametrize(("service", "clock"), [("Dance", "10:00"), ("Yoga", "10:15"), ("Cut", "10:30")])
async def test_a_group_shares_its_time_with_nothing_else(shop: Shop, service: str, clock: str) -> None:
    await shop.book(shop.wish("Yoga", "Alice", "10:00"))
    assert await shop.place(shop.wish(service, "Alice", clock), BEN) == NotBooked(Reason.BOOKED)


async def test_rushes_for_groups_that_exclude_each_other_leave_one_kind(shop: Shop) -> None:
    wishes = [shop.wish("Yoga", "Alice", "10:00"), shop.wish("Dance", "Alice", "10:00")] * 4
    wishes += [shop.wish("Yoga", "Alice", "10:30")] * 4
    people = await shop.crowd(len(wishes))
    await asyncio.gather(*(persist(shop, *each) for each in zip(wishes, people, strict=True)))
    sessions = {(each.service_id, each.during.lower) for each in await shop.live()}
    assert len(sessions) == 1
    assert await shop.overlaps() == 0


async def test_times_of_a_group_say_how_many_places_are_left(stage: Stage) -> None:
    shop = stage.shop
    for person in (BEN, CARLA):
        await shop.book(shop.wish("Yoga", "Alice", "10:00"), person)
    yoga = {"service_id": shop.services["Yoga"], "specialist_id": shop.specialists["Alice"]}
    day = await stage.tap(ShowDay(day=at("10:00").date(), part=1, **yoga))
    labels = list(stage.buttons(day.message))
    assert labels[:3] == ["09:00 · 4 left", "10:00 · 2 left", "11:00 · 4 left"]
    await shop.book(shop.wish("Yoga", "Alice", "10:00"), (await shop.crowd(1))[0])
    soonest = await stage.tap(ShowSoonest(**yoga))
    assert all(label.endswith("· 4 left") for label in list(stage.buttons(soonest.message))[:3])
    cut = {"service_id": shop.services["Cut"], "specialist_id": shop.specialists["Alice"]}
    day = await stage.tap(ShowDay(day=at("10:00").date(), part=1, **cut))
    assert not any("left" in label for label in stage.buttons(day.message))
