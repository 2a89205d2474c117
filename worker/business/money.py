"""The types of currencies and prices; CLDR knows the currencies, their names and the decimals of each."""

import re
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from functools import cache
from typing import Any, Final

from babel import Locale
from babel.core import get_global
from babel.numbers import get_currency_precision, list_currencies
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.nodes import MappingNode
from sqlalchemy.dialects.postgresql import Range

from worker.business.fields import FieldType, ValueKind
from worker.business.lists import on_one_line, refuse_unknown
from worker.business.problems import Phrase, UnfitError, either
from worker.business.source import Cursor
from worker.business.values import read_decimal
from worker.business.wording import Hint, Wording
from worker.price import Price

HIGHEST: Final = Decimal("9999999999.99")
MOST_DECIMALS: Final = 4
"""More than any currency has."""
FREE: Final = "free"
USUAL: Final = ("EUR", "USD", "GBP", "RUB", "TRY", "UAH")
FROM: Final = re.compile(r"from\s+(\S+)", re.IGNORECASE)
BETWEEN: Final = re.compile(r"([^-–—]+)(?<!e)[-–—]([^-–—]+)", re.IGNORECASE)
CODE: Final = 3
"""Letters of a currency's code."""
MOST_HINTS: Final = 3
BOUNDS: Final = ("from", "to")


def _read_price(at: Cursor) -> Price | None:
    if at.empty:
        return None
    if isinstance(at.node, MappingNode):
        return _read_bounds(at)
    text = at.text()
    if text.casefold() == FREE:
        return Price.exact(Decimal(0))
    if match := FROM.fullmatch(text):
        return Price(amount_of(match[1], at), None)
    if match := BETWEEN.fullmatch(text):
        return _between(*(amount_of(bound.strip(), at) for bound in match.groups()))
    return Price.exact(amount_of(text, at))


def _read_bounds(at: Cursor) -> Price:
    places = at.fields()
    refuse_unknown(places, BOUNDS)
    lowest, highest = (places.get(name) for name in BOUNDS)
    if lowest is None:
        raise UnfitError(Wording.NO_LEAST_PRICE)
    least = amount_of(lowest.text(), at)
    return Price(least, None) if highest is None else _between(least, amount_of(highest.text(), at))


def _between(lowest: Decimal, highest: Decimal) -> Price:
    if highest < lowest:
        raise UnfitError(Wording.PRICES_GO_DOWN, lowest=lowest, highest=highest)
    return Price(lowest, highest)


def amount_of(text: str, at: Cursor, wording: Wording = Wording.NOT_A_PRICE) -> Decimal:
    """Read an amount of the business's currency, which stands further up in the document.

    Raises UnfitError; `wording` says that it is no amount at all.
    """
    amount, currency = read_decimal(text, wording), at.source.currency
    decimals = get_currency_precision(currency) if currency else MOST_DECIMALS
    if amount < 0:
        raise UnfitError(Wording.NEGATIVE_PRICE, price=amount)
    if amount > HIGHEST:
        raise UnfitError(Wording.TOO_HIGH_A_PRICE, price=amount, most=HIGHEST)
    if amount != round(amount, decimals):
        raise UnfitError(
            Wording.TOO_FINE_A_PRICE,
            price=amount,
            currency=currency or Phrase.of(Hint.ANY_CURRENCY),
            decimals=decimals,
        )
    return amount


def _write_price(price: Price | None) -> Any:  # noqa: ANN401 - a number, a word or a mapping
    if price is None or price.is_free:
        return price and FREE
    if price.is_exact:
        return number(price.lowest)
    bounds = {"from": price.lowest} | ({} if price.highest is None else {"to": price.highest})
    return on_one_line(CommentedMap({name: number(amount) for name, amount in bounds.items()}))


def number(amount: Decimal) -> int | float:
    """Return an amount as YAML writes it."""
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def _show_price(price: Price | None) -> str:
    if price is None or price.is_free:
        return "none" if price is None else FREE
    if price.highest is None:
        return f"from {price_digits(price.lowest)}"
    return "–".join(price_digits(amount) for amount in dict.fromkeys((price.lowest, price.highest)))


def price_digits(amount: Decimal) -> str:
    """Write an amount with two decimals or with as many more as it has; a whole one without any."""
    whole, _, decimals = f"{amount.normalize():f}".partition(".")
    return f"{whole}.{decimals:0<2}" if decimals else whole


def _store_price(price: Price | None) -> Range[Decimal] | None:
    return None if price is None else Range(price.lowest, price.highest, bounds="[]")


def _read_currency(at: Cursor) -> str:
    text = at.text()
    if text not in _currencies():
        raise UnfitError(Wording.NOT_A_CURRENCY, text, hint=_near(text))
    at.source.currency = text
    return text


@cache
def _currencies() -> frozenset[str]:
    return frozenset(list_currencies())


def _near(text: str) -> Phrase:
    """Say which code may be meant by a code, a name or a symbol that is nearly one."""
    if text.upper() in _currencies():
        return Phrase.of(Hint.WRITE, word=text.upper())
    word, known = text.casefold(), _in_use()
    slips = [each for each in known if _is_slip(word, each)]
    near = dict.fromkeys(known[each] for each in slips or get_close_matches(word, known, n=MOST_HINTS))
    hint = either(list(near)[:MOST_HINTS])
    return Phrase.of(Hint.DID_YOU_MEAN, word=hint) if hint else Phrase.of(Hint.WRITE_A_CURRENCY)


def _is_slip(word: str, code: str) -> bool:
    """Tell whether a word is a code but for one letter."""
    return len(word) == len(code) == CODE and sum(map(str.__ne__, word, code)) == 1


@cache
def _in_use() -> dict[str, str]:
    """Return the codes of what people pay with today by code, by English name and by symbol."""
    english, today = Locale("en"), date.today().timetuple()[:3]  # noqa: DTZ011 - a day more or less is no matter
    used = {
        code
        for currencies in get_global("territory_currencies").values()
        for code, _, until, tender in currencies
        if tender and (until is None or tuple(until) > today)
    }
    words: dict[str, str] = {}
    for code in sorted(used, reverse=True):
        words |= {str(english.currencies.get(code, code)).casefold(): code, code.casefold(): code}
        words[english.currency_symbols.get(code, code).casefold()] = code
    return words


CURRENCY: Final = FieldType(
    form="ISO 4217 code", read=_read_currency, kind=ValueKind.CURRENCY, said=str.upper, presets=USUAL
)
PRICE: Final[FieldType[Price | None]] = FieldType(
    form="amount, `free`, `{from: 15}` or `{from: 15, to: 25}`",
    read=_read_price,
    write=_write_price,
    show=_show_price,
    store=_store_price,
    load=Price.of,
    kind=ValueKind.PRICE,
    presets=(FREE,),
)
