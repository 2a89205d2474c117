"""What a customer may have by themselves: so many visits, so many cancellations, and one place at a time."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from shared.buttons import unpack
from shared.contracts.booking import Move, Moving, ShowServices, ShowSummary, StartMove
from shared.contracts.cancelling import Cancel
from shared.contracts.menu import ShowHome
from shared.contracts.own_visits import ShowBooking
from shared.contracts.staff import CallOff
from tests.worker.booking.outcomes import blocked
from tests.worker.shop import ALICE, ANNA, BEN, OWNER, Shop, at
from tests.worker.stage import Stage
from worker.db.models.booking import BookingEvent
from worker.db.models.delivery import State
from worker.people.repository import set_blocked
from worker.placement.allocation import NewVisit
from worker.placement.placement import Booked, BookingRequest, NotBooked, place
from worker.placement.rules import MOST_MOVES, Allowance, Bar, Barred

MOST = Allowance().max_upcoming

CANCELLED = "Within a day you have cancelled 5 visits, or not paid for them. Please call us to book."
CALL = "Please call us: you cannot book or move visits here at the moment."


async def fill(stage: Stage, person: int = ANNA, count: int = MOST) -> list[int]:
    return [await stage.book("10:00", days=3 + number, person=person) for number in range(count)]


async def ask(shop: Shop, wish: BookingRequest) -> Booked | NotBooked | Barred:
    """Place a visit as a customer does for themselves."""
    async with shop.sessions.begin() as session:
        return await place(session, wish, shop.clock.now(), NewVisit(ANNA, "EUR"))


async def test_one_more_than_the_limit_is_refused_with_how_many_and_a_way_to_them(stage: Stage) -> None:
    visits = await fill(stage)
    for command in (stage.booking("14:00", 9), summary(stage, "14:00", 9)):
        answer = await stage.tap(command)
        assert answer.alert
        assert answer.toast == "You have 5 visits ahead, and no more can be booked here at a time."
        assert "My bookings" in stage.buttons(answer.message)
    assert len(await stage.shop.live()) == MOST
    await stage.tap(Cancel(booking_id=visits[0], version=1))
    await stage.book("14:00", days=9)


async def test_a_move_does_not_count(stage: Stage) -> None:
    visits = await fill(stage)
    moving = Moving(booking_id=visits[0], version=1)
    answer = await stage.tap(Move(moving=moving, start=at("14:00")))
    assert answer.toast == "Moved!"
    about = {"business_id": stage.shop.business_id, "booking_id": visits[1], "actor_id": ANNA}
    async with stage.shop.sessions.begin() as session:
        session.add_all(
            BookingEvent(**about, kind="moved", source="chat", data={}) for _ in range(MOST_MOVES - 1)
        )
    again = await stage.tap(Move(moving=Moving(booking_id=visits[0], version=2), start=at("15:00")))
    assert again.toast == "You have moved visits 20 times within a day. Please call us to move one again."
    await stage.advance(timedelta(days=1))
    await stage.tap(Move(moving=Moving(booking_id=visits[1], version=1), start=at("15:00", 5)))
    assert (await stage.shop.booking(visits[1])).version == 2


@pytest.mark.parametrize("person", [ALICE, OWNER])
async def test_the_people_who_work_here_have_no_limit(stage: Stage, person: int) -> None:
    await stage.meet(person)
    await fill(stage, person, MOST + 1)


async def test_two_at_once_do_not_pass_the_limit(shop: Shop) -> None:
    for number in range(MOST - 1):
        await shop.book(shop.wish("Cut", "Alice", "10:00", 3 + number))
    async with asyncio.timeout(20), asyncio.TaskGroup() as group, shop.sessions() as faster:
        new = NewVisit(ANNA, "EUR")
        wish = shop.wish("Cut", "Alice", "10:00", 10)
        assert isinstance(await place(faster, wish, shop.clock.now(), new), Booked)
        slow = group.create_task(ask(shop, shop.wish("Cut", "Bob", "10:00", 11)))
        await blocked(shop)
        await faster.commit()
    outcome = slow.result()
    assert isinstance(outcome, Barred)
    assert (outcome.bar, outcome.count) == (Bar.UPCOMING, MOST)


async def test_who_cancels_again_and_again_is_asked_to_call_for_a_day(stage: Stage) -> None:
    await stage.meet(ALICE)
    await stage.type(ShowHome(), ALICE)
    for number in range(Allowance().max_cancelled):
        visit = await stage.book("10:00", days=3 + number)
        await stage.tap(Cancel(booking_id=visit, version=1))
    answer = await stage.tap(stage.booking("14:00"))
    assert answer.toast == CANCELLED
    told = [text for text in stage.texts(ALICE) if "Cut, Anna" in text]
    assert len(told) == 4  # of the first two pairs; of those after them nobody has to hear
    await stage.advance(timedelta(minutes=11))
    assert [text for text in stage.texts(ALICE) if "Cut, Anna" in text] == told
    await stage.advance(timedelta(days=1))
    await stage.book("14:00")


async def test_the_notice_of_a_wavering_customers_visit_comes_once_it_stays(stage: Stage) -> None:
    await stage.meet(ALICE)
    await stage.type(ShowHome(), ALICE)
    for number in range(2):
        visit = await stage.book("10:00", days=3 + number)
        await stage.tap(Cancel(booking_id=visit, version=1))
    await stage.book("15:00")
    assert "15:00" not in stage.texts(ALICE)[-1]
    await stage.advance(timedelta(minutes=11))
    assert "New visit" in stage.texts(ALICE)[-1]
    assert "15:00" in stage.texts(ALICE)[-1]
    assert (await stage.states("staff.notice"))[-1] == ("notice", State.SENT)


async def waver(stage: Stage) -> int:
    """Have Anna book once more after two visits that she cancelled; return that visit."""
    await stage.meet(ALICE, OWNER)
    await stage.type(ShowHome(), ALICE)
    for number in range(2):
        visit = await stage.book("10:00", days=3 + number)
        await stage.tap(Cancel(booking_id=visit, version=1))
    return await stage.book("15:00")


async def test_of_a_visit_that_nobody_has_heard_of_staff_that_cancel_it_tell_nobody(stage: Stage) -> None:
    visit = await waver(stage)
    before = stage.texts(ALICE)
    assert (await stage.tap(CallOff(booking_id=visit, version=1), OWNER)).toast == "Cancelled."
    await stage.advance(timedelta(minutes=11))
    assert stage.texts(ALICE) == before


async def test_a_visit_that_moved_before_anybody_heard_of_it_is_told_as_it_is_then(stage: Stage) -> None:
    visit = await waver(stage)
    before = stage.texts(ALICE)
    moving = Moving(booking_id=visit, version=1)
    assert (await stage.tap(Move(moving=moving, start=at("16:00")))).toast == "Moved!"
    assert stage.texts(ALICE) == before
    await stage.advance(timedelta(minutes=11))
    [told] = stage.texts(ALICE)[len(before) :]
    assert "New visit" in told
    assert "16:00–16:45" in told


async def move_about(stage: Stage, *clocks: str) -> list[str]:
    """Move one visit again and again; return what Alice was told of it at once."""
    await stage.meet(ALICE)
    await stage.type(ShowHome(), ALICE)
    visit = await stage.book("10:00")
    before = len(stage.texts(ALICE))
    for version, clock in enumerate(clocks, start=1):
        moving = Moving(booking_id=visit, version=version)
        assert (await stage.tap(Move(moving=moving, start=at(clock)))).toast == "Moved!"
    return stage.texts(ALICE)[before:]


async def test_many_moves_of_one_visit_come_as_one_word(stage: Stage) -> None:
    told = await move_about(stage, "11:00", "12:00", "13:00", "14:00", "15:00")
    assert ["11:00–11:45" in told[0], "12:00–12:45" in told[1], len(told)] == [True, True, 2]
    await stage.advance(timedelta(minutes=11))
    last = stage.texts(ALICE)[-1]
    assert "15:00–15:45" in last
    assert "Before: Wed, Nov 25, 12:00" in last
    assert [state for _, state in await stage.states("staff.notice")].count(State.SENT) == 4


async def test_of_a_visit_that_is_back_where_it_was_nothing_is_said(stage: Stage) -> None:
    told = await move_about(stage, "11:00", "12:00", "13:00", "12:00")
    await stage.advance(timedelta(minutes=11))
    assert stage.texts(ALICE)[-1] == told[-1]
    assert "12:00–12:45" in told[-1]


async def test_who_is_blocked_is_asked_to_call_and_keeps_what_is_theirs(stage: Stage) -> None:
    visit = await stage.book("10:00")
    async with stage.shop.sessions.begin() as session:
        await set_blocked(session, ANNA, stage.shop.clock.now())
    moving = Moving(booking_id=visit, version=1)
    asked = (
        ShowServices(),
        summary(stage, "14:00"),
        stage.booking("14:00"),
        StartMove(moving=moving),
        Move(moving=moving, start=at("14:00")),
    )
    for command in asked:
        answer = await stage.tap(command)
        assert (answer.toast, answer.alert) == (CALL, True), command
        assert "My bookings" in stage.buttons(answer.message)
    assert "10:00–10:45" in (await stage.tap(ShowBooking(booking_id=visit))).text
    assert (await stage.tap(Cancel(booking_id=visit, version=1))).toast == "Cancelled."
    async with stage.shop.sessions.begin() as session:
        await set_blocked(session, ANNA, None)
    await stage.book("14:00")


# Two visits at one time


def summary(stage: Stage, clock: str, days: int = 3, moving: Moving | None = None) -> ShowSummary:
    wish = stage.shop.wish("Cut", "Bob", clock, days)
    return ShowSummary(
        service_id=wish.service_id, specialist_id=wish.specialist_id, start=wish.start, moving=moving
    )


@pytest.mark.parametrize("moves", [False, True])
async def test_a_visit_beside_another_is_said_and_asked_about_twice(stage: Stage, *, moves: bool) -> None:
    other = await stage.book("14:00", specialist="Bob") if moves else None
    await stage.book("10:00", specialist="Alice")
    moving = Moving(booking_id=other, version=1) if other else None
    words, again = (
        "You have Cut with Alice 10:00–10:45 at that time.",
        "Move anyway" if moves else "Book anyway",
    )
    first = await stage.tap(summary(stage, "10:15", moving=moving))
    assert words in first.text
    confirm = stage.buttons(first.message)["Confirm"]
    second = await stage.tap(unpack(str(confirm)), message=first.message)
    assert words in second.text
    at_that_time = [each for each in await stage.shop.live() if each.during.lower == at("10:15")]
    assert [each.status for each in at_that_time] == ["held"]
    sure = stage.buttons(second.message)[again]
    third = await stage.tap(unpack(str(sure)), message=second.message)
    assert third.toast == ("Moved!" if moves else "Booked!")
    at_that_time = [each for each in await stage.shop.live() if each.during.lower == at("10:15")]
    assert [each.status for each in at_that_time] == ["confirmed"]


async def test_a_visit_that_only_touches_another_is_not_asked_about(stage: Stage) -> None:
    await stage.book("10:00", specialist="Alice")
    shown = await stage.tap(summary(stage, "10:45"))
    assert "at that time" not in shown.text
    assert (await stage.tap(stage.booking("10:45", specialist="Bob"))).toast == "Booked!"


async def test_an_overlap_that_came_about_meanwhile_is_found_inside_the_transaction(shop: Shop) -> None:
    async with asyncio.timeout(20), asyncio.TaskGroup() as group, shop.sessions() as faster:
        assert isinstance(await shop.place_in(faster, shop.wish("Cut", "Alice", "10:00")), Booked)
        wish = replace(shop.wish("Cut", "Bob", "10:15"), anyway=False)
        slow = group.create_task(ask(shop, wish))
        await blocked(shop)
        await faster.commit()
    outcome = slow.result()
    assert isinstance(outcome, Barred)
    assert outcome.bar is Bar.OVERLAP
    assert isinstance(await ask(shop, replace(wish, anyway=True)), Booked)


async def test_others_visits_are_no_obstacle(stage: Stage) -> None:
    await stage.meet(BEN)
    await stage.book("10:00", person=BEN)
    assert "at that time" not in (await stage.tap(summary(stage, "10:15"))).text
