"""Currencies and prices as owners write them, and how they are written back."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.worker.business.documents import cursor, prices, reread
from worker.business.export import write_document
from worker.business.money import CURRENCY, PRICE
from worker.business.reader import read_document
from worker.price import Price

PRICE_LIST = (Path(__file__).parent / "price-list.yaml").read_bytes()


def price(lowest: str, highest: str | None = None) -> Price:
    return Price(Decimal(lowest), None if highest is None else Decimal(highest))


def read(text: str, currency: str = "EUR") -> Price | None:
    at = cursor(text)
    at.source.currency = currency
    found = PRICE.read(at)
    if at.source.problems:
        raise ValueError(at.source.problems[0].message)
    return found


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("35", price("35", "35")),
        ("35.50", price("35.5", "35.5")),
        ("35.000", price("35", "35")),
        ("0", price("0", "0")),
        ("free", price("0", "0")),
        ("Free", price("0", "0")),
        ("{from: 15}", price("15")),
        ("{from: 15, to: 25}", price("15", "25")),
        ("{from: 15, to: 15}", price("15", "15")),
        ("{from: 0}", price("0")),
        ("from 15", price("15")),
        ("15–25", price("15", "25")),
        ("15-25.50", price("15", "25.5")),
        ("15 — 25", price("15", "25")),
        ("3500e-2", price("35", "35")),
        ("~", None),
    ],
)
def test_prices_are_read(text: str, meant: Price | None) -> None:
    assert read(text) == meant


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("-1", "-1 is negative; a price is 0 or more"),
        ("35 EUR", "'35 EUR' is not a price; write 35, free, {from: 15} or {from: 15, to: 25}"),
        ("from", "'from' is not a price"),
        ("15-x", "'x' is not a price"),
        ("{from: -1}", "-1 is negative"),
        ("{to: 25}", "needs from, the least it costs: {from: 15} or {from: 15, to: 25}"),
        ("{from: 25, to: 15}", "goes down, from 25 to 15"),
        ("25-15", "goes down, from 25 to 15"),
        ("{from: 15, too: 25}", "is not known here; did you mean to?"),
        ("10000000000", "10000000000 is too much; 9999999999.99 is the most"),
        ("35.505", "35.505 is not a price in EUR, which has 2 decimals"),
        ("[35]", "is one value, not a list or a mapping"),
    ],
)
def test_what_is_no_price_is_refused(text: str, refusal: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        read(text)
    assert str(caught.value).startswith(refusal)


@pytest.mark.parametrize(
    ("currency", "kept", "refused"),
    [
        ("BHD", "3.675", "3.6755"),
        ("JPY", "35", "35.5"),
        ("EUR", "3.67", "3.675"),
        ("CLF", "1.2345", "1.23456"),
    ],
)
def test_a_currency_has_its_own_decimals(currency: str, kept: str, refused: str) -> None:
    assert read(kept, currency) == price(kept, kept)
    for text in (refused, f"{{from: {refused}}}", f"from {refused}", f"1-{refused}"):
        with pytest.raises(ValueError, match=f"{refused} is not a price in {currency}"):
            read(text, currency)


@given(prices(4) | st.none())
def test_a_written_price_is_read_back(said: Price | None) -> None:
    assert said is None or reread(PRICE, said) == said


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("eur", "write EUR"),
        ("EUS", "did you mean EUR"),
        ("Euro", "did you mean EUR"),
        ("€", "did you mean EUR"),
        ("russian ruble", "did you mean RUB"),
        ("Japanese Yen", "did you mean JPY"),
        ("???", "write a code such as EUR"),
    ],
)
def test_a_currency_that_is_unknown_is_refused_with_what_may_be_meant(text: str, hint: str) -> None:
    with pytest.raises(ValueError, match=f"is not a currency; {hint}"):
        CURRENCY.read(cursor(f"'{text}'"))


def test_a_real_price_list_is_understood() -> None:
    document = read_document(PRICE_LIST, "price-list.yaml")
    assert {service.key: service.price for service in document.services} == {
        "Шугаринг/Подмышки": price("3.675", "3.675"),
        "Лазер/Подмышки": price("5.25"),
        "Волосы/Окрашивание в один тон с уходом и укладкой на длинные волосы до лопаток": price("15", "25"),
        "Консультация": None,
        "Пробная процедура": price("0", "0"),
    }
    assert tuple(document.specialists[0].services) == ("Шугаринг/Подмышки", "Лазер/Подмышки", "Консультация")
    assert read_document(write_document(document).encode(), "exported.yaml") == document


def test_decimals_are_told_at_their_line_though_the_currency_stands_below() -> None:
    text = """\
services:
  - name: Cut
    duration: 45m
    price: 35.50
business: {name: B, timezone: UTC, currency: JPY}
"""
    with pytest.raises(
        Exception, match=r"x:4: services\[0\].price: 35.50 is not a price in JPY, which has 0"
    ):
        read_document(text.encode(), "x")
