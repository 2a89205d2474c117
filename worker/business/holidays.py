"""Public holidays by country and part of it, proposed as closed days to paste into a business file.

`holidays.tsv` comes from the package `holidays`; see docs/decisions/0022-public-holidays.md.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from worker.business.stored import ComingVisit

DATA: Final = Path(__file__).with_name("holidays.tsv")
CENTURY: Final = "20"
DROPPED: Final = "-"
MOST_NEAR: Final = 5

type Holidays = Mapping[date, str]
"""The names of days that are public holidays."""


class UnknownHolidaysError(ValueError):
    """There are no holidays of that place or year; the message says which there are."""


def find_holidays(code: str, year: int, data: Path = DATA) -> Holidays:
    """Return a year's holidays of a country or a part of it, such as DE or DE-BE, in order.

    Raises UnknownHolidaysError.
    """
    lines = {line.partition("\t")[0]: line.partition("\t")[2] for line in data.read_text().splitlines()}
    wanted = code.strip().casefold().replace("_", "-")
    code = next((each for each in lines if each.casefold() == wanted), wanted.upper())
    if code not in lines:
        raise UnknownHolidaysError(f"'{code}' is no place whose holidays are known{_near(code, lines)}")
    days: dict[date, str] = {}
    country = code.partition("-")[0]
    for place in dict.fromkeys([country, code]):
        _add(days, lines[place])
    years = sorted({day.year for day in days})
    if year not in years:
        span = f"from {years[0]} to {years[-1]}" if years else "for no year"
        raise UnknownHolidaysError(f"The holidays of {code} are known {span}")
    return {day: name for day, name in sorted(days.items()) if day.year == year}


def parts_of(country: str, data: Path = DATA) -> list[str] | None:
    """Return the codes of a country's parts with holidays of their own; None where it has none at all."""
    lines = [line.partition("\t") for line in data.read_text().splitlines()]
    if country not in {code for code, _, days in lines if days}:
        return None
    return [code for code, _, days in lines if code.startswith(f"{country}-") and days]


def propose(
    code: str, year: int, now: datetime, zone: ZoneInfo, visits: Sequence["ComingVisit"]
) -> Iterator[str]:
    """Write what is still to come of a year's holidays as `exceptions`, and the visits that are on them."""
    days = find_holidays(code, year)
    booked: defaultdict[date, list[ComingVisit]] = defaultdict(list)
    for visit in visits:
        booked[visit.begins.astimezone(zone).date()].append(visit)
    yield f"# Public holidays of {code.upper()} in {year}. Nothing was changed: paste what is right."
    yield "exceptions:"
    for day, name in days.items():
        if day >= now.astimezone(zone).date():
            yield f"  - {{date: {day}, hours: []}} # {name}"
            for visit in booked[day]:
                yield f"  # booked: № {visit.number}, {visit.service} with {visit.specialist}".rstrip()


def _add(days: dict[date, str], columns: str) -> None:
    """Put a line's days among those of the country; what begins with a minus is no holiday there."""
    for column in filter(None, columns.split("\t")):
        if column.startswith(DROPPED):
            for written in column.removeprefix(DROPPED).split(","):
                days.pop(_date(written), None)
        else:
            dates, _, name = column.partition(" ")
            days.update(dict.fromkeys(map(_date, dates.split(",")), name))


def _date(written: str) -> date:
    return date.fromisoformat(CENTURY + written)


def _near(code: str, known: Mapping[str, str]) -> str:
    """Say the parts of the country if there are any, else what is nearly the code."""
    country = code.partition("-")[0]
    parts = [each for each in known if each.startswith(f"{country}-")]
    near = get_close_matches(code, known, n=MOST_NEAR, cutoff=0.6)
    words = [country, *parts] if country in known else near
    return f"; there is {', '.join(words)}" if words else "; write a code such as DE or DE-BE (ISO 3166)"
