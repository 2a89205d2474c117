"""Prices of several specialists as one."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects.postgresql import Range

from tests.worker.business.documents import prices
from worker.business.money import PRICE
from worker.price import Price


def price(lowest: int, highest: int | None) -> Price:
    return Price(Decimal(lowest), None if highest is None else Decimal(highest))


@pytest.mark.parametrize(
    ("each", "together"),
    [
        ([], None),
        ([None, None], None),
        ([price(35, 35)] * 2, price(35, 35)),
        ([price(0, 0), price(20, 20)], price(0, 20)),
        ([price(15, 25), price(20, 40)], price(15, 40)),
        ([price(50, 50), price(70, None)], price(50, None)),
        ([price(50, 50), None], price(50, None)),
    ],
)
def test_together_they_say_no_more_than_each(each: list[Price | None], together: Price | None) -> None:
    assert Price.spanning(each) == together


@given(st.lists(prices(2), min_size=1))
def test_every_amount_of_each_is_within(each: list[Price]) -> None:
    together = Price.spanning(each)
    assert together is not None
    for one in each:
        assert together.lowest <= one.lowest
        assert together.highest is None or (one.highest is not None and one.highest <= together.highest)


@given(prices(4))
def test_what_is_kept_is_loaded_as_it_was(said: Price) -> None:
    kept = PRICE.store(said)
    assert isinstance(kept, Range)
    assert (kept.bounds, Price.of(kept)) == ("[]", said)
    assert PRICE.store(None) is None
