"""Staff move a visit through the customer's own flow; the customer is told once, with who did it."""

import pytest

from shared.buttons import unpack
from shared.contracts.booking import Move, Moving, ShowSummary, StartMove
from shared.contracts.cancelling import AskCancel
from shared.contracts.customers import BlockCustomer
from shared.contracts.menu import ShowHome
from shared.contracts.own_visits import ShowBooking
from shared.contracts.staff import ShowStaffCard, ShowVisitHistory
from tests.worker.shop import ALICE, ANNA, BEN, BOB, OWNER, at
from tests.worker.stage import Answer, Stage
from worker.db.models.delivery import State


async def press(stage: Stage, answer: Answer, label: str, person: int = ALICE) -> Answer:
    """Tap the first button that holds this label under what was answered."""
    buttons = stage.buttons(answer.message, person)
    data = next(data for text, data in buttons.items() if label in text)
    return await stage.tap(unpack(str(data)), person, answer.message)


@pytest.fixture
async def visit(stage: Stage) -> int:
    """Anna's visit with Alice, 10:00 to 10:45."""
    await stage.meet(ALICE, BOB, BEN, OWNER)
    await stage.type(ShowHome(), ALICE)
    return await stage.book("10:00")


async def test_a_year_is_said_where_it_is_not_this_one(stage: Stage, visit: int) -> None:
    later = await stage.book("10:00", days=45)
    notices = [text for text in stage.texts(ALICE) if "New visit" in text]
    assert "Wed, Nov 25, 10:00–10:45" in notices[0]
    assert "Wed, Jan 6, 2027, 10:00–10:45" in notices[1]
    for number, day in ((visit, "Wed, Nov 25, 10:00"), (later, "Wed, Jan 6, 2027, 10:00")):
        for shown in (
            await stage.tap(ShowStaffCard(booking_id=number), ALICE),
            await stage.tap(AskCancel(booking_id=number, version=1)),
        ):
            assert day in shown.text


async def test_a_visit_is_moved_by_taps_and_its_customer_is_told_once(stage: Stage, visit: int) -> None:
    card = await stage.tap(ShowStaffCard(booking_id=visit), ALICE)
    soonest = await press(stage, card, "Move")
    back = await press(stage, soonest, "« Back")
    assert f"Visit № {visit}" in back.text
    summary = await stage.tap(
        ShowSummary(
            service_id=stage.shop.services["Cut"],
            specialist_id=stage.shop.specialists["Alice"],
            start=at("14:00"),
            moving=Moving(booking_id=visit, version=1),
        ),
        ALICE,
    )
    assert "Move the visit?" in summary.text
    done = await press(stage, summary, "Confirm")
    assert (done.toast, "14:00–14:45" in done.text) == ("Moved!", True)
    assert "Note" in stage.buttons(done.message, ALICE)
    told = [text for text in stage.texts(ANNA) if "has moved your visit" in text]
    assert len(told) == 1
    assert "Anna of Barber & Co has moved your visit." in told[0]
    assert "Before: Wed, Nov 25, 10:00" in told[0]
    assert "14:00–14:45" in told[0]
    assert "14:00–14:45" in (await stage.tap(ShowBooking(booking_id=visit))).text
    reminders = await stage.states("booking.reminder")
    assert [state for _, state in reminders] == [State.VOID, State.VOID, State.PENDING, State.PENDING]
    history = await stage.tap(ShowVisitHistory(booking_id=visit), ALICE)
    assert "staff, in the chat: moved from" in history.text
    again = await stage.tap(Move(moving=Moving(booking_id=visit, version=1), start=at("14:00")), ALICE)
    assert (again.toast, await stage.events()) == ("Moved already.", ["booked", "moved"])


async def test_no_limit_of_customers_binds_staff_but_what_is_taken_does(stage: Stage, visit: int) -> None:
    taken = await stage.book("14:00", person=BEN)
    await stage.tap(BlockCustomer(booking_id=visit), ALICE)
    stage.shop.clock.advance(at("09:55") - stage.shop.clock.now())
    moving = Moving(booking_id=visit, version=1)
    refused = await stage.tap(Move(moving=moving, start=at("14:00")), ALICE)
    assert (refused.alert, refused.toast != "Moved!") == (True, True)
    assert (await stage.shop.booking(visit)).version == 1
    assert (await stage.tap(Move(moving=moving, start=at("15:00")), ALICE)).toast == "Moved!"
    assert await stage.shop.overlaps() == 0
    assert taken


async def test_what_has_been_is_not_moved(stage: Stage, visit: int) -> None:
    stage.shop.clock.advance(at("10:45") - stage.shop.clock.now())
    moving = Moving(booking_id=visit, version=1)
    for command in (StartMove(moving=moving), Move(moving=moving, start=at("15:00"))):
        late = await stage.tap(command, ALICE)
        assert (late.toast, late.alert) == ("This visit is over.", True)
    stale = await stage.tap(StartMove(moving=Moving(booking_id=visit, version=9)), OWNER)
    assert stale.alert


async def test_another_specialist_moves_nothing_of_it(stage: Stage, visit: int) -> None:
    moving = Moving(booking_id=visit, version=1)
    for command in (StartMove(moving=moving), Move(moving=moving, start=at("15:00"))):
        assert (await stage.tap(command, BOB)).toast == "You have no such visit."
    assert (await stage.shop.booking(visit)).version == 1
