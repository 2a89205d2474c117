"""What people write in their own language, in the words that a business file has.

English words, and whatever else is not known here, stay as they are: the file's own reader says what fits.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

from babel import Locale
from babel.numbers import get_currency_name, get_currency_symbol
from babel.units import format_unit

from shared.i18n.translator import Translator

DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
UNITS: Final[Mapping[str, str]] = {"week": "w", "day": "d", "hour": "h", "minute": "m"}
"""Of lengths of time, by CLDR's names."""
WORD: Final = re.compile(r"[^\W\d_]+\.?")
NUMBERED: Final = re.compile(r"(\d+)\s*([^\W\d_]+\.?)")
BETWEEN_DIGITS: Final = re.compile(r"(?<=\d)\s(?=\d{3}(?!\d))")
DECIMALS: Final = re.compile(r"(?<=\d),(?=\d{1,2}(?!\d))")
COUNTED: Final = (1, 2, 5)
"""Numbers of which languages have words for each form."""
SHORTEST: Final = 2
"""Letters by which a weekday is told, and one less than a month."""
LONGEST_ENDINGLESS: Final = 3
"""Letters of a word that is too short to have an ending of its own."""
ENGLISH: Final = Locale("en")


def weekdays(texts: Translator, text: str) -> str:
    """Write weekdays and 'closed' in English: 'пн 9-18; сб закрыто' is 'monday 9-18; saturday off'."""
    closed = {texts.text("closed").casefold()}

    def english(match: re.Match[str]) -> str:
        word = match[0].rstrip(".").casefold()
        if word in closed:
            return "off"
        day = _named(_days(texts.locale), word) if len(word) >= SHORTEST else None
        return match[0] if day is None else DAYS[day]

    return WORD.sub(english, text)


def months(texts: Translator, text: str) -> str:
    """Write months in English: '1 ноября' is '1 november'."""
    names: Mapping[int, str] = ENGLISH.months["stand-alone"]["wide"]

    def english(match: re.Match[str]) -> str:
        month = month_named(texts, match[0])
        return match[0] if month is None else names[month].casefold()

    return WORD.sub(english, text)


def recurring(texts: Translator, text: str) -> str:
    """Write in English what recurs: 'каждые 3 недели с' is 'every 3 weeks from', 'второй' is 'second'."""
    beginnings = {
        texts.text_in("beginning of the word", "first"): "first",
        texts.text_in("beginning of the word", "second"): "second",
        texts.text_in("beginning of the word", "third"): "third",
        texts.text_in("beginning of the word", "fourth"): "fourth",
        texts.text_in("beginning of the word", "fifth"): "fifth",
        texts.text_in("beginning of the word", "last"): "last",
        texts.text_in("beginning of the word", "every"): "every",
        texts.text_in("beginning of the word", "week"): "weeks",
    }

    def english(match: re.Match[str]) -> str:
        word = match[0].casefold()
        return next((said for beginning, said in beginnings.items() if word.startswith(beginning)), match[0])

    return WORD.sub(english, text)


def between(texts: Translator, text: str) -> str:
    """Write in English between which dates: 'с 1 ноября по 31 марта' is 'from 1 ноября to 31 марта'."""
    words = {texts.text_in("since a date", "from"): "from", texts.text_in("until a date", "to"): "to"}
    return WORD.sub(lambda match: words.get(match[0].casefold(), match[0]), text)


def durations(texts: Translator, text: str) -> str:
    """Write units of time by their letters: '1 ч 30 мин' is '1h 30m'."""
    units = _units(texts.locale)

    def lettered(match: re.Match[str]) -> str:
        letter = _named(units, match[2].rstrip(".").casefold())
        return f"{match[1]}{letter}" if letter else match[0]

    return NUMBERED.sub(lettered, text)


def amounts(texts: Translator, text: str, currency: str) -> str:
    """Write a price without its currency and in English: 'от 1 500 ₽' is 'from 1500'."""
    if text.casefold() == texts.text("free").casefold():
        return "free"
    text = DECIMALS.sub(".", BETWEEN_DIGITS.sub("", _without_currency(texts, text, currency)))
    before = texts.text("from {price}", price="").strip()
    if before and text.casefold().startswith(before.casefold()):
        return f"from {text[len(before) :].strip()}"
    return text


def _without_currency(texts: Translator, text: str, currency: str) -> str:
    signs = {currency, *(get_currency_symbol(currency, locale) for locale in (texts.locale, "en"))}
    some = "|".join(map(re.escape, filter(None, signs)))
    text = re.sub(rf"(?<=\d)\s*(?:{some})|(?:{some})\s*(?=\d)", "", text, flags=re.IGNORECASE)
    names = _money(texts.locale, currency)

    def left(match: re.Match[str]) -> str:
        word = match[2].rstrip(".").casefold()
        return match[1] if any(name.startswith(word) for name in names) else match[0]

    return NUMBERED.sub(left, text).strip()


def switch(texts: Translator, text: str) -> str:
    """Write yes and no in English."""
    words = {texts.text("yes").casefold(): "yes", texts.text("no").casefold(): "no"}
    return words.get(text.casefold(), text)


def weekday_named(texts: Translator, word: str) -> int | None:
    """Return the weekday that a word names in their language or in English, in any case: 'пятницу'."""
    return _called(word, _days(texts.locale), _days(ENGLISH))


def month_named(texts: Translator, word: str) -> int | None:
    """Return the month that a word names in their language or in English, in any case: 'декабря'."""
    return _called(word, _months(texts.locale), _months(ENGLISH)) if len(word) > SHORTEST else None


def _called(word: str, *calendars: Mapping[str, int]) -> int | None:
    bare = word.rstrip(".").casefold()
    if len(bare) < SHORTEST:
        return None
    for names in calendars:
        found = _named(names, bare)
        if found is None and len(bare) > LONGEST_ENDINGLESS:
            found = _named({name[:-1]: number for name, number in names.items()}, bare[:-1])
        if found is not None:
            return found
    return None


def _named[T](names: Mapping[str, T], word: str) -> T | None:
    """Return what bears a name that begins with the word; None where several do, or none."""
    if word in names:
        return names[word]
    found = {number for name, number in names.items() if name.startswith(word)}
    return found.pop() if len(found) == 1 else None


@cache
def _days(locale: Locale) -> dict[str, int]:
    return _names(locale.days)


@cache
def _months(locale: Locale) -> dict[str, int]:
    return _names(locale.months)


def _names(forms: Mapping[str, Mapping[str, Mapping[int, str]]]) -> dict[str, int]:
    """Return days or months by every name that CLDR has for them, apart from single letters."""
    widths = [names for form in forms.values() for width, names in form.items() if width != "narrow"]
    return {name.rstrip(".").casefold(): number for names in widths for number, name in names.items()}


@cache
def _units(locale: Locale) -> dict[str, str]:
    """Return the letters of units by every word that CLDR has for them."""
    return {
        _bare(format_unit(number, f"duration-{unit}", width, locale=locale)): letter
        for unit, letter in UNITS.items()
        for width in ("long", "short", "narrow")
        for number in COUNTED
    }


@cache
def _money(locale: Locale, currency: str) -> tuple[str, ...]:
    """Return what a currency is called: its words as CLDR counts with them."""
    names = {get_currency_name(currency, number, locale) for number in COUNTED}
    return tuple(word.casefold() for name in names for word in name.split())


def _bare(counted: str) -> str:
    return counted.lstrip("0123456789").strip().rstrip(".").casefold()
