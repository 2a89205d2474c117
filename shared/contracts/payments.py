"""Deposits: what Telegram asks and tells of a payment."""

from typing import Final

from pydantic import Field

from shared.contracts.base import Command, Contract, Spec

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


CONTRACT = Contract("payments", (Spec(CheckPayment), Spec(NotePayment)))
