"""The one way to a time, on real PostgreSQL: nobody is booked twice, whoever is fast."""

import asyncio
from collections import Counter
from itertools import permutations

import pytest
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from tests.worker.booking.outcomes import blocked, taken
from tests.worker.shop import ANNA, BEN, CARLA, Shop, at, placed
from worker.db.models.booking import Status
from worker.db.outages import is_outage
from worker.placement.placement import Booked, BookingRequest, NotBooked
from worker.scheduling.rules import Reason

# What place() decides


async def test_a_booking_takes_its_time_with_its_buffers(shop: Shop) -> None:
    booked = await shop.booking(await shop.book(shop.wish("Cut", "Alice", "10:00")))
    assert booked.during == Range(at("10:00"), at("10:45"))
    assert booked.busy == Range(at("10:00"), at("10:55"))
    steam = await shop.booking(await shop.book(shop.wish("Steam", "Alice", "12:00")))
    assert steam.busy == Range(at("11:45"), at("12:30"))


@pytest.mark.parametrize(
    ("clock", "reason"),
    [
        ("10:00", Reason.BOOKED),
        ("09:30", Reason.BOOKED),
        ("10:40", Reason.BOOKED),
        ("10:50", Reason.BUFFER),
        ("09:10", Reason.BUFFER),
        ("10:55", None),
        ("09:05", None),
        ("08:55", Reason.CLOSED),
        ("17:20", Reason.CLOSED),
        ("11:01", Reason.GRID),
    ],
)
async def test_a_start_is_had_or_refused_with_the_reason(
    shop: Shop, clock: str, reason: Reason | None
) -> None:
    await shop.book(shop.wish("Cut", "Alice", "10:00"))
    outcome = await shop.place(shop.wish("Cut", "Alice", clock), BEN)
    assert isinstance(outcome, Booked) if reason is None else outcome == NotBooked(reason)
    assert len(await shop.live()) == (2 if reason is None else 1)


async def test_the_past_and_the_far_future_are_refused(shop: Shop) -> None:
    assert await shop.place(shop.wish("Cut", "Alice", "10:00", -1)) == NotBooked(Reason.NOTICE)
    assert await shop.place(shop.wish("Cut", "Alice", "10:00", 90)) == NotBooked(Reason.HORIZON)


async def test_what_nobody_does_is_not_offered(shop: Shop) -> None:
    assert await shop.place(shop.wish("Yoga", "Bob", "10:00")) == NotBooked(None)
    wish = shop.wish("Cut", "Alice", "10:00")
    assert await shop.place(type(wish)(999, None, wish.start)) == NotBooked(None)
    assert await shop.place(type(wish)(wish.service_id, 999, wish.start)) == NotBooked(None)


@pytest.mark.parametrize("status", [Status.CANCELLED, Status.NO_SHOW, Status.DONE])
async def test_what_is_over_or_off_frees_its_time(shop: Shop, status: Status) -> None:
    first = await shop.book(shop.wish("Cut", "Alice", "10:00"))
    await shop.set_status(first, status)
    await shop.book(shop.wish("Cut", "Alice", "10:00"), BEN)


# Races


async def test_many_who_want_overlapping_times_get_at_most_one_each(shop: Shop) -> None:
    clocks = ["10:00", "10:05", "10:20", "10:40", "10:50", "09:30"] * 3
    wishes = [shop.wish("Cut", "Alice", clock) for clock in clocks]
    people = await shop.crowd(len(wishes))
    outcomes = await asyncio.gather(*(shop.place(*each) for each in zip(wishes, people, strict=True)))
    had = [outcome for outcome in outcomes if isinstance(outcome, Booked)]
    assert 1 <= len(had) <= 2
    assert all(taken(outcome) for outcome in outcomes if outcome not in had)
    assert len(await shop.live()) == len(had)
    assert await shop.overlaps() == 0


@pytest.mark.parametrize("commits", [True, False])
@pytest.mark.parametrize("service", ["Cut", "Yoga"])
async def test_the_slower_waits_for_what_becomes_of_the_faster(
    shop: Shop, service: str, *, commits: bool
) -> None:
    wish = shop.wish(service, "Alice", "10:00")
    async with asyncio.timeout(20), asyncio.TaskGroup() as group, shop.sessions() as faster:
        fast = await shop.place_in(faster, wish)
        slow = group.create_task(shop.place(shop.wish("Cut", "Alice", "10:15"), BEN))
        await blocked(shop)
        await (faster.commit() if commits else faster.rollback())
    assert isinstance(fast, Booked)
    assert slow.result() == NotBooked(Reason.BOOKED) if commits else isinstance(slow.result(), Booked)
    assert len(await shop.live()) == 1


async def test_anyone_falls_to_the_next_who_is_free_even_in_a_race(shop: Shop) -> None:
    wish = shop.wish("Cut", None, "10:00")
    async with asyncio.timeout(20), asyncio.TaskGroup() as group, shop.sessions() as faster:
        assert isinstance(await shop.place_in(faster, wish), Booked)
        slow = group.create_task(shop.place(wish, BEN))
        await blocked(shop)
        await faster.commit()
    assert isinstance(slow.result(), Booked)
    assert {each.specialist_id for each in await shop.live()} == set(shop.specialists.values())
    assert await shop.place(wish, CARLA) == NotBooked(Reason.BOOKED)


