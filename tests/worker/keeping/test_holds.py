"""A time that is held: whose it is until its instant, and that it is no visit."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

from shared.contracts.booking import ShowDay
from shared.contracts.cancelling import Cancel
from shared.contracts.own_visits import ShowBooking, ShowBookings
from shared.contracts.staff import ShowAgenda
from tests.worker.booking.outcomes import blocked, taken
from tests.worker.shop import ALICE, ANNA, BEN, CARLA, Shop, at, placed
from tests.worker.stage import Stage
from worker.capabilities import PURGES
from worker.db.models.booking import KeptFor, Status
from worker.keeping.repository import confirm, load_held, release, release_seen
from worker.placement.allocation import NewVisit
from worker.placement.placement import Booked, BookingRequest, NotBooked, place
from worker.placement.rules import Bar, Barred
from worker.retention.forgetting import forget
from worker.visits.repository import Visit, load

FIVE = timedelta(minutes=5)


async def hold(
    shop: Shop,
    wish: BookingRequest,
    customer: int = ANNA,
    kept_for: KeptFor = KeptFor.SUMMARY,
    *,
    limited: bool = False,
) -> Booked | NotBooked | Barred:
    """Hold a time for five minutes."""
    now = shop.clock.now()
    new = NewVisit(customer, "EUR", Status.HELD, now + FIVE, kept_for)
    async with shop.sessions.begin() as session:
        return await place(session, replace(wish, anyway=True), now, new, limited=limited)


async def held(shop: Shop) -> list[tuple[int, datetime | None]]:
    """Return whose holds there are, over or not, and when what they hold begins."""
    return [(each.customer_id, each.during.lower) for each in await shop.live() if each.status == Status.HELD]


async def confirmed(shop: Shop, booking_id: int) -> Visit | None:
    async with shop.sessions.begin() as session:
        return await confirm(session, booking_id, shop.clock.now())


async def test_a_hold_is_its_customers_until_its_instant_and_then_anybodys_without_a_sweep(
    shop: Shop,
) -> None:
    wish = shop.wish("Cut", "Alice", "10:00")
    placed(await hold(shop, wish))
    assert taken(await shop.place(shop.wish("Steam", "Alice", "10:20"), BEN))
    shop.clock.advance(FIVE - timedelta(seconds=1))
    assert taken(await shop.place(wish, BEN))
    shop.clock.advance(timedelta(seconds=1))
    assert len(await held(shop)) == 1
    await shop.book(wish, BEN)
    assert [each.customer_id for each in await shop.live()] == [BEN]


async def test_of_two_who_take_what_a_hold_has_left_one_gets_it(shop: Shop) -> None:
    wish = shop.wish("Cut", "Alice", "10:00")
    placed(await hold(shop, wish))
    shop.clock.advance(FIVE)
    async with asyncio.timeout(20), asyncio.TaskGroup() as group, shop.sessions() as faster:
        assert isinstance(await shop.place_in(faster, wish, BEN), Booked)
        slow = group.create_task(shop.place(wish, CARLA))
        await blocked(shop)
        await faster.commit()
    assert taken(slow.result())
    assert [(each.customer_id, each.status) for each in await shop.live()] == [(BEN, "confirmed")]


async def test_two_who_take_each_others_lost_holds_do_not_wait_for_each_other(shop: Shop) -> None:
    """Each of them deletes both holds: their own, and the one that is in the way."""
    ten, noon = shop.wish("Cut", "Alice", "10:00"), shop.wish("Cut", "Alice", "12:00")
    placed(await hold(shop, ten, ANNA))
    placed(await hold(shop, noon, BEN))
    shop.clock.advance(FIVE)
    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        group.create_task(shop.place(noon, ANNA))
        group.create_task(shop.place(ten, BEN))
    assert [each.customer_id for each in await shop.live()] == [BEN, ANNA]


async def test_who_holds_a_time_books_it_and_the_hold_is_gone(shop: Shop) -> None:
    wish = shop.wish("Cut", None, "10:00")
    first = placed(await hold(shop, wish))
    again = placed(await hold(shop, wish))
    assert first != again
    placed(await shop.place(wish))
    assert [each.status for each in await shop.live()] == ["confirmed"]


async def test_a_visit_moves_to_the_time_that_its_customer_holds(shop: Shop) -> None:
    visit = await shop.book(shop.wish("Cut", "Alice", "10:00"))
    placed(await hold(shop, shop.wish("Cut", "Alice", "12:00")))
    placed(await shop.place(shop.wish("Cut", "Alice", "12:00"), moving=visit))
    assert [(each.id, each.during.lower) for each in await shop.live()] == [(visit, at("12:00"))]


async def test_another_choice_lets_the_first_go_and_nobody_holds_more_than_two(shop: Shop) -> None:
    for clock in ("10:00", "12:00"):
        placed(await hold(shop, shop.wish("Cut", "Alice", clock)))
    assert await held(shop) == [(ANNA, at("12:00"))]
    placed(await hold(shop, shop.wish("Steam", "Alice", "14:00")))
    placed(await hold(shop, shop.wish("Yoga", "Alice", "16:00")))
    assert await held(shop) == [(ANNA, at("14:00")), (ANNA, at("16:00"))]
    placed(await shop.place(shop.wish("Steam", "Alice", "14:00")))
    assert await held(shop) == [(ANNA, at("16:00"))]


async def test_a_hold_takes_a_seat_of_a_group(shop: Shop) -> None:
    wish = shop.wish("Yoga", "Alice", "10:00")
    people = await shop.crowd(4)
    for person in people:
        placed(await hold(shop, wish, person))
    assert taken(await shop.place(wish, BEN))
    shop.clock.advance(FIVE)
    for person in (BEN, *people[1:]):
        await shop.book(wish, person)
    assert taken(await shop.place(wish, people[0]))


async def test_a_hold_is_over_at_the_notice_at_the_latest(shop: Shop) -> None:
    wish = shop.wish("Cut", "Alice", "09:05", 0)
    visit = await hold(shop, wish)
    assert isinstance(visit, Booked)
    assert visit.visit.kept_until == shop.clock.now() + FIVE == at("09:05", 0)
    shop.clock.advance(timedelta(minutes=2))
    later = await hold(shop, wish)
    assert isinstance(later, Booked)
    assert later.visit.kept_until == at("09:05", 0)


async def test_a_hold_becomes_a_visit_once_and_only_while_it_lasts(shop: Shop) -> None:
    number = placed(await hold(shop, shop.wish("Cut", "Alice", "10:00"), kept_for=KeptFor.OFFER))
    visit = await confirmed(shop, number)
    assert visit is not None
    assert (visit.id, visit.status, visit.kept_until, visit.kept_for) == (number, "confirmed", None, None)
    assert await confirmed(shop, number) is None
    other = placed(await hold(shop, shop.wish("Cut", "Alice", "12:00"), kept_for=KeptFor.OFFER))
    shop.clock.advance(FIVE)
    assert await confirmed(shop, other) is None


async def test_holds_are_let_go_and_visits_are_not(shop: Shop) -> None:
    visit = await shop.book(shop.wish("Cut", "Alice", "10:00"))
    offer = placed(await hold(shop, shop.wish("Cut", "Alice", "12:00"), kept_for=KeptFor.OFFER))
    placed(await hold(shop, shop.wish("Steam", "Alice", "14:00")))
    async with shop.sessions.begin() as session:
        assert await load_held(session, offer, shop.clock.now()) is not None
        assert await load(session, offer) is None
        await release(session, [visit, offer])
        assert await load_held(session, offer, shop.clock.now()) is None
        await release_seen(session, ANNA, shop.services["Cut"])
    assert [each.status for each in await shop.live()] == ["confirmed", "held"]
    async with shop.sessions.begin() as session:
        await release_seen(session)
    assert [each.id for each in await shop.live()] == [visit]


async def test_what_somebody_was_offered_counts_as_theirs_and_what_they_look_at_does_not(shop: Shop) -> None:
    for day in range(3, 6):
        await shop.book(shop.wish("Cut", "Alice", "10:00", day))
    placed(await hold(shop, shop.wish("Cut", "Alice", "10:00", 6), kept_for=KeptFor.OFFER))
    placed(await hold(shop, shop.wish("Steam", "Alice", "10:00", 7), limited=True))
    placed(await hold(shop, shop.wish("Cut", "Alice", "10:00", 8), kept_for=KeptFor.OFFER))
    full = await hold(shop, shop.wish("Steam", "Alice", "12:00", 7), limited=True)
    assert isinstance(full, Barred)
    assert (full.bar, full.count) == (Bar.UPCOMING, 5)
    offered = shop.wish("Cut", "Alice", "10:00", 6)
    assert isinstance(await hold(shop, offered, limited=True), NotBooked)
    assert isinstance(await hold(shop, offered, kept_for=KeptFor.PAYMENT, limited=True), Booked)


async def test_what_is_held_is_no_visit(stage: Stage) -> None:
    """Neither its customer nor the staff finds it, and what a forged button asks of it is not done."""
    await stage.meet(ALICE, BEN)
    number = placed(await hold(stage.shop, stage.shop.wish("Cut", "Alice", "10:00")))
    for person in (ANNA, BEN):
        for forged in (ShowBooking(booking_id=number), Cancel(booking_id=number, version=1)):
            assert (await stage.tap(forged, person)).toast == "You have no such visit."
    assert "10:00" not in await stage.type(ShowBookings())
    assert "Anna" not in await stage.type(ShowAgenda(), ALICE)
    asked = ShowDay(
        service_id=stage.shop.services["Cut"],
        specialist_id=stage.shop.specialists["Alice"],
        day=at("10:00").date(),
        part=1,
    )
    for person, free in ((ANNA, True), (BEN, False)):
        shown = await stage.tap(asked, person)
        assert ("10:00" in stage.buttons(shown.message, person)) is free
    assert len(await held(stage.shop)) == 1


async def test_holds_that_are_over_are_removed_now_and_then(shop: Shop) -> None:
    placed(await hold(shop, shop.wish("Cut", "Alice", "10:00")))
    shop.clock.advance(FIVE / 2)
    placed(await hold(shop, shop.wish("Cut", "Bob", "10:00"), BEN))
    shop.clock.advance(FIVE / 2 + timedelta(seconds=1))
    gone = await forget(shop.sessions, PURGES, shop.clock.now(), 0)
    assert gone["holds"] == 1
    assert [customer for customer, _ in await held(shop)] == [BEN]
