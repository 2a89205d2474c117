"""The types of single values, each read from the text that stands in the file.

YAML guesses types from how a text looks, so that 09:00, no or 3.10 may turn into something else. Here
every value arrives as its text, and the field says what it means.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any
from unicodedata import category
from zoneinfo import available_timezones

from shared.cleaning import UNWANTED, reveal, tidy
from shared.i18n.marking import Marked, text_noop
from shared.i18n.translator import load_translators
from worker.business.fields import FieldType, ValueKind
from worker.business.problems import Phrase, UnfitError, did_you_mean
from worker.business.wording import Hint, Wording
from worker.ui.graphemes import utf16

HOUR = 60
DAY = 24 * HOUR
UNITS = {"w": 7 * DAY, "d": DAY, "h": HOUR, "m": 1}
DURATION = re.compile(r"(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?")
LONGEST_DURATION = 20
NAME_LENGTH = 128  # a message holds a page of them; buttons show what fits
TEXT_LENGTH = 200
WHOLE = re.compile(r"[+-]?\d{1,18}", re.ASCII)
NUMBER = re.compile(r"[+-]?\d{1,18}(\.\d{0,18})?(e-\d{1,3})?", re.ASCII | re.IGNORECASE)
DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
YES = frozenset({"true", "yes", "on"})
NO = frozenset({"false", "no", "off"})
LARGEST_ID = 2**52
SWITCHES = ("true", "false")
COORDINATE_DECIMALS = 6  # a tenth of a metre

type Day = date
"""A date of the business's calendar, under a name that a field may bear."""


def parse_duration(text: str) -> int:
    """Read '45m', '1h30m', '60d' or '1w' as minutes; raises UnfitError."""
    compact = text.replace(" ", "").casefold()
    match = DURATION.fullmatch(compact)
    if not compact.isascii() or not 0 < len(compact) <= LONGEST_DURATION or match is None:
        raise UnfitError(Wording.NOT_A_DURATION, text)
    return sum(int(count or 0) * unit for count, unit in zip(match.groups(), UNITS.values(), strict=True))


def format_duration(minutes: int) -> str:
    """Write minutes in days, hours and minutes: '1h30m'; nothing is '0m'."""
    text = ""
    for letter in "dhm":
        count, minutes = divmod(minutes, UNITS[letter])
        text += f"{count}{letter}" if count else ""
    return text or "0m"


def scalar[T](form: str, parse: Callable[[str], T], **more: Any) -> FieldType[T]:  # noqa: ANN401 - of FieldType
    """Make the type of a value that is one text."""
    return FieldType(form=form, read=lambda at: parse(at.text()), **more)


def optional[T](inner: FieldType[T]) -> FieldType[T | None]:
    """Make the type of a value that may be none."""
    loose: FieldType[Any] = inner
    return replace(loose, read=lambda at: None if at.empty else inner.read(at))


def text_line(most: int = TEXT_LENGTH, *, needed: bool = False) -> FieldType[str]:
    """Make the type of a text without line breaks, as people see it; `most` UTF-16 units."""

    def parse(text: str) -> str:
        if (length := utf16(text)) > most:
            raise UnfitError(Wording.TOO_LONG, length=length, most=most)
        if any(category(character) in UNWANTED for character in text):
            raise UnfitError(Wording.CONTROL)
        if needed and not text:
            raise UnfitError(Wording.EMPTY)
        return text

    return scalar(f"one line of up to {most} characters", parse, write=tidy, show=reveal)


def whole_number(
    form: str, what: Marked, least: int, most: int, presets: Sequence[str] = ()
) -> FieldType[int]:
    """Make the type of a whole number within bounds; `what` it counts stands in messages."""

    def parse(text: str) -> int:
        text = text.replace("_", "")
        if not WHOLE.fullmatch(text):
            raise UnfitError(Wording.NOT_A_NUMBER, text, what=Phrase(what))
        if not least <= int(text) <= most:
            raise UnfitError(
                Wording.OUT_OF_RANGE, number=int(text), what=Phrase(what), least=least, most=most
            )
        return int(text)

    return scalar(form, parse, kind=ValueKind.NUMBER, presets=presets)


