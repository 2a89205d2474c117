"""Paying ahead: a time is held, paid for and booked; or the time goes, and the money goes back."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from shared.buttons import unpack
from shared.contracts.booking import ShowSummary
from shared.contracts.cancelling import AskCancel, Cancel
from shared.contracts.history import ShowHistory
from shared.contracts.own_visits import ShowBooking, ShowBookings
from shared.contracts.payments import (
    AskInvoice,
    LetGo,
    MarkReturned,
    ShowRefund,
    ShowRefunds,
)
from shared.contracts.staff import CallOff, ShowStaffCard
from tests.worker.payments.conftest import set_deposit
from tests.worker.payments.paying import begin, paid_by, pay, taken
from tests.worker.shop import ALICE, ANNA, BEN, OWNER, at
from tests.worker.stage import Stage
from tests.worker.waitlist.waiting import join, live, open_for, open_offer
from worker.alternatives.repository import waive
from worker.db.models.booking import Status
from worker.db.models.payments import Payment
from worker.people.repository import set_blocked
from worker.placement.rules import Allowance
from worker.privacy.repository import erase, export

A_SECOND = timedelta(seconds=1)
LAPSED = "⌛ This time is no longer held for you. It was not paid for; nothing was charged."


async def payment(stage: Stage, number: int = -1) -> Payment:
    async with stage.shop.sessions() as session:
        own = select(Payment).where(Payment.business_id == stage.shop.business_id).order_by(Payment.id)
        return list(await session.scalars(own))[number]


async def held(stage: Stage, clock: str = "10:00", person: int = ANNA) -> tuple[int, int]:
    """Confirm a time that asks for a deposit; return the message that says so, and the invoice."""
    answer = await stage.tap(stage.booking(clock), person)
    assert answer.toast == "Held for you.", answer
    return answer.message, invoices(stage, person)[-1]


def invoices(stage: Stage, person: int = ANNA) -> list[int]:
    return [each["message_id"] for each in stage.messages(person) if "invoice" in each]


async def booked(stage: Stage, clock: str = "10:00") -> int:
    """Book a visit and pay its deposit; return its number."""
    _, invoice = await held(stage, clock)
    _, told = await pay(stage, invoice)
    assert told is not None
    await stage.run(told)
    return (await stage.newest()).id


async def test_a_summary_says_what_is_paid_ahead_and_when_it_goes_back(paying: Stage) -> None:
    asked = paying.booking()
    shown = ShowSummary(service_id=asked.service_id, specialist_id=asked.specialist_id, start=asked.start)
    said = (await paying.tap(shown)).text
    assert "💳 Deposit: €10, paid through Telegram when you book" in said
    assert "It is returned if you cancel until" in said
    await set_deposit(paying.shop, "10", keep=True)
    assert "It is kept if you cancel." in (await paying.tap(shown)).text
    await set_deposit(paying.shop, None)
    assert "Deposit" not in (await paying.tap(shown)).text


async def test_confirm_holds_the_time_and_sends_an_invoice_that_names_its_owner(paying: Stage) -> None:
    message, invoice = await held(paying)
    said = paying.text(ANNA, message)
    assert said.startswith("⏳ Held for you until")
    assert "Pay the deposit of €10, and it is booked." in said
    assert list(paying.buttons(message)) == ["Pay", "Let it go", "Menu"]
    [shown] = [each for each in paying.messages() if each["message_id"] == invoice]
    assert (shown["invoice"]["total_amount"], shown["invoice"]["currency"]) == (1000, "EUR")
    assert shown["invoice"]["start_parameter"] == f"pay{(await payment(paying)).id}"
    assert shown["reply_markup"]["inline_keyboard"][0][0]["text"] == "Pay €10"
    hold = await paying.newest()
    assert (hold.status, hold.kept_for) == (Status.HELD, "payment")
    await paying.meet(BEN)
    taken_by_ben = await paying.tap(paying.booking(), BEN)
    assert taken_by_ben.toast != "Held for you."
    assert "10:00" not in await paying.type(ShowBookings())
    again = await paying.tap(paying.booking())
    assert again.text.startswith("⏳ Held for you until")
    assert len(invoices(paying)) == 1


async def test_a_payment_books_the_visit_and_its_card_says_so(paying: Stage) -> None:
    await paying.meet(ALICE)
    message, invoice = await held(paying)
    checkout, told = await pay(paying, invoice)
    assert checkout.state == "paid"
    assert told is not None
    await paying.run(told)
    visit = await paying.newest()
    assert visit.status == Status.CONFIRMED
    card = paying.text(ANNA, visit.card_message_id or 0)
    assert card.startswith("✅ Booked. See you then!")
    assert "💳 Deposit: €10, paid" in card
    await paying.advance(A_SECOND)
    assert paying.text(ANNA, message) == ""
    assert (await payment(paying)).state == "paid"
    assert await paying.events() == ["paid", "booked"]
    staff = (await paying.tap(ShowStaffCard(booking_id=visit.id), ALICE)).text
    assert "💳 Deposit: €10, paid" in staff
    await paying.advance(timedelta(minutes=20))
    assert (await paying.shop.booking(visit.id)).status == Status.CONFIRMED


async def test_a_time_that_is_not_paid_for_goes_down_the_waitlist_and_its_customer_reads_so(
    paying: Stage,
) -> None:
    await open_for(paying.shop, "10:00")
    message, _ = await held(paying)
    await join(paying, BEN)
    await paying.advance(timedelta(minutes=14))
    assert paying.text(ANNA, message).startswith("⏳")
    await paying.advance(timedelta(minutes=1))
    await paying.advance(A_SECOND)
    assert paying.text(ANNA, message) == LAPSED
    assert "10:00" in (await open_offer(paying, BEN)).text
    assert (invoices(paying), await live(paying.shop)) == ([], [(BEN, "held", at("10:00"))])
    assert (await payment(paying)).state == "lapsed"
    assert (await paying.tap(LetGo(payment_id=(await payment(paying)).id))).text == LAPSED
    assert (await paying.tap(AskInvoice(payment_id=(await payment(paying)).id))).text == LAPSED
    await held(paying, person=BEN)


async def test_a_customer_may_let_the_time_go(paying: Stage) -> None:
    message, _ = await held(paying)
    number = (await payment(paying)).id
    gone = await paying.tap(LetGo(payment_id=number), message=message)
    assert gone.text == "The time is free again. Nothing was charged."
    assert await paying.shop.live() == []
    await paying.advance(timedelta(minutes=20))
    assert (paying.text(ANNA, message), invoices(paying)) == (gone.text, [])


async def test_pay_sends_the_invoice_anew_and_a_forwarded_copy_is_nobodys(paying: Stage) -> None:
    message, invoice = await held(paying)
    number = (await payment(paying)).id
    again = await paying.tap(AskInvoice(payment_id=number), message=message)
    assert again.toast == "Here is the invoice."
    [newer] = invoices(paying)
    assert newer > invoice
    await paying.meet(BEN)
    for strange in (AskInvoice(payment_id=number), LetGo(payment_id=number)):
        assert (await paying.tap(strange, BEN)).alert
    assert invoices(paying, BEN) == []
    link = await paying.telegram.post(f"/chats/{BEN}/pay", message_id=newer, owner=ANNA)
    assert link["link"].endswith(f"?start=pay{number}")
    _, envelope = begin(paying, newer)
    asked = envelope.model_copy(update={"actor": envelope.actor.model_copy(update={"id": BEN})})
    await paying.run(asked)
    checkout = paying.telegram.emulator.world.checkouts[str(asked.reply_to.checkout_id)]
    assert checkout.error == "This invoice is somebody else's. Nothing was charged."


@pytest.mark.parametrize("changes", [{"amount": 999}, {"currency": "USD"}])
async def test_an_amount_that_is_not_what_was_asked_for_is_not_taken(
    paying: Stage, changes: dict[str, object]
) -> None:
    _, invoice = await held(paying)
    checkout, envelope = begin(paying, invoice)
    other = envelope.command.model_copy(update=changes)
    await paying.run(envelope.model_copy(update={"command": other}))
    assert checkout.error == "This can no longer be paid. Nothing was charged."


async def test_what_was_shown_is_what_is_paid_though_the_owner_asks_for_more_by_now(paying: Stage) -> None:
    _, invoice = await held(paying)
    await set_deposit(paying.shop, "20")
    _, told = await pay(paying, invoice)
    assert told is not None
    await paying.run(told)
    card = paying.text(ANNA, (await paying.newest()).card_message_id or 0)
    assert "💳 Deposit: €10, paid" in card
    asked = paying.booking("12:00")
    await set_deposit(paying.shop, None)
    shown = ShowSummary(service_id=asked.service_id, specialist_id=asked.specialist_id, start=asked.start)
    screen = await paying.tap(shown)
    await set_deposit(paying.shop, "10")
    confirm = unpack(paying.buttons(screen.message)["Confirm"] or "")
    again = await paying.tap(confirm, message=screen.message)
    assert (again.toast or "").startswith("The price has changed since you looked.")
    assert "💳 Deposit: €10" in again.text
    assert sum(each.status == Status.CONFIRMED for each in await paying.shop.live()) == 1


async def test_a_yes_is_said_again_when_the_worker_died_before_telegram_heard_it(paying: Stage) -> None:
    _, invoice = await held(paying)
    checkout, envelope = begin(paying, invoice)
    await paying.fault("error", "answerPreCheckoutQuery", status=500)
    with pytest.raises(ExceptionGroup):
        await paying.run(envelope)
    assert (checkout.state, checkout.answers) == ("waiting", 0)
    await paying.run(envelope)
    assert (checkout.state, checkout.answers) == ("paid", 1)
    await paying.run(envelope)
    assert checkout.answers == 2
    told = taken(paying, checkout)
    assert told is not None
    for _ in range(2):
        await paying.run(told)
    assert await paying.events() == ["paid", "booked"]


async def test_money_on_its_way_holds_the_time_past_its_end(paying: Stage) -> None:
    _, invoice = await held(paying)
    paying.shop.clock.advance(timedelta(minutes=14, seconds=59))
    _, told = await pay(paying, invoice)
    assert told is not None
    await paying.advance(timedelta(minutes=1))
    assert (await paying.newest()).status == Status.HELD
    await paying.run(told)
    assert (await paying.newest()).status == Status.CONFIRMED


async def test_who_asks_again_and_again_without_paying_keeps_no_time(paying: Stage) -> None:
    _, invoice = await held(paying)
    asked = [begin(paying, invoice) for _ in range(3)]
    paying.shop.clock.advance(timedelta(minutes=14))
    await paying.run(asked[0][1])
    paying.shop.clock.advance(timedelta(minutes=2))
    await paying.run(asked[1][1])
    assert (asked[1][0].error or "").startswith("The time is no longer held for you")
    assert (await paying.newest()).status == Status.HELD
    await paying.advance(timedelta(minutes=1))
    await paying.advance(A_SECOND)
    assert await paying.shop.live() == []
    for number in range(Allowance().max_cancelled - 1):
        await held(paying, "12:00")
        await paying.tap(LetGo(payment_id=(await payment(paying)).id))
        assert (await payment(paying, number + 1)).state == "lapsed"
    refused = await paying.tap(paying.booking("12:00"))
    assert (refused.toast or "").startswith("Within a day you have cancelled 5 visits, or not paid")
    await paying.advance(timedelta(days=1))
    _, invoice = await held(paying, "15:00")
    async with paying.shop.sessions.begin() as session:
        await set_blocked(session, ANNA, paying.shop.clock.now())
    checkout, _ = await pay(paying, invoice)
    assert (checkout.error or "").startswith("Please call us")


async def test_a_payment_for_a_time_that_lapsed_books_it_if_it_is_free(paying: Stage) -> None:
    _, invoice = await held(paying)
    _, told = await pay(paying, invoice)
    assert told is not None
    for _ in range(2):
        await paying.advance(timedelta(minutes=16))
    assert (await payment(paying)).state == "lapsed"
    await paying.run(told)
    assert (await paying.newest()).status == Status.CONFIRMED
    assert (await payment(paying)).state == "paid"
    checkout, _ = await pay(paying, (await held(paying, "12:00"))[1])
    assert checkout.state == "paid"


async def test_else_it_is_to_be_returned_and_customer_and_owner_read_so(paying: Stage) -> None:
    await paying.meet(OWNER)
    await paying.type(ShowBookings(), OWNER)
    _, invoice = await held(paying)
    _, told = await pay(paying, invoice)
    assert told is not None
    for _ in range(2):
        await paying.advance(timedelta(minutes=16))
    await paying.shop.book(paying.shop.wish("Cut", "Alice", "10:00"), BEN)
    await paying.run(told)
    assert "Your payment of €10 came too late" in paying.texts()[-1]
    late = await payment(paying)
    assert (late.state, late.booking_id) == ("to_return", None)
    notice = paying.texts(OWNER)[-1]
    assert notice.startswith("💳 Return €10 to Anna")
    assert str(late.provider_charge_id) in notice
    assert "Telegram lets no bot send card payments back" in notice
    listed = await paying.tap(ShowRefunds(), OWNER)
    assert "€10 · Anna" in paying.buttons(listed.message, OWNER)
    assert (await paying.tap(ShowRefunds(), ANNA)).alert or "owners" in paying.texts()[-1]
    for toast in ("Noted.", None):
        assert (await paying.tap(MarkReturned(payment_id=late.id), OWNER)).toast == toast
    await paying.advance(A_SECOND)
    assert sum("€10 was sent back to you" in text for text in paying.texts()) == 1
    assert "Nothing is to be returned." in (await paying.tap(ShowRefunds(), OWNER)).text
    assert "nothing to return" in (await paying.tap(ShowRefund(payment_id=late.id), OWNER)).text


async def test_one_invoice_paid_twice_books_once_and_the_second_goes_back(paying: Stage) -> None:
    _, invoice = await held(paying)
    asked = [begin(paying, invoice) for _ in range(2)]
    for _, envelope in asked:
        await paying.run(envelope)
    for checkout, _ in asked:
        await paying.run(paying.envelope(paid_by(paying, checkout)))
        await paying.run(paying.envelope(paid_by(paying, checkout)))
    assert sum(each.status == Status.CONFIRMED for each in await paying.shop.live()) == 1
    assert [(await payment(paying, number)).state for number in (0, 1)] == ["paid", "to_return"]
    assert "Your payment of €10 was not needed." in paying.texts()[-1]
    checkout, envelope = begin(paying, (await held(paying, "12:00"))[1])
    first = envelope.model_copy(update={"command": asked[0][1].command})
    await paying.run(first)
    assert checkout.error == "This is paid already. Nothing was charged."


@pytest.mark.parametrize(("keep", "by_customer", "state"), [
    (False, True, "to be returned"),
    (True, True, "kept by the business"),
    (True, False, "to be returned"),
])  # fmt: skip
async def test_a_cancelled_visits_deposit_goes_back_or_stays_as_was_said(
    paying: Stage, *, keep: bool, by_customer: bool, state: str
) -> None:
    await paying.meet(OWNER, ALICE)
    await paying.type(ShowBookings(), OWNER)
    await set_deposit(paying.shop, "10", keep=keep)
    number = await booked(paying)
    version = (await paying.newest()).version
    if by_customer:
        question = (await paying.tap(AskCancel(booking_id=number, version=version))).text
        assert f"💳 If you cancel, the deposit of €10 is {'kept' if keep else 'returned'}." in question
        await paying.tap(Cancel(booking_id=number, version=version))
    else:
        await paying.tap(CallOff(booking_id=number, version=version), ALICE)
    await paying.advance(A_SECOND)
    card = (await paying.tap(ShowBooking(booking_id=number))).text
    assert f"💳 Deposit: €10, {state}" in card
    told = [text for text in paying.texts(OWNER) if text.startswith("💳 Return €10")]
    assert len(told) == (0 if state.startswith("kept") else 1)
    assert all(f"The visit № {number} was cancelled." in text for text in told)
    if told:
        await paying.tap(MarkReturned(payment_id=(await payment(paying)).id), OWNER)
        await paying.advance(A_SECOND)
        assert "💳 Deposit: €10, returned" in (await paying.tap(ShowBooking(booking_id=number))).text
        assert "returned the deposit" in (await paying.tap(ShowHistory(), OWNER)).text


async def test_who_cancels_because_nobody_is_there_gets_a_deposit_back_that_is_kept_otherwise(
    paying: Stage,
) -> None:
    await paying.meet(OWNER)
    await paying.type(ShowBookings(), OWNER)
    await set_deposit(paying.shop, "10", keep=True)
    number = await booked(paying)
    async with paying.shop.sessions.begin() as session:
        await waive(session, [number], waived=True)
    about = {"booking_id": number, "version": (await paying.newest()).version}
    assert "the deposit of €10 is returned." in (await paying.tap(AskCancel(**about))).text
    await paying.tap(Cancel(**about))
    await paying.advance(A_SECOND)
    assert "💳 Deposit: €10, to be returned" in (await paying.tap(ShowBooking(booking_id=number))).text
    assert [text for text in paying.texts(OWNER) if text.startswith("💳 Return €10")]


async def test_only_new_customers_pay_where_the_service_says_so(paying: Stage) -> None:
    await set_deposit(paying.shop, "10", "new")
    number = await booked(paying)
    await paying.shop.set_status(number, Status.DONE)
    assert (await paying.tap(paying.booking("12:00"))).toast == "Booked!"
    await paying.meet(BEN)
    await held(paying, "14:00", BEN)


async def test_without_a_token_visits_are_booked_without_a_deposit(stage: Stage) -> None:
    await set_deposit(stage.shop, "10")
    try:
        await stage.book()
        assert (await stage.newest()).status == Status.CONFIRMED
        assert invoices(stage) == []
    finally:
        await set_deposit(stage.shop, None)


async def test_where_telegram_takes_no_such_invoice_the_visit_is_booked_without(paying: Stage) -> None:
    await paying.meet(OWNER)
    await paying.type(ShowBookings(), OWNER)
    await set_deposit(paying.shop, "0.50")
    await paying.tap(paying.booking())
    assert invoices(paying) == []
    await paying.advance(A_SECOND)
    assert (await paying.newest()).status == Status.CONFIRMED
    assert any(each.startswith("✅ Booked.") for each in paying.texts())
    assert any("Telegram took no invoice of €0.50." in each for each in paying.texts(OWNER))


async def test_what_was_paid_stays_without_the_name_of_who_is_erased(paying: Stage) -> None:
    number = await booked(paying)
    await paying.shop.set_status(number, Status.CANCELLED)
    async with paying.shop.sessions.begin() as session:
        kept = await export(session, ANNA)
        assert [row["charge_id"] for row in kept["payments"]] == [(await payment(paying)).charge_id]
        await erase(session, ANNA, paying.shop.clock.now())
    left = await payment(paying)
    assert (left.person_id, str(left.amount), left.state) == (0, "10.00", "paid")
