"""The dates on which other hours hold, as people write them.

when    = part { (";" | ",") part }
part    = dates | season | weeks | day
dates   = date "to" date | "from" date | "until" date        2026-12-01 to 2027-02-28
season  = yearday "to" yearday                                11-01 to 03-31, Nov to Mar
weeks   = "every" number "weeks from" date                    every 2 weeks from 2026-11-30
day     = ("first" | … | "fifth" | "last") weekday            first mon
"""

import re
from calendar import monthrange
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from shared.i18n.marking import text_noop
from worker.business.opening import DASHES, WEEKDAYS, parse_weekdays
from worker.business.problems import Phrase, UnfitError
from worker.business.wording import Wording
from worker.scheduling.validity import MonthlyDay, Rhythm, Validity, YearDay

MONTHS: Final = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
COUNTS: Final = ("last", "first", "second", "third", "fourth", "fifth")
SHORT_COUNTS: Final = ("", "1st", "2nd", "3rd", "4th", "5th")
COUNT_OF_WEEKS: Final = Phrase.of(text_noop("a number of weeks"))
LEAST_WEEKS, MOST_WEEKS = 2, 52
LEAST_OF_A_MONTH: Final = 3
LEAP_YEAR: Final = 2000
"""A year that has every day that any year has."""
DATE: Final = r"(\d{4}-\d\d-\d\d)"
BETWEEN: Final = r" ?(?: to | until | - |\.\.) ?"
DATES: Final = re.compile(rf"(?:from )?{DATE}{BETWEEN}{DATE}", re.ASCII)
FROM: Final = re.compile(rf"from {DATE}", re.ASCII)
UNTIL: Final = re.compile(rf"until {DATE}", re.ASCII)
WEEKS: Final = re.compile(rf"every (?:(\d{{1,3}})|other|second) weeks? from {DATE}", re.ASCII)
YEAR_DAY: Final = r"(\d\d?-\d\d?|[a-z]{3,}\.?(?: \d\d?)?|\d\d?\.? [a-z]{3,})"
SEASON: Final = re.compile(rf"(?:from )?{YEAR_DAY}{BETWEEN}{YEAR_DAY}", re.ASCII)
MONTHS_ALONE: Final = re.compile(r"([a-z]{3,})-([a-z]{3,})", re.ASCII)
MONTHLY: Final = re.compile(r"([a-z]+|\d[a-z]{2}) ([a-z]+)(?: of (?:the|each|every) month)?", re.ASCII)
WORD_AND_NUMBER: Final = re.compile(r"(?P<word>[a-z]+)|(?P<number>\d+)", re.ASCII)


def parse_validity(text: str) -> Validity:
    """Read '11-01 to 03-31', 'every 2 weeks from 2026-11-30', 'first mon' and the like; raises UnfitError."""
    plain = " ".join(DASHES.sub("-", text).casefold().split())
    if not plain:
        raise UnfitError(Wording.EMPTY)
    found = Validity()
    for part in re.split(r" ?[;,] ?", plain):
        found = _with(found, part, text)
    return replace(found, monthly=tuple(sorted(set(found.monthly))))


def format_validity(validity: Validity) -> str:
    """Write the dates as they are read."""
    return "; ".join(each for each in map(str, _parts(validity)) if each)


def _parts(validity: Validity) -> Sequence[str]:
    first, last = validity.first, validity.last
    if first is not None and last is not None:
        dates = f"{first} to {last}"
    else:
        dates = f"from {first}" if first else f"until {last}" if last else ""
    season = " to ".join(f"{month:02}-{day:02}" for month, day in validity.season or ())
    rhythm = validity.rhythm
    weeks = f"every {rhythm.every} weeks from {rhythm.monday}" if rhythm else ""
    days = ", ".join(f"{COUNTS[nth]} {WEEKDAYS[weekday]}" for nth, weekday in validity.monthly)
    return dates, season, weeks, days


