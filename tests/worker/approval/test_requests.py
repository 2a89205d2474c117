"""A request keeps its time until it is accepted, declined, or lapses; nothing is promised of it before."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from shared.buttons import unpack
from shared.contracts.approval import Accept, AskDecline, Decline, DeclineWithWord
from shared.contracts.booking import Book, ShowDay
from shared.contracts.cancelling import Cancel
from shared.contracts.chat import Say
from shared.contracts.sick import SayIll
from shared.contracts.staff import MarkArrived, ShowAgenda
from tests.worker.approval.asking import ask
from tests.worker.booking.outcomes import taken
from tests.worker.setup.test_setup import Chatter
from tests.worker.shop import ALICE, ANNA, BEN, OWNER, at
from tests.worker.stage import Stage
from tests.worker.waitlist.waiting import answer, fill, free, join, live
from worker.scheduling.parts import DayPart


async def test_calcom_29958_what_waits_is_busy_and_whoever_comes_back_to_it_is_refused(stage: Stage) -> None:
    """Two of its leaks: availability forgot what is pending, and nothing was asked once it was accepted.

    The third, two confirmations that both read 'pending', is a test of its own in test_proposals. Nor is
    anything booked or sent where an error is shown (#16387).
    """
    request = await ask(stage)
    about = {"service_id": request.service_id, "specialist_id": request.specialist_id}
    day = await stage.tap(ShowDay(**about, day=at("10:00").date(), part=DayPart.MORNING), BEN)
    times = stage.buttons(day.message, BEN).keys()
    assert {"09:05", "10:55"} <= times
    assert not {"09:10", "10:00", "10:30"} & times
    async with stage.promising():
        assert (await stage.tap(stage.booking("10:30"), BEN)).alert
    assert len(await stage.shop.live()) == 1
    await stage.tap(Cancel(booking_id=request.id, version=1))
    other = await ask(stage, "10:30", person=BEN)
    with pytest.raises(IntegrityError, match="ex_booking_overlap"):
        await stage.shop.set_status(request.id, "pending")
    assert (await stage.tap(Accept(booking_id=other.id, version=1), ALICE)).toast == "Accepted."
    with pytest.raises(IntegrityError, match="ex_booking_overlap"):
        await stage.shop.set_status(request.id, "confirmed")


async def test_the_agenda_tells_a_request_from_what_is_agreed(stage: Stage) -> None:
    request = await ask(stage)
    agenda = ShowAgenda(first=at("10:00").date())
    said = await stage.type(agenda, ALICE)
    assert "✋ 🌱 10:00–10:45 Cut, Anna" in said
    assert "✋ asked for, and waits for an answer" in said
    assert "✋ 🌱 10:00 · Cut · Anna" in stage.buttons(stage.messages(ALICE)[-1]["message_id"], ALICE)
    await stage.tap(Accept(booking_id=request.id, version=1), ALICE)
    assert "✋" not in await stage.type(agenda, ALICE)


async def test_a_request_keeps_its_time_asks_the_specialist_and_promises_no_visit(stage: Stage) -> None:
    request = await ask(stage)
    assert (request.status, request.kept_until) == ("pending", stage.shop.clock.now() + timedelta(hours=12))
    card = stage.texts()[-1]
    assert "Asked for. Waiting for Alice" in card
    assert "⏳ Without an answer by Sun, Nov 22, 21:00 it lapses." in card
    notice = stage.messages(ALICE)[-1]
    assert "Somebody asks for a visit" in notice["text"]
    assert {"Accept", "Decline"} <= stage.buttons(notice["message_id"], ALICE).keys()
    assert taken(await stage.shop.place(stage.shop.wish("Cut", "Alice", "10:00"), BEN))
    await stage.promised(of="booking.reminder")
    await stage.promised(of="booking.calendar")
    early = await stage.tap(MarkArrived(booking_id=request.id, version=1), ALICE)
    assert early.alert


async def test_an_accepted_request_is_a_visit_and_of_two_who_answer_the_second_reads_who(
    stage: Stage,
) -> None:
    request = await ask(stage)
    notice = stage.messages(ALICE)[-1]["message_id"]
    accept = unpack(str(stage.buttons(notice, ALICE)["Accept"]))
    assert (await stage.tap(accept, ALICE, notice)).toast == "Accepted."
    assert "Booked. See you then!" in stage.texts()[-1] or "Booked. See you then!" in stage.texts()[-2]
    assert [state for kind, state in await stage.states("booking.reminder")] == ["pending", "pending"]
    assert len(stage.calendars()) == 1
    visit = await stage.shop.booking(request.id)
    assert (visit.status, visit.kept_until) == ("confirmed", None)
    late = await stage.tap(Decline(booking_id=request.id, version=1), OWNER)
    assert late.alert
    assert "has accepted it already." in str(late.toast)
    await stage.advance(timedelta(hours=13))
    assert (await stage.shop.booking(request.id)).status == "confirmed"


async def test_a_declined_request_says_why_and_shows_other_times(stage: Stage) -> None:
    request = await ask(stage)
    await stage.tap(AskDecline(booking_id=request.id, version=1), ALICE)
    await stage.type(Say(text="We are away then"), ALICE)
    assert (await stage.shop.booking(request.id)).status == "cancelled"
    told = stage.messages()[-1]
    assert "Barber & Co cannot take your visit." in told["text"]
    assert "We are away then" in told["text"]
    others = list(stage.buttons(told["message_id"]))
    assert "Other times" in others
    assert len(others) == 5
    assert (await stage.tap(Accept(booking_id=request.id, version=1), OWNER)).alert
    assert (await stage.shop.booking(request.id)).status == "cancelled"


async def test_a_request_lapses_at_its_deadline_and_nobody_accepts_it_then(stage: Stage) -> None:
    request = await ask(stage)
    stage.shop.clock.advance(timedelta(hours=12))
    late = await stage.tap(Accept(booking_id=request.id, version=1), ALICE)
    assert late.toast == "Too late: nobody answered in time, and the request has lapsed."
    await stage.advance(timedelta())
    assert (await stage.shop.booking(request.id)).status == "cancelled"
    assert "Nobody answered in time: you have no visit." in stage.texts()[-1]
    assert "Request lapsed without an answer" in stage.texts(ALICE)[-1]
    await stage.shop.book(stage.shop.wish("Cut", "Alice", "10:00"), BEN)


async def test_a_request_for_soon_lapses_at_the_notice(stage: Stage) -> None:
    request = await ask(stage, "14:00", 0)
    assert request.kept_until == at("14:00", 0)


async def test_a_request_that_was_cancelled_is_accepted_by_nobody(stage: Stage) -> None:
    request = await ask(stage, "10:00", 1)
    assert (await stage.tap(Cancel(booking_id=request.id, version=1))).toast == "Cancelled."
    late = await stage.tap(Accept(booking_id=request.id, version=1), ALICE)
    assert late.toast == "This visit is cancelled already."
    assert stage.calendars() == []


async def test_who_has_been_here_is_accepted_at_once(stage: Stage) -> None:
    await stage.shop.book(stage.shop.wish("Steam", "Alice", "10:00", 0))
    await stage.advance(timedelta(days=2))
    await stage.book("10:00", 3)
    await ask(stage, "12:00", 3, BEN)


async def test_so_many_requests_wait_at_a_time_and_no_more(stage: Stage) -> None:
    """Booking caps of others forget what is pending."""
    for day in range(3, 6):
        await ask(stage, days=day)
    full = await stage.tap(stage.booking(days=6))
    assert full.alert
    assert str(full.toast).startswith("3 requests of yours wait for an answer.")
    assert len(await stage.shop.visits()) == 3


async def test_nobody_else_answers(stage: Stage) -> None:
    request = await ask(stage)
    about = {"booking_id": request.id, "version": 1}
    for person in (ANNA, BEN):
        for forged in (Accept(**about), AskDecline(**about), Decline(**about)):
            assert (await stage.tap(forged, person)).toast == "You have no such visit."
        await stage.type(DeclineWithWord(**about, word="no"), person)
    assert (await stage.shop.booking(request.id)).status == "pending"


async def test_staff_who_book_ask_nobody(stage: Stage) -> None:
    wish = stage.shop.wish("Cut", "Alice", "10:00")
    booked = await stage.tap(
        Book(service_id=wish.service_id, specialist_id=wish.specialist_id, start=wish.start), OWNER
    )
    assert booked.toast == "Booked!"


async def test_a_place_that_frees_up_is_asked_for_like_any_other(stage: Stage) -> None:
    [booked] = await fill(stage, "10:00")
    await join(stage, ANNA)
    await free(stage, booked)
    shown = await answer(stage, ANNA)
    confirm = unpack(str(stage.buttons(shown.message)["Confirm"]))
    assert [status for _, status, _ in await live(stage.shop)] == ["held"]
    asked = await stage.tap(confirm, message=shown.message)
    assert asked.toast == "Asked. You will be told the answer."
    assert await live(stage.shop) == [(ANNA, "pending", at("10:00"))]


async def test_who_is_ill_is_led_to_the_requests_of_that_day(stage: Stage) -> None:
    request = await ask(stage)
    alice = Chatter(stage, ALICE)
    said = await alice.send(SayIll(day=at("10:00").date(), specialist_id=request.specialist_id))
    assert "No booked visit is hit." in said
    assert "✋ 1 request of that day waits for your answer" in said
    assert (await alice.press("10:00 · Anna")).startswith("⏳ Request")
    alice.found("Decline")
    alice.found("Propose another time")