def degrees(most: int) -> FieldType[float]:
    """Make the type of an angle on the globe."""

    def parse(text: str) -> float:
        angle = float(read_decimal(text, Wording.NOT_DEGREES))
        if not -most <= angle <= most:
            raise UnfitError(Wording.TOO_MANY_DEGREES, degrees=angle, most=most)
        return round(angle, COORDINATE_DECIMALS)

    return scalar(f"degrees from -{most} to {most}", parse, kind=ValueKind.DEGREES)


def duration(least: int, most: int, presets: Sequence[str] = ()) -> FieldType[int]:
    """Make the type of a length of time, in minutes; a number that a person says is one of minutes."""
    shortest, longest = map(format_duration, (least, most))

    def parse(text: str) -> int:
        minutes = parse_duration(text)
        if minutes < least:
            raise UnfitError(Wording.TOO_SHORT_A_TIME, duration=format_duration(minutes), least=shortest)
        if minutes > most:
            raise UnfitError(Wording.TOO_LONG_A_TIME, duration=format_duration(minutes), most=longest)
        return minutes

    return scalar(
        f"duration from {shortest} to {longest}",
        parse,
        write=format_duration,
        kind=ValueKind.DURATION,
        said=lambda text: f"{text}m" if text.isdecimal() else text,
        presets=presets,
    )


def read_decimal(text: str, wording: Wording) -> Decimal:
    """Read a number with or without decimals; raises UnfitError with that wording."""
    number = text.replace("_", "")
    if not NUMBER.fullmatch(number):
        raise UnfitError(wording, number)
    return Decimal(number)


def _switch(text: str) -> bool:
    if text.casefold() not in YES | NO:
        raise UnfitError(Wording.NOT_A_SWITCH, text)
    return text.casefold() in YES


def _date(text: str) -> Day:
    try:
        return date.fromisoformat(text if DATE.fullmatch(text) else "")
    except ValueError:
        raise UnfitError(Wording.NOT_A_DATE, text) from None


def _zone(text: str) -> str:
    known = _zones()
    if text in known:
        return text
    city = text.rpartition("/")[2].replace(" ", "_").casefold()
    same_city = sorted(name for name in known if name.rpartition("/")[2].casefold() == city)
    same = Phrase.of(Hint.DID_YOU_MEAN, word=same_city[0]) if same_city else ""
    hint = same or did_you_mean(text, sorted(known)) or Phrase.of(Hint.WRITE_A_ZONE)
    raise UnfitError(Wording.NOT_A_ZONE, text, hint=hint)


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())  # a walk over the whole database of zones each time


def _language(text: str) -> str:
    spoken = load_translators().languages
    if text not in spoken:
        raise UnfitError(Wording.NOT_A_LANGUAGE, text, known=", ".join(spoken))
    return text


def _word(text: str) -> str:
    if not 0 < len(text) <= NAME_LENGTH or not text.isprintable() or any(map(str.isspace, text)):
        raise UnfitError(Wording.NOT_A_WORD, text, most=NAME_LENGTH)
    return text


def choice(*words: str) -> FieldType[str]:
    """Make the type of one of a few words."""

    def parse(text: str) -> str:
        if text.casefold() not in words:
            raise UnfitError(Wording.NOT_ONE_OF, text, known=", ".join(words))
        return text.casefold()

    form = " or ".join(f"`{word}`" for word in words)
    return scalar(form, parse, kind=ValueKind.CHOICE, said=str.casefold, presets=words)


NAME = text_line(NAME_LENGTH, needed=True)
WORD = scalar(f"one word of up to {NAME_LENGTH} characters", _word)
TELEGRAM_ID = replace(
    whole_number("Telegram id", text_noop("a Telegram id, a number such as 123456789,"), 1, LARGEST_ID),
    kind=ValueKind.PERSON,
)
SWITCH = scalar(
    "true or false", _switch, show=lambda value: str(value).lower(), kind=ValueKind.SWITCH, presets=SWITCHES
)
CALENDAR_DATE = scalar("date as 2026-12-24", _date, kind=ValueKind.DATE)
TIME_ZONE = scalar("IANA name", _zone, kind=ValueKind.ZONE)
LANGUAGE = scalar("code of a language that Bellhop speaks", _language, kind=ValueKind.LANGUAGE)
