"""Another time than the one that was asked for: proposed by staff, or wanted by the customer."""

from asyncio import gather
from datetime import timedelta

import pytest

from shared.buttons import unpack
from shared.contracts.approval import Accept, AcceptProposal, Decline, DeclineProposal
from shared.contracts.base import Command
from shared.contracts.booking import Move, Moving, ShowSummary, StartMove
from shared.contracts.staff import ShowVisitHistory
from tests.worker.approval.asking import ask
from tests.worker.shop import ALICE, ANNA, BEN, OWNER, at
from tests.worker.stage import Stage
from tests.worker.waitlist.waiting import answer, fill, free, join

TWELVE_HOURS = timedelta(hours=12)
CHANGED = "This visit has changed since. Here is how it stands now."


async def propose(stage: Stage, request: int, clock: str = "12:00", *, version: int = 1) -> int:
    """Let Alice propose another time as she sees it; return the message that asks the customer."""
    moving = Moving(booking_id=request, version=version)
    done = await stage.tap(Move(moving=moving, start=at(clock)), ALICE)
    assert done.toast == "Proposed. You will be told the answer."
    return int(stage.messages()[-1]["message_id"])


async def test_another_time_is_proposed_on_the_notice_and_its_customer_books_it(stage: Stage) -> None:
    request = await ask(stage)
    notice = stage.messages(ALICE)[-1]["message_id"]
    old = stage.buttons(notice, ALICE)
    assert list(old)[:3] == ["Accept", "Decline", "Propose another time"]
    picking = await stage.tap(unpack(str(old["Propose another time"])), ALICE, notice)
    assert "Other days" in stage.buttons(picking.message, ALICE)
    about = {"service_id": request.service_id, "specialist_id": request.specialist_id}
    moving = Moving(booking_id=request.id, version=1)
    asked = await stage.tap(ShowSummary(**about, start=at("12:00"), moving=moving), ALICE, notice)
    assert asked.text.startswith("Propose this time?")
    assert "The customer is asked." in asked.text
    confirm = unpack(str(stage.buttons(notice, ALICE)["Confirm"]))
    proposed = await stage.tap(confirm, ALICE, notice)
    assert proposed.toast == "Proposed. You will be told the answer."
    assert "Proposed. Without the customer's answer by" in proposed.text
    assert list(stage.buttons(notice, ALICE))[:2] == ["Decline", "Propose another time"]
    visit = await stage.shop.booking(request.id)
    now = stage.shop.clock.now()
    assert (visit.status, visit.awaits, visit.kept_until) == ("pending", "customer", now + TWELVE_HOURS)
    told = stage.messages()[-1]
    assert told["text"].startswith("🕒 Does this time suit you?")
    assert "proposes this time in place of yours." in told["text"]
    assert "Before:" in told["text"]
    assert "↩️ Can be moved or cancelled until" in told["text"], "accepting it needs no summary"
    buttons = stage.buttons(told["message_id"])
    assert list(buttons)[:3] == ["Accept", "Decline", "Other times"]
    await stage.promised(of="booking.reminder")
    late = await stage.tap(unpack(str(old["Accept"])), OWNER)
    assert late.toast == "Anna has proposed another time already."
    forged = await stage.tap(Accept(booking_id=request.id, version=2), ALICE)
    assert forged.toast == late.toast
    own = {"booking_id": request.id, "version": 2}
    for theirs in (AcceptProposal(**own), DeclineProposal(**own)):
        assert (await stage.tap(theirs, BEN)).toast == "You have no such visit."
    assert (await stage.tap(AcceptProposal(booking_id=request.id, version=1))).toast == CHANGED
    taken = await stage.tap(unpack(str(buttons["Accept"])), message=told["message_id"])
    assert taken.toast == "Booked!"
    assert stage.text(ANNA, told["message_id"]).startswith("✅ Booked. See you then!")
    booked = await stage.shop.booking(request.id)
    assert (booked.status, booked.awaits, booked.kept_until) == ("confirmed", None, None)
    assert len(stage.calendars()) == 1
    assert len(await stage.outbox("booking.reminder")) == 2
    assert "Request accepted" in stage.texts(ALICE)[-1]
    again = await stage.tap(unpack(str(buttons["Decline"])))
    assert again.toast == "Anna has accepted it already."
    assert (await stage.shop.booking(request.id)).status == "confirmed"
    history = await stage.tap(ShowVisitHistory(booking_id=request.id), ALICE)
    assert "proposed another time" in history.text
    await stage.advance(TWELVE_HOURS)
    assert (await stage.shop.booking(request.id)).status == "confirmed"


