"""Pieces of text about what is paid ahead."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from shared.i18n.marking import Marked, text_noop
from shared.i18n.translator import Html, Translator
from worker.deposit import DepositState, Money, PaidDeposit

STATES: Final[dict[DepositState, Marked]] = {
    DepositState.PAID: text_noop("💳 Deposit: {price}, paid"),
    DepositState.KEPT: text_noop("💳 Deposit: {price}, kept by the business"),
    DepositState.TO_RETURN: text_noop("💳 Deposit: {price}, to be returned"),
    DepositState.RETURNED: text_noop("💳 Deposit: {price}, returned"),
}


@dataclass(frozen=True, slots=True)
class Return:
    """Whether a deposit goes back to a customer who cancels."""

    until: datetime
    """Until when they can cancel."""
    now: datetime
    zone: ZoneInfo
    keeps: bool
    """Whether it is kept all the same."""


def money(texts: Translator, said: Money) -> str:
    """Write an amount of a currency."""
    return texts.price(said.amount, said.currency)


def ahead_lines(texts: Translator, due: Money, back: Return, *, asks: bool) -> list[Html]:
    """Say what is paid ahead, and when it goes back: it is said before it is paid.

    `asks` says whether the visit has to be agreed on first.
    """
    price = money(texts, due)
    ahead = texts.html("💳 Deposit: {price}, paid through Telegram when you book", price=price)
    if asks:
        ahead = texts.html("💳 Deposit: {price}, paid through Telegram once it is accepted", price=price)
    return [ahead, return_line(texts, back)]


def return_line(texts: Translator, back: Return) -> Html:
    """Say when a deposit goes back."""
    if back.keeps:
        return texts.html("It is kept if you cancel. If we cancel, it is returned.")
    if back.until <= back.now:
        return texts.html(
            "If we cancel, it is returned. You can no longer cancel this soon before the visit."
        )
    local = back.until.astimezone(back.zone)
    day = texts.short_day(local.date())
    return texts.html(
        "It is returned if you cancel until {day}, {time}, or if we cancel.", day=day, time=texts.time(local)
    )


def deposit_lines(texts: Translator, paid: PaidDeposit | None) -> list[Html]:
    """Say what was paid ahead for a visit, and where it is now; nothing where nothing was."""
    if paid is None:
        return []
    return [Html(texts.marked(STATES[paid.state]).format(price=money(texts, paid.money)))]
