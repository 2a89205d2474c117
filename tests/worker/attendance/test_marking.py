"""Staff mark who came on the visit's card, take it back, and the visit's status follows the day after."""

from datetime import timedelta

import pytest

from shared.buttons import unpack
from shared.contracts.booking import Move, Moving, ShowServices
from shared.contracts.customers import ShowCustomer
from shared.contracts.menu import ShowHome
from shared.contracts.own_visits import ShowBooking
from shared.contracts.staff import (
    CallOff,
    MarkArrived,
    MarkDone,
    MarkNoShow,
    ShowStaffCard,
    ShowVisitHistory,
    UndoMark,
)
from shared.envelope import Actor
from tests.worker.shop import ALICE, ANNA, OWNER, at
from tests.worker.stage import Answer, Stage
from worker.db.models.booking import Mark
from worker.people.repository import save_person

BEFORE = ["Move", "Cancel", "Repeat", "Note", "Customer", "History", "The day", "Menu"]
AFTER = ["Note", "Customer", "History", "The day", "Menu"]


async def press(stage: Stage, answer: Answer, label: str, person: int = ALICE) -> Answer:
    """Tap the button with this label under what was answered."""
    data = stage.buttons(answer.message, person)[label]
    return await stage.tap(unpack(str(data)), person, answer.message)


async def card(stage: Stage, visit: int, person: int = ALICE) -> Answer:
    """Open a visit's staff card."""
    return await stage.tap(ShowStaffCard(booking_id=visit), person)


async def at_the(stage: Stage, clock: str) -> None:
    """Let it be that time of the visit's day, with nothing that is due delivered."""
    stage.shop.clock.advance(at(clock) - stage.shop.clock.now())


@pytest.fixture
async def visit(stage: Stage) -> int:
    """Anna's visit with Alice, 10:00 to 10:45."""
    await stage.meet(ALICE, OWNER)
    await stage.type(ShowHome(), ALICE)
    return await stage.book("10:00")


async def test_a_visit_is_arrived_then_done_and_closed_as_such(stage: Stage, visit: int) -> None:
    assert list(stage.buttons((await card(stage, visit)).message, ALICE)) == BEFORE
    await at_the(stage, "09:50")
    shown = await card(stage, visit)
    assert list(stage.buttons(shown.message, ALICE)) == ["Arrived", *BEFORE]
    async with stage.promising():
        here = await press(stage, shown, "Arrived")
    assert (here.toast, "Arrived at 09:50" in here.text) == ("Noted.", True)
    assert list(stage.buttons(here.message, ALICE)) == ["Undo", *BEFORE]
    await at_the(stage, "10:30")
    async with stage.promising():
        done = await press(stage, await card(stage, visit), "Done")
    assert ("Done" in done.text, "Arrived at 09:50" in done.text) == (True, True)
    assert list(stage.buttons(done.message, ALICE)) == ["Undo", *AFTER]
    refused = await stage.tap(CallOff(booking_id=visit, version=1), ALICE)
    assert (refused.toast, refused.alert) == ("This visit is over.", True)
    assert await stage.events() == ["booked", "arrived", "done"]
    await stage.advance_to(at("10:45") + timedelta(days=1))
    found = await stage.shop.booking(visit)
    assert (found.status, found.version) == ("done", 1)
    assert list(stage.buttons((await card(stage, visit)).message, ALICE)) == AFTER


async def test_a_no_show_frees_nothing_and_its_customer_is_not_told(stage: Stage, visit: int) -> None:
    await at_the(stage, "10:15")
    before = [text for text in stage.texts(ANNA) if text != "screen"]
    async with stage.promising():
        missed = await press(stage, await card(stage, visit), "No-show")
    assert "Did not come" in missed.text
    assert [text for text in stage.texts(ANNA) if text != "screen"] == before
    assert (await stage.shop.booking(visit)).status == "confirmed"
    assert [each.id for each in await stage.shop.live()] == [visit]
    assert "Missed: 1" in (await stage.tap(ShowCustomer(booking_id=visit), ALICE)).text
    await stage.advance_to(at("10:45") + timedelta(days=1))
    assert (await stage.shop.booking(visit)).status == "no_show"
    assert "Missed: 1" in (await stage.tap(ShowCustomer(booking_id=visit), ALICE)).text
    assert "Did not come" in (await card(stage, visit)).text
    shown = await stage.tap(ShowBooking(booking_id=visit))
    assert "This visit is over" in shown.text
    assert "come" not in shown.text


