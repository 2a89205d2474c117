"""What is paid ahead to book a visit, as far as the business says it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Final, Self

from shared.telegram.currencies import DIGITS
from worker.price import Price

FULL: Final = 100
"""Per cent."""


class Payer(StrEnum):
    """Who pays a deposit."""

    ALL = "all"
    NEW = "new"
    """Whoever has not been here before."""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount of a currency."""

    amount: Decimal
    currency: str

    @classmethod
    def of_units(cls, units: int, currency: str) -> Self:
        """Read what Telegram counts in the currency's smallest unit."""
        return cls(Decimal(units).scaleb(-DIGITS.get(currency, 0)), currency)

    @property
    def units(self) -> int | None:
        """What Telegram counts it as; None where it takes no such amount."""
        digits = DIGITS.get(self.currency)
        if digits is None:
            return None
        units = self.amount.scaleb(digits)
        return int(units) if units == units.to_integral_value() else None


@dataclass(frozen=True, slots=True)
class Deposit:
    """An amount, or else a share of the price in per cent."""

    amount: Decimal | None = None
    share: int | None = None

    @classmethod
    def of(cls, text: str | None) -> Self | None:
        """Read it from its column: `12.50`, or `20%`."""
        if text is None:
            return None
        return cls(share=int(text[:-1])) if text.endswith("%") else cls(amount=Decimal(text))

    @property
    def stored(self) -> str:
        """How its column keeps it."""
        return f"{self.amount:f}" if self.amount is not None else f"{self.share}%"

    def due(self, price: Price | None, currency: str, places: int = 1) -> Money | None:
        """Return what is paid ahead of a visit at that price; None where that is nothing.

        The price is that of all its places, an amount is for each. It is never more than the visit costs. Of
        a price that is not one amount, a share is of the least.
        """
        amount = self._amount(price, places)
        if amount is None or currency not in DIGITS:
            return None
        most = None if price is None else price.highest
        amount = amount if most is None else min(amount, most)
        rounded = amount.quantize(Decimal(1).scaleb(-DIGITS[currency]), ROUND_HALF_UP)
        return Money(rounded, currency) if rounded > 0 else None

    def _amount(self, price: Price | None, places: int) -> Decimal | None:
        if self.share is None:
            return None if self.amount is None else self.amount * places
        return None if price is None else price.lowest * self.share / FULL


@dataclass(frozen=True, slots=True)
class DepositTerms:
    """What a service says of paying ahead."""

    deposit: Deposit
    payer: Payer
    keeps: bool
    """Whether it is kept when the customer cancels."""
    min_notice: timedelta
    """How long before the start the service can be booked: nobody can pay later."""

    @classmethod
    def of(cls, columns: Sequence[str] | None) -> Self | None:
        """Read them from the service's columns, as texts; None of a service without a deposit."""
        if columns is None:
            return None
        deposit, payer, keeps, minutes = columns
        return cls(
            Deposit.of(deposit) or Deposit(),
            Payer(payer),
            keeps == "true",
            timedelta(minutes=int(minutes)),
        )


class DepositState(StrEnum):
    """Where the deposit of a visit stands."""

    PAID = "paid"
    KEPT = "kept"
    """The visit will not be, or nobody came, and the business keeps it, as was said before it was paid."""
    TO_RETURN = "to_return"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class PaidDeposit:
    """What was paid ahead for a visit."""

    payment_id: int
    money: Money
    state: DepositState
    keeps: bool
    """Whether it is kept when the customer cancels."""

    @classmethod
    def of(cls, columns: Sequence[str] | None) -> Self | None:
        """Read it from PAID_DEPOSIT; None where nothing was paid."""
        if columns is None:
            return None
        payment_id, amount, currency, state, keeps = columns
        return cls(int(payment_id), Money(Decimal(amount), currency), DepositState(state), keeps == "true")


DEPOSIT_TERMS: Final = (
    "CASE WHEN service.deposit IS NOT NULL THEN ARRAY[service.deposit, service.deposit_for,"
    " service.keep_deposit::text, service.min_notice::text] END"
)
"""The SQL of what DepositTerms reads."""
