"""Write worker/business/holidays.tsv anew: `make holidays`.

Runs by itself beside the package `holidays`, whose pins do not fit the worker's.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from importlib import import_module
from pathlib import Path

DATA = Path("worker/business/holidays.tsv")
YEARS = range(2026, 2031)

type Calendar = Mapping[date, str]


def lines() -> Iterator[str]:
    """Make a line for each country, and for each part of one what differs from it."""
    package = import_module("holidays")
    for country, parts in sorted(package.list_supported_countries(include_aliases=False).items()):
        whole = package.country_holidays(country, years=YEARS, language="en_US")
        yield _line(country, whole, {})
        for part in sorted(parts):
            days = package.country_holidays(country, subdiv=part, years=YEARS, language="en_US")
            yield _line(f"{country}-{part}", days, whole)


def _line(code: str, days: Calendar, whole: Calendar) -> str:
    return "\t".join([code, *_columns(days, whole)]) + "\n"


def _columns(days: Calendar, whole: Calendar) -> Iterator[str]:
    by_name: defaultdict[str, list[date]] = defaultdict(list)
    for day, name in sorted(days.items()):
        if whole.get(day) != name:
            by_name[name].append(day)
    for name, found in by_name.items():
        yield f"{_written(found)} {name}"
    if dropped := sorted(set(whole) - set(days)):
        yield f"-{_written(dropped)}"


def _written(days: list[date]) -> str:
    return ",".join(f"{day:%y%m%d}" for day in days)


if __name__ == "__main__":
    DATA.write_text("".join(lines()))
