"""What customers read of a deposit, and owners of money that is to be returned."""

from collections.abc import Sequence
from datetime import datetime
from typing import assert_never
from zoneinfo import ZoneInfo

from shared.contracts.admin import ShowAdmin
from shared.contracts.booking import ShowSoonest
from shared.contracts.payments import AskInvoice, LetGo, MarkReturned, ShowRefund, ShowRefunds
from shared.contracts.staff import ShowStaffCard
from shared.i18n.translator import Html, Translator
from worker.deposit import Money
from worker.payments.repository import AskedDeposit, Refund
from worker.payments.rules import Unpayable
from worker.ui.buttons import Page, menu, pager
from worker.ui.deposits import Return, money, return_line
from worker.ui.phrases import called, shortened
from worker.ui.view import Button, Keyboard, View
from worker.visits.repository import Visit
from worker.visits.views import card_titled

REFUNDS_A_PAGE = 6
NAME_WIDTH = 24


def held(texts: Translator, visit: Visit, asked: AskedDeposit, now: datetime) -> View:
    """A time that is held until its deposit is paid."""
    zone = ZoneInfo(visit.timezone)
    until = (visit.kept_until or now).astimezone(zone)
    title = texts.html("⏳ <b>Held for you until {time}</b>", time=texts.time(until))
    back = Return(visit.deadlines.cancel, now, zone, keeps=asked.keeps)
    lines = [
        card_titled(texts, visit, now, title).text,
        Html(),
        texts.html("Pay the deposit of {price}, and it is booked.", price=money(texts, asked.money)),
        return_line(texts, back),
    ]
    pay = Button(texts.text("Pay"), AskInvoice(payment_id=asked.id), style="success")
    let_go = Button(texts.text("Let it go"), LetGo(payment_id=asked.id))
    return View(Html("\n".join(lines)), [[pay, let_go], [menu(texts)]])


def lapsed(texts: Translator, asked: AskedDeposit) -> View:
    """A time that was not paid for, as far as anybody knows."""
    text = texts.html(
        "⌛ <b>This time is no longer held for you.</b> It was not paid for; nothing was charged."
    )
    if asked.allowed_at is not None:
        text = texts.html(
            "⌛ <b>This time is no longer held for you.</b> No payment has arrived. Should your card be "
            "charged all the same, tell the business: it was asked to look."
        )
    return View(text, _elsewhere(texts, asked))


def let_go(texts: Translator, asked: AskedDeposit) -> View:
    """A time that its customer let go."""
    text = texts.html("The time is free again. Nothing was charged.")
    if asked.allowed_at is not None:
        text = texts.html(
            "The time is free again. Should your card be charged all the same, tell the business: it was "
            "asked to look."
        )
    return View(text, _elsewhere(texts, asked))


def too_late(texts: Translator, asked: AskedDeposit) -> View:
    """What somebody reads whose money came when the time was somebody else's already."""
    text = texts.html(
        "<b>Your payment of {price} came too late:</b> the time is taken. You get your money back: the "
        "business was told to return it.",
        price=money(texts, asked.money),
    )
    return View(text, _elsewhere(texts, asked))


def stray(texts: Translator, paid: Money) -> View:
    """What somebody reads who paid what nobody had asked for, or paid twice."""
    text = texts.html(
        "<b>Your payment of {price} was not needed.</b> You get your money back: the business was told to "
        "return it.",
        price=money(texts, paid),
    )
    return View(text, [[menu(texts)]])


def returned(texts: Translator, paid: Money) -> View:
    """What somebody reads whose money was sent back."""
    text = texts.html(
        "💳 <b>{price} was sent back to you.</b> It may take some days until you see it.",
        price=money(texts, paid),
    )
    return View(text, [[menu(texts)]])


def refused(texts: Translator, why: Unpayable) -> str:
    """Say why money may not be taken."""
    match why:
        case Unpayable.SOMEBODY_ELSES:
            return texts.text("This invoice is somebody else's. Nothing was charged.")
        case Unpayable.PAID:
            return texts.text("This is paid already. Nothing was charged.")
        case Unpayable.LAPSED:
            return texts.text("The time is no longer held for you: choose another. Nothing was charged.")
        case Unpayable.UNKNOWN | Unpayable.OTHER_AMOUNT:
            return texts.text("This can no longer be paid. Nothing was charged.")
        case _:
            assert_never(why)


