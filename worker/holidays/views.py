"""Public holidays, as people read them."""

from collections.abc import Sequence
from datetime import date
from html import escape
from itertools import batched
from typing import Final

from shared.i18n.translator import Html, Translator
from worker.business.holidays import Holidays
from worker.dates.views import day_name
from worker.holidays.rules import parts_to_choose
from worker.ui.phrases import item

SHOWN: Final = 3
"""So many of the next ones are listed."""
LANGUAGE_OF_NAMES: Final = "en"
"""The data has no other names: who reads another language is told the days alone."""
PARTS_A_ROW: Final = 4


def next_ones(texts: Translator, days: Holidays) -> Html:
    """Write the first of the days that are to come, each on a line."""
    lines = []
    for day, name in sorted(days.items())[:SHOWN]:
        shown = Html(escape(day_name(texts, day)))
        named = texts.language == LANGUAGE_OF_NAMES
        lines.append(item(texts.html("{day}: {name}", day=shown, name=name) if named else shown))
    return Html("\n".join(lines))


def choices(texts: Translator, country: str) -> list[list[tuple[str, str]]]:
    """Return the codes of a country and of its parts with what they are called, in rows."""
    whole = (country, texts.locale.territories.get(country, country))
    parts = [(code, code) for code in parts_to_choose(country)]
    return [[whole], *([*row] for row in batched(parts, PARTS_A_ROW))]


def closed_days(texts: Translator, days: Sequence[date]) -> str:
    """Say on how many days is closed, and which is the next."""
    if not days:
        return ""
    return texts.plural(
        "closed on {number} day, next on {day}",
        "closed on {number} days, next on {day}",
        len(days),
        day=texts.short_day(min(days)),
    )