async def test_the_time_that_was_asked_for_goes_down_the_waitlist_when_another_is_proposed(
    stage: Stage,
) -> None:
    [ten, _] = await fill(stage, "10:00", "12:00")
    await join(stage, BEN)
    await free(stage, ten)
    offered = await answer(stage, BEN)
    asked = await stage.tap(unpack(str(stage.buttons(offered.message, BEN)["Confirm"])), BEN, offered.message)
    assert asked.toast == "Asked. You will be told the answer."
    request = await stage.newest()
    await join(stage, ANNA)
    moving = Moving(booking_id=request.id, version=1)
    later = await stage.tap(Move(moving=moving, start=at("10:00", 4)), ALICE)
    assert later.toast == "Proposed. You will be told the answer."
    await stage.advance(timedelta())
    assert "10:00" in stage.texts(ANNA)[-1]


async def test_a_proposed_time_is_declined_or_lapses_and_both_sides_read_it(stage: Stage) -> None:
    first = (await ask(stage)).id
    shown = await propose(stage, first)
    declined = await stage.tap(unpack(str(stage.buttons(shown)["Decline"])), message=shown)
    assert declined.toast == "Declined."
    assert (await stage.shop.booking(first)).status == "cancelled"
    assert "The customer declined the time that was proposed" in stage.texts(ALICE)[-1]
    assert stage.text(ANNA, shown).startswith("❌ Cancelled")
    second = (await ask(stage)).id
    shown = await propose(stage, second)
    stage.shop.clock.advance(TWELVE_HOURS)
    late = await stage.tap(AcceptProposal(booking_id=second, version=2), message=shown)
    assert late.toast == "Too late: nobody answered in time, and the request has lapsed."
    await stage.advance(timedelta())
    assert (await stage.shop.booking(second)).status == "cancelled"
    assert "You did not answer in time: you have no visit." in stage.texts()[-1]
    assert "Request lapsed without an answer" in stage.texts(ALICE)[-1]
    await stage.shop.book(stage.shop.wish("Cut", "Alice", "12:00"), BEN)


@pytest.mark.parametrize("asked", ["staff", "customer"])
async def test_of_two_who_answer_at_once_one_wins_and_the_other_reads_what_happened(
    stage: Stage, asked: str
) -> None:
    """Cal.com #29958: two confirmations both read 'pending', and both were let through."""
    request = (await ask(stage)).id
    two: list[tuple[Command, int]] = [
        (Accept(booking_id=request, version=1), ALICE),
        (Decline(booking_id=request, version=1), OWNER),
    ]
    if asked == "customer":
        await propose(stage, request)
        two = [
            (AcceptProposal(booking_id=request, version=2), ANNA),
            (Decline(booking_id=request, version=2), ALICE),
        ]
    taps = [await stage.tapped(command, person) for command, person in two]
    await gather(*map(stage.run, taps))
    answers = [stage.answer(each) for each in taps]
    winner, loser = sorted(answers, key=lambda each: each.alert)
    assert (winner.alert, loser.alert) == (False, True)
    assert "already" in str(loser.toast)
    ends = [each for each in await stage.events() if each in {"accepted", "declined"}]
    assert len(ends) == 1


