"""Which public holidays are to come; `worker.business.holidays` knows them all."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from babel.core import get_global

from worker.business.holidays import Holidays, UnknownHolidaysError, find_holidays, parts_of

AHEAD: Final = timedelta(days=365)
"""So far holidays are closed at once: a year's are known well enough."""
MOST_PARTS: Final = 24
"""Of a country with more parts than fit on a screen, its own is written."""


def country_of_zone(zone: str) -> str | None:
    """Return the country whose clock a zone is, if its holidays are known."""
    country: str | None = get_global("zone_territories").get(zone)
    return country if country is not None and parts_of(country) is not None else None


def parts_to_choose(country: str) -> Sequence[str]:
    """Return the codes of the parts that have holidays of their own; none of a country with very many."""
    parts = parts_of(country) or ()
    return parts if len(parts) <= MOST_PARTS else ()


def coming(code: str, today: date) -> Holidays:
    """Return the holidays of a country, or of a part of it, within a year. Raises UnknownHolidaysError."""
    found: dict[date, str] = {}
    for year in (today.year, today.year + 1):
        try:
            found |= find_holidays(code, year)
        except UnknownHolidaysError:
            if year == today.year:
                raise
    return {day: name for day, name in found.items() if today <= day <= today + AHEAD}
