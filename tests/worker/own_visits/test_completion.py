"""Visits that are over become done by their timers, and nothing else about them changes."""

from datetime import datetime, timedelta

from shared.contracts.booking import Move, Moving
from shared.contracts.cancelling import Cancel
from shared.contracts.own_visits import CompleteVisit, ShowBooking
from shared.contracts.staff import ShowAgenda
from tests.kit.promises import TimerSet
from tests.worker.shop import ALICE, at
from tests.worker.stage import Stage

A_DAY = timedelta(days=1)


def completion(booking: int, end: datetime) -> TimerSet:
    return TimerSet(kind=CompleteVisit.kind, due=end + A_DAY, fields={"booking_id": booking})


async def status(stage: Stage, booking: int) -> tuple[str, int]:
    found = await stage.shop.booking(booking)
    return found.status, found.version


async def test_a_visit_is_done_a_day_after_its_end(stage: Stage) -> None:
    booking = await stage.book("10:00")
    await stage.promised(completion(booking, at("10:45")))
    await stage.advance_to(at("10:45") + A_DAY - timedelta(seconds=1))
    assert await status(stage, booking) == ("confirmed", 1)
    await stage.advance(timedelta(seconds=1))
    assert await status(stage, booking) == ("done", 1)
    await stage.promised(of=CompleteVisit.kind)


async def test_a_moved_visit_is_done_after_its_new_end(stage: Stage) -> None:
    booking = await stage.book("10:00")
    async with stage.promising(completion(booking, at("14:45"))):
        await stage.tap(Move(moving=Moving(booking_id=booking, version=1), start=at("14:00")))
    await stage.advance_to(at("10:45") + A_DAY)
    assert await status(stage, booking) == ("confirmed", 2)
    await stage.advance_to(at("14:45") + A_DAY)
    assert await status(stage, booking) == ("done", 2)


async def test_a_cancelled_visit_has_no_timer(stage: Stage) -> None:
    booking = await stage.book("10:00")
    await stage.tap(Cancel(booking_id=booking, version=1))
    await stage.promised(of=CompleteVisit.kind)


async def test_nobody_but_a_timer_completes_a_visit(stage: Stage) -> None:
    booking = await stage.book("10:00")
    await stage.run(stage.envelope(CompleteVisit(booking_id=booking)))
    stage.shop.clock.advance(timedelta(days=9))
    await stage.run(stage.envelope(CompleteVisit(booking_id=booking)))
    assert await status(stage, booking) == ("confirmed", 1)


async def test_what_is_done_is_over_on_its_card_and_stays_on_the_agenda(stage: Stage) -> None:
    await stage.meet(ALICE)
    booking = await stage.book("10:00")
    await stage.advance(timedelta(days=5))
    card = await stage.tap(ShowBooking(booking_id=booking))
    assert "This visit is over" in card.text
    assert set(stage.buttons(card.message)) == {"Book again", "My bookings", "Menu"}
    agenda = await stage.type(ShowAgenda(first=at("10:00").date()), ALICE)
    assert "10:00–10:45 Cut, Anna" in agenda