async def test_a_mark_is_taken_back_one_step_at_a_time(stage: Stage, visit: int) -> None:
    await at_the(stage, "10:00")
    shown = await press(stage, await press(stage, await card(stage, visit), "Arrived"), "Done")
    back = await press(stage, shown, "Undo")
    assert (back.toast, "Arrived at 10:00" in back.text) == ("Undone.", True)
    assert list(stage.buttons(back.message, ALICE)) == ["Done", "Undo", *BEFORE]
    clean = await press(stage, back, "Undo")
    assert list(stage.buttons(clean.message, ALICE)) == ["Arrived", "Done", "No-show", *BEFORE]
    await press(stage, clean, "No-show")
    await stage.advance_to(at("10:45") + timedelta(days=1))
    late = await stage.tap(UndoMark(booking_id=visit, version=1, mark=Mark.NO_SHOW), ALICE)
    assert (late.alert, "too late" in str(late.toast)) == (True, True)
    assert await stage.events() == ["booked", "arrived", "done", "unmarked", "unmarked", "no_show"]
    history = await stage.tap(ShowVisitHistory(booking_id=visit), ALICE)
    words = [line.rpartition(": ")[2] for line in history.text.splitlines()[2:]]
    assert words == [
        "booked",
        "marked as arrived",
        "marked as done",
        "took the mark back",
        "took the mark back",
        "marked as a no-show",
    ]


async def test_of_two_at_once_one_wins_and_the_other_reads_who(stage: Stage, visit: int) -> None:
    await at_the(stage, "10:00")
    theirs, mine = await card(stage, visit, OWNER), await card(stage, visit)
    await press(stage, mine, "No-show")
    async with stage.shop.sessions.begin() as session:
        await save_person(session, Actor(id=ALICE, first_name="Alice"))
    late = await press(stage, theirs, "Done", OWNER)
    assert (late.toast, late.alert) == ("Alice has marked it already: no-show.", True)
    assert "Did not come" in late.text
    early = await stage.tap(MarkArrived(booking_id=visit, version=1), OWNER)
    assert (early.alert, await stage.events()) == (True, ["booked", "no_show"])
    await stage.tap(UndoMark(booking_id=visit, version=1, mark=Mark.NO_SHOW), ALICE)
    async with stage.shop.sessions.begin() as session:
        await save_person(session, Actor(id=ALICE, first_name="Alice"))
    again = await press(stage, late, "Undo", OWNER)
    assert (again.toast, again.alert) == ("Alice has taken the mark back.", True)


async def test_what_cannot_be_true_yet_is_refused(stage: Stage, visit: int) -> None:
    for kind in (MarkArrived, MarkDone, MarkNoShow):
        early = await stage.tap(kind(booking_id=visit, version=1), ALICE)
        assert (early.toast, early.alert) == ("It is too early for that.", True)
    assert await stage.events() == ["booked"]


async def test_a_move_takes_an_arrival_back(stage: Stage) -> None:
    await stage.meet(ALICE)
    visit = await stage.book("14:00", service="Yoga")
    await at_the(stage, "12:30")
    await stage.tap(MarkArrived(booking_id=visit, version=1), ALICE)
    assert (await stage.shop.booking(visit)).arrived_at == at("12:30")
    await stage.tap(Move(moving=Moving(booking_id=visit, version=1), start=at("16:00")))
    moved = await stage.shop.booking(visit)
    assert (moved.version, moved.arrived_at) == (2, None)


async def test_who_is_here_is_not_reminded(stage: Stage, visit: int) -> None:
    assert visit
    await at_the(stage, "08:10")
    await stage.tap(MarkArrived(booking_id=visit, version=1), ALICE)
    await stage.advance(timedelta(minutes=10))
    assert not [text for text in stage.texts(ANNA) if "coming up" in text]


async def test_a_missed_visit_is_not_what_a_customer_had(stage: Stage) -> None:
    await stage.meet(ALICE)
    visit = await stage.book("10:00", service="Yoga")
    await at_the(stage, "10:00")
    offered = await stage.tap(ShowServices())
    assert list(stage.buttons(offered.message))[:2] == ["Book again", "Yoga"]
    await stage.tap(MarkNoShow(booking_id=visit, version=1), ALICE)
    offered = await stage.tap(ShowServices())
    assert next(iter(stage.buttons(offered.message))) == "Cut"
