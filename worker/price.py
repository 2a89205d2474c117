"""What a visit costs, as far as the business says it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol, Self


class AmountRange(Protocol):
    """A range of amounts with both ends in it, as PostgreSQL keeps a price."""

    @property
    def lower(self) -> Decimal | None:
        """The least."""
        ...

    @property
    def upper(self) -> Decimal | None:
        """The most; None where no most is said."""
        ...


@dataclass(frozen=True, slots=True)
class Price:
    """An amount, free, from an amount on, or between two; where a business says no price there is none."""

    lowest: Decimal
    highest: Decimal | None
    """None where only the least is said."""

    @classmethod
    def exact(cls, amount: Decimal) -> Self:
        """Make the price that is one amount; of 0 it is free."""
        return cls(amount, amount)

    @classmethod
    def of(cls, amounts: AmountRange | None) -> Self | None:
        """Read it from its column."""
        if amounts is None or amounts.lower is None:
            return None
        return cls(amounts.lower, amounts.upper)

    @classmethod
    def spanning(cls, prices: Sequence["Price | None"]) -> Self | None:
        """Return the price that says as much as all of these: where one says no most, neither does it."""
        said = [each for each in prices if each is not None]
        if not said:
            return None
        highest = [each.highest for each in said if each.highest is not None]
        lowest = min(each.lowest for each in said)
        return cls(lowest, max(highest) if len(highest) == len(prices) else None)

    @classmethod
    def summed(cls, prices: Sequence["Price | None"]) -> Self | None:
        """Return what all of these cost together; None where one says nothing."""
        said = [each for each in prices if each is not None]
        if len(said) < len(prices):
            return None
        highest = [each.highest for each in said if each.highest is not None]
        lowest = sum((each.lowest for each in said), Decimal())
        return cls(lowest, sum(highest, Decimal()) if len(highest) == len(said) else None)

    def times(self, count: int) -> "Price":
        """Return the price of so many."""
        return Price(self.lowest * count, None if self.highest is None else self.highest * count)

    @property
    def is_exact(self) -> bool:
        """Whether it is one amount."""
        return self.lowest == self.highest

    @property
    def is_free(self) -> bool:
        """Whether nothing is to pay."""
        return self.is_exact and not self.lowest
