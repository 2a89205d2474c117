"""Decisions about deposits, without I/O."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from shared.telegram.currencies import DIGITS


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
