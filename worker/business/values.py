"""The kinds of values a business file holds, each read from the text that stands in the file.

YAML guesses types from how a text looks, so that 09:00, no or 3.10 may turn into something else. Here
every value arrives as its text, and the field says what it means. Values that code made pass as they are.
"""

import re
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Annotated
from unicodedata import category, normalize
from zoneinfo import available_timezones

from babel.numbers import list_currencies
from pydantic import BeforeValidator

from shared.i18n.translator import load_translators
from worker.business.durations import DAY, format_duration, parse_duration
from worker.business.problems import cut, did_you_mean

NAME_LENGTH = 64
TEXT_LENGTH = 200
# Controls, halves of surrogate pairs, and separators of lines and paragraphs.
UNWANTED = frozenset({"Cc", "Cs", "Zl", "Zp"})
WHOLE = re.compile(r"[+-]?\d{1,18}", re.ASCII)
NUMBER = re.compile(r"[+-]?\d{1,18}(\.\d{0,18})?(e-\d{1,3})?", re.ASCII | re.IGNORECASE)
DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
YES = frozenset({"true", "yes", "on"})
NO = frozenset({"false", "no", "off"})
HIGHEST_PRICE = Decimal("9999999999.99")
LARGEST_ID = 2**52
LARGEST_CAPACITY = 1000
COORDINATE_DECIMALS = 6  # a tenth of a metre


def text_of(value: object) -> str:
    """Return a single value's text; raises ValueError for nothing, a list or a mapping."""
    if isinstance(value, str):
        return value
    if value is None:
        raise ValueError("has no value")
    raise ValueError("is one value, not a list or a mapping")


def _plain(value: object, longest: int) -> str:
    text = normalize("NFC", text_of(value)).strip()
    if len(text) > longest:
        raise ValueError(f"has {len(text)} characters; {longest} is the most")
    if any(category(character) in UNWANTED for character in text):
        raise ValueError("holds a line break or a control character")
    return text


def _name(value: object) -> str:
    name = _plain(value, NAME_LENGTH)
    if not name:
        raise ValueError("is empty")
    return name


def _text(value: object) -> str:
    return _plain(value, TEXT_LENGTH)


def _whole(value: object, low: int, high: int, what: str) -> int:
    if not isinstance(value, int):
        text = text_of(value).strip().replace("_", "")
        if not WHOLE.fullmatch(text):
            raise ValueError(f"'{cut(text)}' is not {what}")
        value = int(text)
    if not low <= value <= high:
        raise ValueError(f"{value} is not {what} from {low} to {high}")
    return value


def _telegram_id(value: object) -> int:
    return _whole(value, 1, LARGEST_ID, "a Telegram id, a number such as 123456789,")


def _optional_id(value: object) -> int | None:
    return None if value is None else _telegram_id(value)


def _capacity(value: object) -> int:
    return _whole(value, 1, LARGEST_CAPACITY, "a number of places")


def _price(value: object) -> Decimal:
    price = value if isinstance(value, Decimal) else _decimal(value, "a price; write 35 or 35.50")
    if price < 0:
        raise ValueError(f"{price} is negative; a price is 0 or more")
    if price > HIGHEST_PRICE or price != round(price, 2):
        raise ValueError(f"{price} is not a price: two decimals and {HIGHEST_PRICE} are the most")
    return price


def _decimal(value: object, what: str) -> Decimal:
    text = text_of(value).strip().replace("_", "")
    if not NUMBER.fullmatch(text):
        raise ValueError(f"'{cut(text)}' is not {what}")
    return Decimal(text)


def _degrees(value: object, most: int) -> float | None:
    if value is None:
        return None
    degrees = (
        value if isinstance(value, float) else float(_decimal(value, "a number of degrees; write 52.52"))
    )
    if not -most <= degrees <= most:
        raise ValueError(f"{degrees:g} is not between -{most} and {most} degrees")
    return round(degrees, COORDINATE_DECIMALS)


def _latitude(value: object) -> float | None:
    return _degrees(value, 90)


def _longitude(value: object) -> float | None:
    return _degrees(value, 180)


def _switch(value: object) -> bool:
    if isinstance(value, bool):
        return value
    text = text_of(value).strip().casefold()
    if text not in YES | NO:
        raise ValueError(f"'{cut(text)}' is neither true nor false")
    return text in YES


def _date(value: object) -> date:
    if isinstance(value, date):
        return value
    text = text_of(value).strip()
    try:
        return date.fromisoformat(text if DATE.fullmatch(text) else "")
    except ValueError:
        raise ValueError(f"'{cut(text)}' is not a date; write 2026-12-24") from None


def _minutes(low: int, high: int) -> BeforeValidator:
    def read(value: object) -> int:
        minutes = value if isinstance(value, int) else parse_duration(text_of(value).strip())
        if minutes < low:
            raise ValueError(f"is {format_duration(minutes)}; {format_duration(low)} is the least")
        if minutes > high:
            raise ValueError(f"is {format_duration(minutes)}; {format_duration(high)} is the most")
        return minutes

    return BeforeValidator(read)


def _zone(value: object) -> str:
    zone = text_of(value).strip()
    known = available_timezones()
    if zone in known:
        return zone
    city = zone.rpartition("/")[2].replace(" ", "_").casefold()
    same_city = sorted(name for name in known if name.rpartition("/")[2].casefold() == city)
    hint = f"; did you mean {same_city[0]}?" if same_city else did_you_mean(zone, sorted(known))
    raise ValueError(f"'{cut(zone)}' is not a time zone{hint or '; write one such as Europe/Berlin'}")


def _currency(value: object) -> str:
    code = text_of(value).strip()
    if code not in _currencies():
        hint = f"; write {code.upper()}" if code.upper() in _currencies() else "; write a code such as EUR"
        raise ValueError(f"'{cut(code)}' is not a currency{hint}")
    return code


@cache
def _currencies() -> frozenset[str]:
    return frozenset(list_currencies())


def _language(value: object) -> str:
    code = text_of(value).strip()
    spoken = load_translators().languages
    if code not in spoken:
        raise ValueError(f"'{cut(code)}' is not a language Bellhop speaks; there is {', '.join(spoken)}")
    return code


Name = Annotated[str, BeforeValidator(_name)]
Text = Annotated[str, BeforeValidator(_text)]
TelegramNumber = Annotated[int, BeforeValidator(_telegram_id)]
OptionalTelegramNumber = Annotated[int | None, BeforeValidator(_optional_id)]
Capacity = Annotated[int, BeforeValidator(_capacity)]
Price = Annotated[Decimal, BeforeValidator(_price)]
Latitude = Annotated[float | None, BeforeValidator(_latitude)]
Longitude = Annotated[float | None, BeforeValidator(_longitude)]
Switch = Annotated[bool, BeforeValidator(_switch)]
Day = Annotated[date, BeforeValidator(_date)]
Zone = Annotated[str, BeforeValidator(_zone)]
Currency = Annotated[str, BeforeValidator(_currency)]
Language = Annotated[str, BeforeValidator(_language)]
Length = Annotated[int, _minutes(1, 14 * DAY)]
Pause = Annotated[int, _minutes(0, 7 * DAY)]
Ahead = Annotated[int, _minutes(0, 366 * DAY)]
Horizon = Annotated[int, _minutes(1, 732 * DAY)]
Reminder = Annotated[int, _minutes(1, 366 * DAY)]
