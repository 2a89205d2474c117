"""A deposit of what has to be agreed on is asked for once it is; answers to questions outlive a hold."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest_asyncio
from sqlalchemy import select

from shared.buttons import unpack
from shared.contracts.approval import Accept, AcceptProposal, Decline
from shared.contracts.booking import Move, Moving, ShowSummary
from shared.contracts.cancelling import Cancel
from shared.contracts.menu import ShowHome
from shared.contracts.payments import AskInvoiceOf, LetGo
from shared.contracts.staff import ShowStaffCard, ShowVisitHistory
from tests.worker.approval.asking import ask
from tests.worker.payments.paying import TOKEN, begin, pay
from tests.worker.payments.test_deposits import invoices, payment
from tests.worker.shop import ALICE, ANNA, BEN, FILE, OWNER, at, open_shop
from tests.worker.stage import Stage, on_stage
from tests.worker.waitlist.waiting import join, open_for, open_offer, settle
from worker.db.engine import Sessions
from worker.db.models.booking import BookingAnswer
from worker.privacy.repository import erase, export

PAID_REQUESTS = FILE.replace(
    b"{name: Cut, duration: 45m,", b"{name: Cut, duration: 45m, deposit: 10, approval: {within: 12h},"
).replace(
    b"{name: Steam,",
    b'{name: Steam, deposit: 10, questions: [{ask: "Dogs?", choices: [No, Yes], required: true}],',
)
TWELVE_HOURS = timedelta(hours=12)
A_SECOND = timedelta(seconds=1)


@pytest_asyncio.fixture
async def stage(sessions: Sessions) -> AsyncIterator[Stage]:
    """A shop in which a cut has to be agreed on, and is paid for ahead."""
    shop = await open_shop(sessions, PAID_REQUESTS)
    async with on_stage(shop, payment_provider_token=TOKEN) as found:
        await found.meet(ALICE, BEN, OWNER)
        for person in (ALICE, BEN, OWNER):
            await found.type(ShowHome(), person)
        yield found


async def accepted(stage: Stage, clock: str = "10:00") -> int:
    """Ask for a cut, and have Alice accept it; return its number."""
    request = (await ask(stage, clock)).id
    said = await stage.tap(Accept(booking_id=request, version=1), ALICE)
    assert said.toast == "Accepted. The customer pays the deposit first."
    return request


async def paid(stage: Stage) -> None:
    """Pay the newest invoice."""
    _, told = await pay(stage, invoices(stage)[-1])
    assert told is not None
    await stage.run(told)


async def steam(stage: Stage, person: int, clock: str = "10:00") -> str:
    """Answer what is asked before a steam, and have the time held until it is paid; return the summary."""
    about = {"service_id": stage.shop.services["Steam"], "specialist_id": stage.shop.specialists["Alice"]}
    asked = await stage.tap(ShowSummary(**about, start=at(clock)), person)
    yes = unpack(str(stage.buttons(asked.message, person)["Yes"]))
    summary = await stage.tap(yes, person, asked.message)
    confirm = unpack(str(stage.buttons(summary.message, person)["Confirm"]))
    assert (await stage.tap(confirm, person, summary.message)).toast == "Held for you."
    return summary.text


async def test_a_deposit_is_asked_for_once_a_request_is_accepted_and_books_it(stage: Stage) -> None:
    about = {"service_id": stage.shop.services["Cut"], "specialist_id": stage.shop.specialists["Alice"]}
    summary = await stage.tap(ShowSummary(**about, start=at("10:00")))
    assert "💳 Deposit: €10, paid through Telegram once it is accepted" in summary.text
    number = await accepted(stage)
    visit = await stage.shop.booking(number)
    until = stage.shop.clock.now() + TWELVE_HOURS
    assert (visit.status, visit.awaits, visit.kept_until) == ("pending", "payment", until)
    card = next(each for each in stage.messages() if each.get("text", "").startswith("💳 Accepted."))
    assert "Held for you until" in card["text"]
    buttons = stage.buttons(card["message_id"])
    assert list(buttons)[:2] == ["Pay", "Cancel"]
    assert len(invoices(stage)) == 1
    await stage.promised(of="booking.reminder")
    staff = await stage.tap(ShowStaffCard(booking_id=number), ALICE)
    assert "Accepted. Without its deposit by" in staff.text
    for late in (Accept(booking_id=number, version=1), Decline(booking_id=number, version=1)):
        assert (await stage.tap(late, OWNER)).toast == "Anna has accepted it already."
    for person, start in ((ANNA, "12:00"), (ALICE, "13:00")):
        moved = Move(moving=Moving(booking_id=number, version=2), start=at(start))
        refused = await stage.tap(moved, person)
        assert refused.toast == "This visit waits for its deposit: cancel it to choose another time."
    again = await stage.tap(unpack(str(buttons["Pay"])), message=card["message_id"])
    assert (again.toast, len(invoices(stage))) == ("Here is the invoice.", 1)
    assert (await stage.tap(AskInvoiceOf(booking_id=number), BEN)).toast == "You have no such visit."
    await paid(stage)
    booked = await stage.shop.booking(number)
    assert (booked.status, booked.awaits, booked.kept_until) == ("confirmed", None, None)
    assert stage.texts(ALICE)[-1].startswith("💳 Deposit paid: the visit is booked")
    assert any("✅ Booked." in each and "💳 Deposit: €10, paid" in each for each in stage.texts())
    assert len(stage.calendars()) == 1
    assert (await stage.tap(AskInvoiceOf(booking_id=number))).text.startswith("✅ Booked.")
    await stage.advance(TWELVE_HOURS)
    assert (await stage.shop.booking(number)).status == "confirmed"
    again_asked = await stage.tap(Move(moving=Moving(booking_id=number, version=3), start=at("12:00")))
    assert again_asked.toast == "Asked. You will be told the answer."
    assert (await stage.tap(Accept(booking_id=number, version=4), ALICE)).toast == "Accepted."
    assert (await stage.shop.booking(number)).status == "confirmed"
    await stage.tap(Move(moving=Moving(booking_id=number, version=5), start=at("14:00")))
    await stage.tap(Decline(booking_id=number, version=6), ALICE)
    await stage.advance(A_SECOND)
    assert stage.texts(OWNER)[-1].startswith("💳 Return €10")


async def test_a_deposit_that_is_not_paid_ends_the_request_and_its_time_goes_down_the_waitlist(
    stage: Stage,
) -> None:
    await open_for(stage.shop, "10:00")
    number = await accepted(stage)
    await join(stage, BEN)
    await stage.advance(TWELVE_HOURS)
    await settle(stage)
    assert (await stage.shop.booking(number)).status == "cancelled"
    assert (invoices(stage), (await payment(stage)).state) == ([], "lapsed")
    assert stage.texts(ALICE)[-1].startswith("⌛ The deposit was not paid: there is no visit")
    assert any(each.startswith("⌛ This time is no longer held for you.") for each in stage.texts())
    assert "10:00" in (await open_offer(stage, BEN)).text
    history = await stage.tap(ShowVisitHistory(booking_id=number), ALICE)
    assert "lapsed without its deposit" in history.text


async def test_a_request_that_is_cancelled_unpaid_takes_no_money(stage: Stage) -> None:
    number = await accepted(stage)
    _, late = begin(stage, invoices(stage)[-1])
    assert (await stage.tap(Cancel(booking_id=number, version=2))).toast == "Cancelled."
    await stage.run(late)
    checkout = stage.telegram.emulator.world.checkouts[str(late.reply_to.checkout_id)]
    assert "Nothing was charged." in str(checkout.error)
    await settle(stage)
    dropped = await payment(stage)
    assert (invoices(stage), dropped.state, dropped.booking_id) == ([], "lapsed", None)
    assert not any("no longer held" in each for each in stage.texts())
    request = (await ask(stage, "12:00")).id
    await stage.tap(Decline(booking_id=request, version=1), ALICE)
    assert invoices(stage) == []
    third = (await ask(stage, "14:00")).id
    await stage.tap(Move(moving=Moving(booking_id=third, version=1), start=at("15:00")), ALICE)
    said = await stage.tap(AcceptProposal(booking_id=third, version=2))
    assert said.toast == "Pay the deposit to book it."
    await paid(stage)
    assert (await stage.shop.booking(third)).status == "confirmed"


async def test_what_was_answered_is_kept_though_the_hold_has_lapsed_before_the_payment_came(
    stage: Stage,
) -> None:
    assert "💳 Deposit: €10, paid through Telegram when you book" in await steam(stage, ANNA)
    async with stage.shop.sessions() as session:
        [kept] = (await export(session, ANNA))["payments"]
    assert kept["answers"] == [["Dogs?", "text", "Yes"]]
    _, told = await pay(stage, invoices(stage)[-1])
    for _ in range(2):
        await stage.advance(timedelta(minutes=16))
    assert await stage.shop.live() == []
    assert told is not None
    await stage.run(told)
    visit = await stage.newest()
    assert visit.status == "confirmed"
    async with stage.shop.sessions() as session:
        found = (await session.scalars(select(BookingAnswer))).all()
    assert [(each.booking_id, each.answer) for each in found] == [(visit.id, "Yes")]
    assert (await payment(stage)).answers is None
    assert "Dogs?" in stage.texts(ALICE)[-1]
    await steam(stage, BEN, "12:00")
    let_go = await payment(stage)
    await stage.tap(LetGo(payment_id=let_go.id), BEN)
    async with stage.shop.sessions.begin() as session:
        await erase(session, BEN, stage.shop.clock.now())
    assert let_go.answers == [["Dogs?", "text", "Yes"]]
    assert (await payment(stage)).answers is None
