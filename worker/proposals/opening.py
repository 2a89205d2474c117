"""Opening hours as people read them."""

from collections.abc import Sequence
from itertools import groupby

from shared.i18n.translator import Translator
from worker.business.opening import Week, format_windows


def hours_text(texts: Translator, week: Week) -> str:
    """Write a week's hours, equal neighbours as one: 'Mo–Fr 09:00-18:00, Sa 10:00-14:00'."""
    parts = [
        f"{name} {', '.join(format_windows(windows))}"
        for windows, group in groupby(sorted(week), key=week.__getitem__)
        for name in _names(texts, list(group))
    ]
    return "; ".join(parts)


def days_text(texts: Translator, days: Sequence[int]) -> str:
    """Write weekdays, neighbours as one: 'Mo–Fr, Su'."""
    return ", ".join(_names(texts, days))


def _names(texts: Translator, days: Sequence[int]) -> list[str]:
    names = texts.weekdays()
    return [names[first] if first == last else f"{names[first]}–{names[last]}" for first, last in _runs(days)]


def _runs(days: Sequence[int]) -> list[tuple[int, int]]:
    """Return the first and last of days that follow one another."""
    runs: list[tuple[int, int]] = []
    for day in days:
        follows = runs and runs[-1][1] == day - 1
        runs.append((runs.pop()[0] if follows else day, day))
    return runs
