"""Days as people write them: '24.12.', '24 Dec', '24/12', 'tomorrow', 'Friday', '28 Dec - 3 Jan'."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from shared.i18n.translator import Translator
from worker.business.opening import DASHES
from worker.ui.spoken import month_named, weekday_named

YEARS_AHEAD: Final = 5
"""The 29th of February is seldom further off."""
CENTURY: Final = 2000
WEEK: Final = 7
MONTHS: Final = 12
WORD: Final = r"[^\W\d_]+"
ISO: Final = re.compile(r"(?P<year>\d{4})-(?P<month>\d\d?)-(?P<day>\d\d?)(?!\d)", re.ASCII)
NUMBERS: Final = re.compile(
    r"(?P<day>\d\d?)(?P<by>[./])(?P<month>\d\d?)(?:(?P=by)(?P<year>\d{4}|\d\d)(?![\d:.-])|(?P=by)?)(?!\d)",
    re.ASCII,
)
DAY_AND_MONTH: Final = re.compile(
    rf"(?P<day>\d\d?)\.?(?:st|nd|rd|th)?(?: of)? ?(?P<word>{WORD})\.?"
    r"(?:,? (?P<year>\d{4})(?!\d)(?: ?г\b\.?)?)?"
)
MONTH_AND_DAY: Final = re.compile(
    rf"(?P<word>{WORD})\.? (?P<day>\d\d?)(?:st|nd|rd|th)?(?![\d:.])(?:,? (?P<year>\d{{4}}))?(?!\d)"
)
NAMED: Final = re.compile(rf"(?P<word>{WORD})\.?,?")
BARE: Final = re.compile(r"(?P<day>\d\d?)(?:st|nd|rd|th|\.)?(?![\d.:/])", re.ASCII)
BEFORE: Final = re.compile(r"(?:from|с|со|on|в|во|the)\s", re.IGNORECASE)
BETWEEN: Final = re.compile(r" ?(?:-|(?:to|till|until|по|до)\b) ?(?=\S)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class WrittenDays:
    """Some days in a row, and what was written behind them."""

    first: date
    last: date
    rest: str = ""


@dataclass(frozen=True, slots=True)
class _Day:
    """A date as it was read, and where it ends in the text."""

    day: date
    end: int


def read_day(texts: Translator, text: str, today: date) -> date | None:
    """Read one day; None for what is none, or more than one. Without a year it is the next such day."""
    found = read_days(texts, text, today)
    return found.first if found is not None and found.first == found.last and not found.rest else None


def read_days(texts: Translator, text: str, today: date) -> WrittenDays | None:
    """Read a day or the first and the last of several; None for what begins with no day.

    Words are those of the reader's language, or English. The last may come before the first.
    """
    plain = " ".join(DASHES.sub("-", text).split())
    before = BEFORE.match(plain)
    place = before.end() if before else 0
    first = _day_at(texts, plain, place, today) or _bare_first(texts, plain, place, today)
    if first is None:
        return None
    last = _last(texts, plain, first)
    end = first.end if last is None else last.end
    rest = plain[end:]
    if rest and rest[0] not in " :,":
        return None
    return WrittenDays(first.day, first.day if last is None else last.day, rest.lstrip(" :,"))


def _last(texts: Translator, plain: str, first: _Day) -> _Day | None:
    """Read the last of several days behind the first; None where only one is meant."""
    between = BETWEEN.match(plain, first.end)
    if between is None:
        return None
    found = _day_at(texts, plain, between.end(), first.day)
    if found is not None:
        return found
    bare = BARE.match(plain, between.end())
    day = None if bare is None else _date(first.day.year, first.day.month, int(bare["day"]))
    return None if bare is None or day is None else _Day(day, bare.end())


def _bare_first(texts: Translator, plain: str, place: int, today: date) -> _Day | None:
    """Read the '24' of '24-31 Dec': it is of the month in which the last one is."""
    bare = BARE.match(plain, place)
    between = bare and BETWEEN.match(plain, bare.end())
    if bare is None or not between:
        return None
    last = _day_at(texts, plain, between.end(), today)
    if last is None:
        return None
    day = _date(last.day.year, last.day.month, int(bare["day"]))
    return None if day is None else _Day(day, bare.end())


def _day_at(texts: Translator, plain: str, place: int, since: date) -> _Day | None:
    """Read one day at a place of the text; without a year, the next one from a date on."""
    if match := ISO.match(plain, place):
        day = _date(*(int(match[name]) for name in ("year", "month", "day")))
        return None if day is None else _Day(day, match.end())
    if match := NUMBERS.match(plain, place):
        return _of_numbers(match, since)
    if match := DAY_AND_MONTH.match(plain, place):
        found = _of_month(texts, match, match["year"], since)
        if found is not None:
            return found
    if match := MONTH_AND_DAY.match(plain, place):
        found = _of_month(texts, match, match["year"], since)
        if found is not None:
            return found
    return _of_word(texts, plain, place, since)


def _of_numbers(match: re.Match[str], since: date) -> _Day | None:
    """Read '24.12.' and '24/12'; '12/24' can only be the American way."""
    day, month = int(match["day"]), int(match["month"])
    if month > MONTHS and match["by"] == "/":
        day, month = month, day
    found = _next(day, month, match["year"], since)
    return None if found is None else _Day(found, match.end())


def _of_month(texts: Translator, match: re.Match[str], year: str | None, since: date) -> _Day | None:
    month = month_named(texts, match["word"])
    found = None if month is None else _next(int(match["day"]), month, year, since)
    return None if found is None else _Day(found, match.end())


def _of_word(texts: Translator, plain: str, place: int, since: date) -> _Day | None:
    match = NAMED.match(plain, place)
    if match is None:
        return None
    word = match["word"].casefold()
    near = {"today": 0, texts.text("Today").casefold(): 0}
    near |= {"tomorrow": 1, texts.text("Tomorrow").casefold(): 1}
    weekday = weekday_named(texts, word)
    ahead = near.get(word) if weekday is None else (weekday - since.weekday()) % WEEK
    if ahead is None or since > date.max - timedelta(days=ahead):
        return None
    return _Day(since + timedelta(days=ahead), match.end())


def _next(day: int, month: int, year: str | None, since: date) -> date | None:
    if year:
        return _date(int(year) + (CENTURY if len(year) < len("2026") else 0), month, day)
    years = range(since.year, since.year + YEARS_AHEAD)
    dates = (_date(each, month, day) for each in years)
    return next((each for each in dates if each is not None and each >= since), None)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
