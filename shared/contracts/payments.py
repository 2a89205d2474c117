"""Deposits: what Telegram asks and tells of a payment, what customers tap, and what goes back."""

from typing import Final

from pydantic import Field

from shared.contracts.base import ButtonForm, Command, Contract, Spec

LONGEST_PAYLOAD: Final = 128
"""Bytes of what an invoice carries for us: Telegram's own limit."""
LONGEST_CHARGE: Final = 256


class CheckPayment(Command, kind="payments.check", urgent=True):
    """Somebody is about to pay an invoice: Telegram takes the money if it is told within ten seconds to."""

    currency: str = Field(max_length=8)
    amount: int
    """In the currency's smallest unit, here and below."""
    payload: str = Field(max_length=LONGEST_PAYLOAD)
    """What the invoice carries for us."""


class NotePayment(Command, kind="payments.paid", urgent=True):
    """Somebody has paid an invoice."""

    currency: str = Field(max_length=8)
    amount: int
    payload: str = Field(max_length=LONGEST_PAYLOAD)
    charge_id: str = Field(max_length=LONGEST_CHARGE)
    """What Telegram knows the payment by."""
    provider_charge_id: str = Field(max_length=LONGEST_CHARGE)
    """What the payment provider knows it by: money is returned there."""


class AskInvoice(Command, kind="payments.ask"):
    """'Pay' where a time is held, and a copy of the invoice that somebody forwarded: the invoice."""

    payment_id: int


class AskInvoiceOf(Command, kind="payments.ask_of"):
    """'Pay' on the card of a visit that waits for its deposit: the invoice."""

    booking_id: int


class LetGo(Command, kind="payments.let_go"):
    """'Let it go' where a time is held: it is not paid for."""

    payment_id: int


class LapsePayment(Command, kind="payments.lapse"):
    """A time that was held is not paid for. A timer asks for it."""

    payment_id: int


class WaiveDeposit(Command, kind="payments.waive"):
    """Telegram takes no such invoice: the time is booked without a deposit. A timer asks for it."""

    payment_id: int


class ShowRefunds(Command, kind="payments.refunds", only_shows=True):
    """'Refunds' in /admin: what is to be returned."""

    page: int = 0


class ShowRefund(Command, kind="payments.refund", only_shows=True):
    """One payment that is to be returned."""

    payment_id: int


class MarkReturned(Command, kind="payments.returned"):
    """'Returned': the owner has sent the money back."""

    payment_id: int


CONTRACT = Contract(
    "payments",
    (
        Spec(CheckPayment),
        Spec(NotePayment),
        Spec(AskInvoice, ButtonForm("py"), links=("pay{payment_id}",)),
        Spec(AskInvoiceOf, ButtonForm("pyv")),
        Spec(LetGo, ButtonForm("pyx")),
        Spec(LapsePayment),
        Spec(WaiveDeposit),
        Spec(ShowRefunds, ButtonForm("rf")),
        Spec(ShowRefund, ButtonForm("rf?")),
        Spec(MarkReturned, ButtonForm("rf!")),
    ),
)