def _with(found: Validity, part: str, text: str) -> Validity:
    for pattern, add in ADDING:
        if match := pattern.fullmatch(part):
            return add(found, match, text)
    raise UnfitError(Wording.NOT_WHEN, text)


def _dates(found: Validity, match: re.Match[str], text: str) -> Validity:
    first, last = (_date(each) for each in match.groups())
    if last < first:
        raise UnfitError(Wording.DATES_GO_BACK, text)
    _refuse_twice(text, found.first, found.last)
    return replace(found, first=first, last=last)


def _from(found: Validity, match: re.Match[str], text: str) -> Validity:
    _refuse_twice(text, found.first)
    return _in_order(replace(found, first=_date(match[1])), text)


def _until(found: Validity, match: re.Match[str], text: str) -> Validity:
    _refuse_twice(text, found.last)
    return _in_order(replace(found, last=_date(match[1])), text)


def _in_order(found: Validity, text: str) -> Validity:
    if found.first is not None and found.last is not None and found.last < found.first:
        raise UnfitError(Wording.DATES_GO_BACK, text)
    return found


def _weeks(found: Validity, match: re.Match[str], text: str) -> Validity:
    _refuse_twice(text, found.rhythm)
    every = int(match[1] or LEAST_WEEKS)
    if not LEAST_WEEKS <= every <= MOST_WEEKS:
        raise UnfitError(
            Wording.OUT_OF_RANGE, number=every, what=COUNT_OF_WEEKS, least=LEAST_WEEKS, most=MOST_WEEKS
        )
    return replace(found, rhythm=Rhythm.of(every, _date(match[2])))


def _season(found: Validity, match: re.Match[str], text: str) -> Validity:
    _refuse_twice(text, found.season)
    begins, ends = _year_day(match[1], text, ends=False), _year_day(match[2], text, ends=True)
    return replace(found, season=(begins, ends))


def _monthly(found: Validity, match: re.Match[str], text: str) -> Validity:
    word = match[1]
    counted = next((at for at in (COUNTS, SHORT_COUNTS) if word in at), None)
    if counted is None:
        raise UnfitError(Wording.NOT_WHEN, text)
    [weekday] = parse_weekdays(match[2])
    return replace(found, monthly=(*found.monthly, MonthlyDay(counted.index(word), weekday)))


def _refuse_twice(text: str, *known: object) -> None:
    if any(each is not None for each in known):
        raise UnfitError(Wording.WHEN_TWICE, text)


def _year_day(written: str, text: str, *, ends: bool) -> YearDay:
    """Read a day of any year; a month alone is its first day, or its last as the end."""
    parts = [match.groupdict() for match in WORD_AND_NUMBER.finditer(written)]
    numbers = [int(each["number"]) for each in parts if each["number"]]
    name = next((each["word"] for each in parts if each["word"]), None)
    month = _month(name, text) if name else numbers.pop(0)
    if not 1 <= month <= len(MONTHS):
        raise UnfitError(Wording.NOT_WHEN, text)
    longest = monthrange(LEAP_YEAR, month)[1]
    day = numbers[0] if numbers else longest if ends else 1
    if not 1 <= day <= longest:
        raise UnfitError(Wording.NOT_WHEN, text)
    return YearDay(month, day)


def _month(word: str, text: str) -> int:
    for number, name in enumerate(MONTHS, 1):
        if len(word) >= LEAST_OF_A_MONTH and name.startswith(word):
            return number
    raise UnfitError(Wording.NOT_WHEN, text)


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UnfitError(Wording.NOT_A_DATE, text) from None


ADDING: Final[Sequence[tuple[re.Pattern[str], Callable[[Validity, re.Match[str], str], Validity]]]] = (
    (DATES, _dates),
    (FROM, _from),
    (UNTIL, _until),
    (WEEKS, _weeks),
    (SEASON, _season),
    (MONTHS_ALONE, _season),
    (MONTHLY, _monthly),
)
"""Each kind of part, and what it adds to what has been read."""
