"""The dates on which other hours hold, as people read them."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from shared.i18n.marking import Marked, text_noop
from shared.i18n.translator import Translator
from worker.scheduling.validity import MonthlyDay, Rhythm, Validity, YearDay

LEAP_YEAR: Final = 2000
EVERY_OTHER: Final = 2
COUNTED: Final[Sequence[Marked]] = (
    text_noop("last {weekday} of the month"),
    text_noop("first {weekday} of the month"),
    text_noop("second {weekday} of the month"),
    text_noop("third {weekday} of the month"),
    text_noop("fourth {weekday} of the month"),
    text_noop("fifth {weekday} of the month"),
)


def validity_text(texts: Translator, validity: Validity) -> str:
    """Write dates: 'Nov 1 – Mar 31 every year', 'every other week, counted from Nov 30, 2026'."""
    parts = [
        *_dates(texts, validity.first, validity.last),
        *([] if validity.season is None else [_season(texts, *validity.season)]),
        *([] if validity.rhythm is None else [_rhythm(texts, validity.rhythm)]),
        *([", ".join(_monthly(texts, each) for each in validity.monthly)] if validity.monthly else []),
    ]
    return "; ".join(parts)


def _dates(texts: Translator, first: date | None, last: date | None) -> list[str]:
    if first is not None and last is not None:
        return [f"{texts.day_of_year(first)} – {texts.day_of_year(last)}"]
    if first is not None:
        return [texts.text("from {day}", day=texts.day_of_year(first))]
    return [] if last is None else [texts.text("until {day}", day=texts.day_of_year(last))]


def _season(texts: Translator, begins: YearDay, ends: YearDay) -> str:
    first, last = (texts.day_of_month(date(LEAP_YEAR, *each)) for each in (begins, ends))
    return texts.text("{first} – {last} every year", first=first, last=last)


def _rhythm(texts: Translator, rhythm: Rhythm) -> str:
    day = texts.day_of_year(rhythm.monday)
    if rhythm.every == EVERY_OTHER:
        return texts.text("every other week, counted from {day}", day=day)
    return texts.plural(
        "every {number} week, counted from {day}",
        "every {number} weeks, counted from {day}",
        rhythm.every,
        day=day,
    )


def _monthly(texts: Translator, day: MonthlyDay) -> str:
    return texts.marked(COUNTED[day.nth]).format(weekday=texts.weekday_in_full(day.weekday))
