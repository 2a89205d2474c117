"""Several places of a group in one booking: chosen, paid for, counted, moved, changed later, wished for."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update
from sqlalchemy.dialects.postgresql import Range

from shared.buttons import unpack
from shared.contracts.booking import Move, Moving, ShowSummary
from shared.contracts.cancelling import Cancel
from shared.contracts.chat import Say
from shared.contracts.menu import ShowHome
from shared.contracts.party import AskCompanions, ResizeParty, ShowParty, WriteCompanions
from shared.contracts.staff import ShowAgenda, ShowStaffCard
from shared.contracts.waitlist import ShowWish
from tests.worker.payments.paying import TOKEN, begin, taken
from tests.worker.shop import ALICE, ANNA, BEN, CARLA, Shop, at
from tests.worker.stage import Answer, Stage, on_stage
from tests.worker.waitlist.waiting import answer, free, join, offers, settle
from worker.alternatives.rules import FreeTime, Need, assign
from worker.db.models.booking import Status
from worker.db.models.catalogue import Service
from worker.deposit import Deposit
from worker.party.rules import obstacle_to_resize, sizes
from worker.placement.placement import Booked, BookingRequest, NotBooked
from worker.price import Price
from worker.privacy.repository import export
from worker.scheduling.calendars import Busy, Calendar
from worker.scheduling.hours import WeeklyHours
from worker.scheduling.query import ServicePolicy, SlotQuery
from worker.scheduling.rules import Reason
from worker.scheduling.seats import free_seats
from worker.visits.repository import load
from worker.visits.rules import Obstacle

MOST = 3
UTC = ZoneInfo("UTC")
A_SECOND = timedelta(seconds=1)


@pytest.fixture
async def shared(stage: Stage) -> AsyncIterator[Stage]:
    """A stage on which three places of a yoga class can be booked at once, for 12.50 each."""
    await change_yoga(stage.shop, max_places=MOST, price=Range(12.5, 12.5, bounds="[]"))
    await stage.meet(ALICE, BEN, CARLA)
    for person in (ALICE, BEN, CARLA):
        await stage.type(ShowHome(), person)
    yield stage
    await change_yoga(stage.shop, max_places=1, price=None)


async def change_yoga(shop: Shop, **values: object) -> None:
    own = (Service.business_id == shop.business_id, Service.name == "Yoga")
    async with shop.sessions.begin() as session:
        await session.execute(update(Service).where(*own).values(**values))


def summary(shop: Shop, places: int = 1, clock: str = "10:00") -> ShowSummary:
    return ShowSummary(
        service_id=shop.services["Yoga"],
        specialist_id=shop.specialists["Alice"],
        start=at(clock),
        places=places,
    )


def wish(shop: Shop, places: int, clock: str = "10:00") -> BookingRequest:
    return replace(shop.wish("Yoga", "Alice", clock), places=places)


async def tap_label(stage: Stage, shown: Answer, label: str, person: int = ANNA) -> Answer:
    """Tap the button of a message that reads so."""
    return await stage.tap(
        unpack(str(stage.buttons(shown.message, person)[label])), person, message=shown.message
    )


async def seats(shop: Shop) -> list[tuple[int, int, int]]:
    """Return whose places those are, from which number on and how many."""
    found = [(each.customer_id, each.seats.lower or 0, each.seats.upper or 0) for each in await shop.live()]
    return [(who, first, until - first) for who, first, until in found]


async def resize(stage: Stage, booking: int, places: int, person: int = ANNA) -> Answer:
    visit = await stage.shop.booking(booking)
    return await stage.tap(ResizeParty(booking_id=booking, version=visit.version, places=places), person)


async def test_three_places_are_booked_named_and_said_everywhere(shared: Stage) -> None:
    shop = shared.shop
    asked = await shared.tap(summary(shop))
    assert "How many?" in asked.text
    assert "€12.50" in asked.text
    assert [each for each in shared.buttons(asked.message) if each[-1].isdigit()] == ["✓ 1", "2", "3"]
    asked = await tap_label(shared, asked, "3")
    assert "Yoga × 3" in asked.text
    assert "€37.50" in asked.text
    assert await seats(shop) == [(ANNA, 1, 3)]
    booked = await tap_label(shared, asked, "Confirm")
    assert booked.toast == "Booked!"
    visit = await shared.newest()
    assert (visit.status, visit.seats) == (Status.CONFIRMED, Range(1, 4))
    card = shared.text(ANNA, booked.message)
    assert "Yoga × 3" in card
    assert "€37.50" in card
    assert "How many?" in shared.buttons(booked.message)
    await settle(shared)
    assert "Yoga × 3" in shared.texts(ALICE)[-1]
    assert str(shared.calendars()[-1].events[0]["summary"]).startswith("Yoga × 3")

    await shared.tap(AskCompanions(booking_id=visit.id), message=booked.message)
    await shared.type(Say(text="Mia & Tom\n\nLea,\n"))
    await settle(shared)
    assert "With Mia & Tom, Lea" in shared.text(ANNA, booked.message)
    agenda = await shared.tap(ShowAgenda(first=at("10:00").date()), ALICE)
    assert any("Yoga × 3" in label for label in shared.buttons(agenda.message, ALICE))
    staff = await shared.tap(ShowStaffCard(booking_id=visit.id), ALICE)
    assert "With Mia & Tom, Lea" in staff.text
    assert "Yoga × 3" in staff.text
    async with shop.sessions() as session:
        [kept] = (await export(session, ANNA))["visits"]
    assert kept["companions"] == "Mia & Tom, Lea"
    assert "4" in str(kept["seats"])
    await shared.tap(WriteCompanions(booking_id=visit.id))
    assert (await shop.booking(visit.id)).companions is None


async def test_of_two_for_the_last_places_one_wins_and_the_other_reads_how_many_are_left(
    shared: Stage,
) -> None:
    shop = shared.shop
    await change_yoga(shop, hold=0)
    shown = await shared.tap(summary(shop, 3))
    ten = unpack(str(shared.buttons(shown.message)["Confirm"]))
    noon = unpack(str(shared.buttons((await shared.tap(summary(shop, 3, "12:00"))).message)["Confirm"]))
    outcomes = await asyncio.gather(
        *(shop.place(wish(shop, 3), each) for each in await shop.crowd(4)), shop.place(wish(shop, 2), BEN)
    )
    won = [each.visit.places for each in outcomes if isinstance(each, Booked)]
    assert len(won) == 1
    assert all(each.reason is Reason.FULL for each in outcomes if isinstance(each, NotBooked))
    left = 4 - sum(won)
    late = await shared.tap(ten)
    assert late.toast is not None
    assert late.toast.startswith(f"Only {left} place")
    assert late.alert
    assert await shop.overlaps() == 0
    booked = await tap_label(shared, late, "Confirm")
    assert booked.toast == "Booked!"
    assert sum(count for _, _, count in await seats(shop)) == 4
    await change_yoga(shop, max_places=2)
    fewer = await shared.tap(noon, CARLA)
    assert fewer.toast == "Is it all right now?"
    assert "Yoga × 2" in fewer.text
    nonsense = await shared.tap(summary(shop, places=0, clock="14:00"), CARLA)
    assert "✓ 1" in shared.buttons(nonsense.message, CARLA)
    await change_yoga(shop, hold=5)


async def test_all_places_move_and_their_number_changes_later(shared: Stage) -> None:
    shop = shared.shop
    await shop.book(wish(shop, 2, "12:00"), CARLA)
    booking = await shop.book(wish(shop, 3))
    visit = await shop.booking(booking)
    moving = {"moving": Moving(booking_id=booking, version=visit.version)}
    full = await shared.tap(Move(start=at("12:00"), **moving))
    assert full.toast == "Sorry, that time has just been taken. Please choose another one."
    asked = await shared.tap(
        ShowSummary(
            service_id=visit.service_id, specialist_id=visit.specialist_id, start=at("14:00"), **moving
        )
    )
    assert "Yoga × 3" in asked.text
    assert (await tap_label(shared, asked, "Confirm")).toast == "Moved!"
    assert (ANNA, 1, 3) in await seats(shop)
    assert (await shop.booking(booking)).during.lower == at("14:00")

    await shop.book(wish(shop, 1, "14:00"), BEN)
    shown = await shared.tap(ShowParty(booking_id=booking))
    assert "✓ 3" in shared.buttons(shown.message)
    fewer = await tap_label(shared, shown, "1")
    assert fewer.toast == "1 place now."
    assert (await shop.booking(booking)).price == Range(12.5, 12.5, bounds="[]")
    stale = ResizeParty(booking_id=booking, version=visit.version, places=2)
    assert (await shared.tap(stale)).toast == "This visit has changed since. Here is how it stands now."
    more = await resize(shared, booking, 3)
    assert more.toast == "3 places now."
    visit = await shop.booking(booking)
    assert visit.price == Range(37.5, 37.5, bounds="[]")
    assert await shared.events() == [
        "moved",
        "resized",
        "resized",
    ]
    await settle(shared)
    assert any("Another number of places" in text for text in shared.texts(ALICE))
    await resize(shared, booking, 1)
    await shop.book(wish(shop, 2, "14:00"), CARLA)
    refused = await resize(shared, booking, 2)
    assert refused.toast == "No more places are free."
    assert "No more places can be added here" in refused.text


async def test_many_changes_of_the_number_come_as_one_word(shared: Stage) -> None:
    booking = await shared.shop.book(wish(shared.shop, 2))
    before = len(shared.texts(ALICE))
    for places in (1, 2, 1, 2, 3):
        assert str((await resize(shared, booking, places)).toast).endswith("now.")
    await settle(shared)
    told = shared.texts(ALICE)[before:]
    assert ["Another number of places" in text for text in told] == [True, True]
    await shared.advance(timedelta(minutes=11))
    [last] = shared.texts(ALICE)[before + 2 :]
    assert "Yoga × 3" in last


async def test_of_places_of_a_visit_that_is_cancelled_meanwhile_nothing_more_is_said(shared: Stage) -> None:
    booking = await shared.shop.book(wish(shared.shop, 2))
    for places in (1, 2, 1):
        await resize(shared, booking, places)
    before = len(shared.texts(ALICE))
    visit = await shared.shop.booking(booking)
    assert (await shared.tap(Cancel(booking_id=booking, version=visit.version))).toast == "Cancelled."
    await shared.advance(timedelta(minutes=11))
    [last] = shared.texts(ALICE)[before:]
    assert "Visit cancelled" in last


async def test_staff_change_the_number_and_the_customer_reads_who_did(shared: Stage) -> None:
    """No deadline holds for them; how many there are at all, and how many one booking may be, does."""
    shop = shared.shop
    await change_yoga(shop, cancel_until=10 * 24 * 60)
    booking = await shop.book(wish(shop, 2))
    assert "too late" in str((await resize(shared, booking, 1)).toast).lower()
    assert [count for _, _, count in await seats(shop)] == [2], "too late for their customer"
    card = await shared.tap(ShowStaffCard(booking_id=booking), ALICE)
    shown = await tap_label(shared, card, "How many?", ALICE)
    assert [*shared.buttons(shown.message, ALICE)] == ["1", "✓ 2", "3", "« Back"]
    assert "Visit №" in (await tap_label(shared, shown, "« Back", ALICE)).text
    done = await resize(shared, booking, 3, ALICE)
    assert done.toast == "3 places now."
    assert "Yoga × 3" in done.text
    await settle(shared)
    told = next(text for text in shared.texts() if "has changed how many places you have" in text)
    assert "Anna of" in told
    assert "Places before: 2" in told
    assert (await resize(shared, booking, 1, ALICE)).toast == "1 place now."
    await shop.book(wish(shop, 3), CARLA)
    full = await resize(shared, booking, 3, ALICE)
    assert (full.toast, full.alert) == ("No more places are free.", True)
    assert "You have no such visit." in str((await resize(shared, booking, 2, BEN)).toast)
    assert await shop.overlaps() == 0
    await change_yoga(shop, cancel_until=24 * 60)


async def test_places_that_are_given_back_go_to_whom_they_are_enough_for(shared: Stage) -> None:
    shop = shared.shop
    booking = await shop.book(wish(shop, 3))
    other = await shop.book(wish(shop, 1), CARLA)
    [entry] = await join(shared, BEN, service="Yoga")
    shown = await shared.tap(ShowWish(entry_id=entry), BEN)
    await tap_label(shared, shown, "2", BEN)
    assert "Yoga × 2" in shared.text(BEN, shown.message)
    await free(shared, other)
    assert [each for each in await offers(shop) if each[2] == at("10:00")] == []
    await resize(shared, booking, 1)
    await settle(shared)
    assert (BEN, "open", at("10:00")) in await offers(shop)
    assert (await answer(shared, BEN)).toast == "Booked!"
    assert (BEN, 2) in [(who, count) for who, _, count in await seats(shop)]


@given(
    capacity=st.integers(2, 12),
    taken=st.lists(st.integers(1, 4), max_size=8),
    wanted=st.integers(1, 5),
    gone=st.sets(st.integers(0, 7)),
)
def test_seats_are_given_in_a_row_and_never_twice(
    capacity: int, taken: Sequence[int], wanted: int, gone: set[int]
) -> None:
    """Whatever was cancelled in between, whoever is allowed gets as many numbers as they want."""
    policy = ServicePolicy(
        id=1, duration=3600, buffer_before=0, buffer_after=0, step=900, min_notice=0, horizon=86400,
        capacity=capacity,
    )  # fmt: skip
    busy: list[Busy] = []
    for count in taken:
        query = SlotQuery(
            service=policy, calendar=Calendar(1, WeeklyHours({}), busy), zone=UTC, now=0,
            places=count,
        )  # fmt: skip
        seat = free_seats(query, 0)
        busy.append(Busy(0, 3600, 0, 3600, 1, len(seat), seat.start))
    left = [each for place, each in enumerate(busy) if place not in gone]
    query = SlotQuery(
        service=policy, calendar=Calendar(1, WeeklyHours({}), left), zone=UTC, now=0,
        places=wanted,
    )  # fmt: skip
    row = free_seats(query, 0)
    numbers = {seat for each in left for seat in range(each.seat, each.seat + each.seats)}
    assert len(row) == wanted
    assert not numbers & set(row)


async def test_what_may_be_chosen_follows_from_deadlines_and_deposit(shared: Stage) -> None:
    booking = await shared.shop.book(wish(shared.shop, 2))
    async with shared.shop.sessions() as session:
        visit = await load(session, booking)
    assert visit is not None
    now = shared.shop.clock.now()
    assert list(sizes(visit, 5, now)) == [1, 2, 3]
    assert list(sizes(visit, 0, now)) == [1, 2]
    assert list(sizes(visit, 5, visit.start)) == [2, 3]
    waits = replace(visit, status=Status.PENDING)
    assert obstacle_to_resize(waits, visit.version, now) is Obstacle.STALE
    assert obstacle_to_resize(visit, visit.version, visit.start) is Obstacle.OVER
    late = replace(visit, cancel_until=timedelta(days=9))
    assert obstacle_to_resize(late, visit.version, now, 1) is Obstacle.TOO_LATE_TO_CANCEL
    assert obstacle_to_resize(late, visit.version, now, 3) is None

    due = Deposit.of("5")
    assert due is not None
    money = due.due(Price.exact(visit.price.lowest) if visit.price else None, "EUR", 2)
    assert money is not None
    assert str(money.amount) == "10.00"


def test_other_times_are_given_out_by_places() -> None:
    session = FreeTime(1, 0, 0, 3600, group=7, seats=3)
    given_out = assign([Need(1, 1, [session], 2), Need(2, 2, [session], 2), Need(3, 3, [session])])
    assert [len(given_out[number]) for number in (1, 2, 3)] == [1, 0, 1]


async def test_what_is_paid_ahead_is_for_all_places_and_books_as_many_though_it_comes_late(
    shop: Shop,
) -> None:
    await change_yoga(shop, max_places=MOST, deposit="5")
    async with on_stage(shop, payment_provider_token=TOKEN) as stage:
        asked = await stage.tap(summary(shop, 2))
        assert "Deposit: €10" in asked.text
        assert (await tap_label(stage, asked, "Confirm")).toast == "Held for you."
        [invoice] = [each["message_id"] for each in stage.messages() if "invoice" in each]
        checkout, envelope = begin(stage, int(invoice))
        await stage.run(envelope)
        told = taken(stage, checkout)
        assert told is not None
        await stage.advance(timedelta(minutes=20))
        assert await seats(shop) == []
        await stage.run(told)
        assert await seats(shop) == [(ANNA, 1, 2)]
        shown = await stage.tap(ShowParty(booking_id=(await stage.newest()).id))
        assert "What you paid ahead stays with the visit." in shown.text
        assert "3" not in stage.buttons(shown.message)
    await change_yoga(shop, max_places=1, deposit=None)
