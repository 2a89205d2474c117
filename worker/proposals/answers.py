"""What people answer, in the words of the business file: by the kind of what was asked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from shared.i18n.translator import Translator
from worker.business.fields import ValueKind
from worker.dates.written import read_day
from worker.ui import spoken
from worker.ui.zones import zone_named

COUNTED_FROM: Final[Mapping[str, int]] = {"this week": 0, "next week": 1}
"""Words for weeks that are counted from, and how many weeks they are ahead."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """In which language somebody answers, with which currency, on which day of the business's calendar."""

    texts: Translator
    currency: str
    today: date


def _date(by: Speaker, text: str) -> str:
    found = read_day(by.texts, text, by.today)
    return text if found is None else found.isoformat()


def _validity(by: Speaker, text: str) -> str:
    """Have weeks counted from a date, and all words in English."""
    if text in COUNTED_FROM:
        text = f"every 2 weeks from {text}"
    monday = by.today - timedelta(days=by.today.weekday())
    for words, weeks in COUNTED_FROM.items():
        text = text.replace(words, (monday + timedelta(weeks=weeks)).isoformat())
    for english in (spoken.between, spoken.weekdays, spoken.months, spoken.recurring):
        text = english(by.texts, text)
    return text


READING: Final[Mapping[ValueKind, Callable[[Speaker, str], str]]] = {
    ValueKind.DURATION: lambda by, text: spoken.durations(by.texts, text),
    ValueKind.DURATIONS: lambda by, text: spoken.durations(by.texts, text),
    ValueKind.PRICE: lambda by, text: spoken.amounts(by.texts, text, by.currency),
    ValueKind.SWITCH: lambda by, text: spoken.switch(by.texts, text),
    ValueKind.CURRENCY: lambda _, text: text.upper(),
    ValueKind.ZONE: lambda by, text: zone_named(text, by.texts),
    ValueKind.DATE: _date,
    ValueKind.TIMES: lambda by, text: spoken.weekdays(by.texts, text),
    ValueKind.WEEK: lambda by, text: spoken.weekdays(by.texts, text),
    ValueKind.VALIDITY: _validity,
    ValueKind.WEEKDAYS: lambda by, text: spoken.weekdays(by.texts, text),
}


def in_file_words(by: Speaker, kind: ValueKind, answer: str) -> str:
    """Return an answer as the business file would have it; what is none of it stays as it is."""
    read = READING.get(kind)
    return read(by, answer.strip()) if read else answer.strip()