async def test_anyone_is_fair(shop: Shop) -> None:
    clocks = [f"{hour}:00" for hour in range(9, 17)]
    for clock in clocks:
        await shop.book(shop.wish("Cut", None, clock))
    assert Counter(each.specialist_id for each in await shop.live()) == dict.fromkeys(
        shop.specialists.values(), len(clocks) // 2
    )


async def test_two_that_wait_for_each_other_are_an_outage_to_try_again(shop: Shop) -> None:
    early, late = shop.wish("Cut", "Alice", "10:00"), shop.wish("Cut", "Alice", "12:00")

    async def second(session: AsyncSession, wish: BookingRequest, customer: int) -> object:
        try:
            outcome = await shop.place_in(session, wish, customer)
            await session.commit()
        except DBAPIError as error:
            await session.rollback()
            return error
        return outcome

    async with asyncio.timeout(20), shop.sessions() as one, shop.sessions() as two:
        await shop.place_in(one, early)
        await shop.place_in(two, late, BEN)
        ends = await asyncio.gather(second(one, late, ANNA), second(two, early, BEN))
    assert sum(isinstance(end, DBAPIError) and is_outage(end) for end in ends) == 1
    assert sum(isinstance(end, Booked) for end in ends) == 1
    assert await shop.overlaps() == 0


# Moving


async def test_a_visit_moves_to_a_free_time_and_frees_its_own(shop: Shop) -> None:
    visit = await shop.book(shop.wish("Cut", "Alice", "10:00"))
    assert placed(await shop.place(shop.wish("Cut", "Alice", "14:00"), moving=visit)) == visit
    assert (await shop.booking(visit)).during.lower == at("14:00")
    await shop.book(shop.wish("Cut", "Alice", "10:00"), BEN)


async def test_a_visit_moves_to_another_specialist(shop: Shop) -> None:
    visit = await shop.book(shop.wish("Cut", "Alice", "10:00"))
    assert placed(await shop.place(shop.wish("Cut", "Bob", "10:00"), moving=visit)) == visit
    assert (await shop.booking(visit)).specialist_id == shop.specialists["Bob"]


async def test_a_visit_stays_where_it_is_when_its_new_time_is_taken(shop: Shop) -> None:
    visit = await shop.book(shop.wish("Cut", "Alice", "10:00"))
    await shop.book(shop.wish("Cut", "Alice", "14:00"), BEN)
    assert await shop.place(shop.wish("Cut", "Alice", "14:15"), moving=visit) == NotBooked(Reason.BOOKED)
    assert (await shop.booking(visit)).during.lower == at("10:00")


@pytest.mark.parametrize("clock", ["10:15", "10:00", "09:40"])
async def test_a_visit_may_move_onto_its_own_time(shop: Shop, clock: str) -> None:
    visit = await shop.book(shop.wish("Cut", "Alice", "10:00"))
    assert placed(await shop.place(shop.wish("Cut", "Alice", clock), moving=visit)) == visit


async def test_a_seat_may_move_within_its_own_group_and_to_another_start_alone(shop: Shop) -> None:
    first = await shop.book(shop.wish("Yoga", "Alice", "10:00"))
    assert placed(await shop.place(shop.wish("Yoga", "Alice", "10:15"), moving=first)) == first
    second = await shop.book(shop.wish("Yoga", "Alice", "10:15"), BEN)
    assert taken(await shop.place(shop.wish("Yoga", "Alice", "10:30"), moving=second))
    assert placed(await shop.place(shop.wish("Yoga", "Alice", "10:15"), moving=second)) == second
    assert sorted(each.seats.lower or 0 for each in await shop.live()) == [1, 2]


async def test_a_move_that_loses_a_race_changes_nothing_and_leaves_its_transaction_usable(
    shop: Shop,
) -> None:
    visit = await shop.book(shop.wish("Cut", "Alice", "10:00"))
    target = shop.wish("Cut", "Alice", "14:00")

    async def move() -> object:
        async with shop.sessions.begin() as session:
            outcome = await shop.place_in(session, target, moving=visit)
            await session.execute(text("SELECT 1"))
            return outcome

    async with asyncio.timeout(20), asyncio.TaskGroup() as group, shop.sessions() as faster:
        await shop.place_in(faster, target, BEN)
        mover = group.create_task(move())
        await blocked(shop)
        await faster.commit()
    assert mover.result() == NotBooked(Reason.BOOKED)
    assert (await shop.booking(visit)).during.lower == at("10:00")


async def test_swapping_under_a_rush_is_refused_or_an_outage_and_never_doubles(shop: Shop) -> None:
    clocks = ["10:00", "11:00", "12:00", "13:00"]
    people = await shop.crowd(len(clocks))
    wishes = [shop.wish("Cut", "Alice", clock) for clock in clocks]
    visits = [await shop.book(*each) for each in zip(wishes, people, strict=True)]
    moves = [
        (visit, clock) for order in permutations(clocks) for visit, clock in zip(visits, order, strict=True)
    ]
    ends = await asyncio.gather(
        *(
            shop.place(shop.wish("Cut", "Alice", clock.replace(":00", ":30")), moving=visit)
            for visit, clock in moves
        ),
        return_exceptions=True,
    )
    for end in ends:
        assert isinstance(end, Booked | NotBooked) or (isinstance(end, DBAPIError) and is_outage(end)), end
    assert len(await shop.live()) == len(visits)
    assert await shop.overlaps() == 0