def _elsewhere(texts: Translator, asked: AskedDeposit) -> Keyboard:
    if asked.service_id is None:
        return [[menu(texts)]]
    soonest = ShowSoonest(service_id=asked.service_id, specialist_id=asked.specialist_id)
    return [[Button(texts.text("Other times"), soonest)], [menu(texts)]]


# What owners see


def refunds_button(texts: Translator) -> Button:
    """The way from /admin to what is to be returned."""
    return Button(texts.text("Refunds"), ShowRefunds())


def refunds(texts: Translator, tasks: Sequence[Refund], asked: ShowRefunds) -> View:
    """What is to be returned, a page at a time."""
    page = Page.of(tasks, asked.page, REFUNDS_A_PAGE)
    lines = [texts.html("<b>Refunds</b>")]
    if tasks:
        lines.append(_by_hand(texts))
    else:
        lines.append(texts.html("Nothing is to be returned."))
    rows: Keyboard = [[Button(_label(texts, each), ShowRefund(payment_id=each.id))] for each in page.shown]
    back = Button(texts.text("« Back"), ShowAdmin())
    return View(Html("\n".join(lines)), [*rows, pager(page, asked), [back, menu(texts)]])


def refund(texts: Translator, task: Refund, zone: ZoneInfo) -> View:
    """One payment that is to be returned."""
    local = task.paid_at.astimezone(zone)
    why = texts.html("The visit № {number} was cancelled.", number=task.booking_id)
    if task.booking_id is None:
        why = texts.html("No visit came of the payment.")
    lines = [
        texts.html(
            "💳 <b>Return {price} to {name}</b>",
            price=money(texts, task.money),
            name=called(texts, task.name),
        ),
        why,
        texts.html("Paid: {day}, {time}", day=texts.short_day(local.date()), time=texts.time(local)),
        texts.html("Your payment provider knows it as <code>{charge}</code>", charge=task.charge.provider_id),
        texts.html("Telegram knows it as <code>{charge}</code>", charge=task.charge.id),
        _by_hand(texts),
    ]
    done = Button(texts.text("Returned"), MarkReturned(payment_id=task.id), style="success")
    visit = [] if task.booking_id is None else [_visit(texts, task.booking_id)]
    back = Button(texts.text("« Back"), ShowRefunds())
    return View(Html("\n".join(lines)), [[done, *visit], [back, menu(texts)]])


def no_refund(texts: Translator) -> View:
    """What an owner reads of a payment that is not to be returned, or was."""
    back = Button(texts.text("« Back"), ShowRefunds())
    return View(texts.html("There is nothing to return here any more."), [[back, menu(texts)]])


def waived(texts: Translator, due: Money) -> View:
    """What an owner reads of a deposit for which Telegram takes no invoice."""
    text = texts.html(
        "⚠️ <b>Telegram took no invoice of {price}.</b> The visit is booked without a deposit. Look at the "
        "provider's token, the currency and the amount.",
        price=money(texts, due),
    )
    return View(text, [[menu(texts)]])


def doubt(texts: Translator, asked: AskedDeposit, name: str, allowed: datetime) -> View:
    """What an owner reads of money that may have been taken: `allowed` is when, by the reader's clock."""
    text = texts.html(
        "❓ <b>{name} may have paid {price}.</b> On {day}, {time}, Telegram asked whether it may take the "
        "money, was told yes, and never said that it did. Mostly the card was declined. Look at your payment "
        "provider: is the money there, book the visit with /add, or send the money back.",
        name=called(texts, name),
        price=money(texts, asked.money),
        day=texts.short_day(allowed.date()),
        time=texts.time(allowed),
    )
    return View(text, [[menu(texts)]])


def _visit(texts: Translator, booking_id: int) -> Button:
    return Button(texts.text("The visit"), ShowStaffCard(booking_id=booking_id))


def _by_hand(texts: Translator) -> Html:
    return texts.html(
        "Telegram lets no bot send card payments back: do it at your payment provider, then tap “Returned”."
    )


def _label(texts: Translator, task: Refund) -> str:
    name = shortened(called(texts, task.name), NAME_WIDTH)
    return texts.text("{price} · {name}", price=money(texts, task.money), name=name)