async def test_a_request_that_its_customer_moves_stays_one_and_old_buttons_book_nothing(
    stage: Stage,
) -> None:
    request = (await ask(stage)).id
    old = stage.messages(ALICE)[-1]["message_id"]
    accept = unpack(str(stage.buttons(old, ALICE)["Accept"]))
    card = stage.messages()[-1]["message_id"]
    moving = Moving(booking_id=request, version=1)
    assert unpack(str(stage.buttons(card)["Move"])) == StartMove(moving=moving)
    moved = await stage.tap(Move(moving=moving, start=at("12:00")), message=card)
    assert moved.toast == "Asked. You will be told the answer."
    visit = await stage.shop.booking(request)
    assert (visit.status, visit.during.lower, visit.moved) == ("pending", at("12:00"), False)
    notice = stage.messages(ALICE)[-1]
    assert "Somebody asks for a visit" in notice["text"]
    assert "Before:" in notice["text"]
    late = await stage.tap(accept, ALICE, old)
    assert late.toast == "The customer asks for another time now. Here it is."
    assert (await stage.shop.booking(request)).status == "pending"
    assert "12:00" in late.text
    await stage.shop.book(stage.shop.wish("Cut", "Alice", "10:00"), BEN)
    accepted = await stage.tap(unpack(str(stage.buttons(old, ALICE)["Accept"])), ALICE, old)
    assert accepted.toast == "Accepted."
    assert "Booked. See you then!" in stage.text(ANNA, card)
    other = (await ask(stage, "15:00")).id
    shown = await propose(stage, other, "16:00")
    others = unpack(str(stage.buttons(shown)["Other times"]))
    assert others == StartMove(moving=Moving(booking_id=other, version=2))
    again = await stage.tap(Move(moving=others.moving, start=at("17:00")), message=shown)
    assert again.toast == "Asked. You will be told the answer."
    assert (await stage.shop.booking(other)).awaits is None
    stage.shop.clock.advance(TWELVE_HOURS)
    lapsed = await stage.tap(Move(moving=Moving(booking_id=other, version=3), start=at("15:00")))
    assert lapsed.toast == "Nobody answered in time, and the request has lapsed."


async def test_other_times_in_a_row_are_asked_about_together(stage: Stage) -> None:
    request = (await ask(stage)).id
    for version, clock in enumerate(("12:00", "13:00", "14:00", "15:00"), 1):
        moving = Moving(booking_id=request, version=version)
        assert (await stage.tap(Move(moving=moving, start=at(clock)))).toast is not None
    asked = "Somebody asks for a visit"
    assert sum(asked in text for text in stage.texts(ALICE)) == 2
    await stage.advance(timedelta(minutes=11))
    notices = [text for text in stage.texts(ALICE) if asked in text]
    assert len(notices) == 3
    assert "15:00" in notices[-1]
    assert "12:00" in notices[-1].split("Before:")[1]


async def test_a_visit_that_its_customer_moves_is_asked_for_again(stage: Stage) -> None:
    request = (await ask(stage)).id
    assert (await stage.tap(Accept(booking_id=request, version=1), ALICE)).toast == "Accepted."
    about = {"service_id": stage.shop.services["Cut"], "specialist_id": stage.shop.specialists["Alice"]}
    moving = Moving(booking_id=request, version=2)
    seen = await stage.tap(ShowSummary(**about, start=at("12:00"), moving=moving))
    assert "Who is here for the first time waits for an answer again." in seen.text
    moved = await stage.tap(unpack(str(stage.buttons(seen.message)["Confirm"])), message=seen.message)
    assert moved.toast == "Asked. You will be told the answer."
    visit = await stage.shop.booking(request)
    assert (visit.status, visit.moved) == ("pending", True)
    assert {state for _, state in await stage.states("booking.reminder")} == {"void"}
    assert [each["METHOD"] for each in stage.calendars()][-1] == "CANCEL"
    await stage.shop.book(stage.shop.wish("Cut", "Alice", "10:00"), BEN)
    assert (await stage.tap(Accept(booking_id=request, version=3), ALICE)).toast == "Accepted."
    assert [each["METHOD"] for each in stage.calendars()][-1] == "PUBLISH"
    by_staff = Move(moving=Moving(booking_id=request, version=4), start=at("15:00"))
    assert (await stage.tap(by_staff, ALICE)).toast == "Moved!"
    assert (await stage.shop.booking(request)).status == "confirmed"
