"""Opening hours as people and OpenStreetMap write them, into times by weekday.

    hours   = "24/7" | rule { (";" | ",") rule }
    rule    = [ days [":"] ] ( "off" | "closed" | times )
    days    = day [ "-" day ] { "," day [ "-" day ] }
    times   = time "-" time { "," time "-" time }
    time    = hour [ (":" | ".") minute ]

A day is any beginning of its English name, from two letters on. A rule after ";" says all of its days anew,
one after "," adds to them. Of https://wiki.openstreetmap.org/wiki/Key:opening_hours this is what is the same
in every week; the rest is refused by name.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from worker.business.problems import UnfitError
from worker.business.wording import Wording
from worker.scheduling.hours import Window
from worker.scheduling.wallclock import MIDNIGHT

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FULL: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LEAST_OF_A_DAY: Final = 2
LONGEST: Final = 500
DASHES: Final = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
TIME: Final = r"(\d{1,2})(?:[:.]([0-5]\d))?"
WINDOW: Final = re.compile(rf"{TIME} ?- ?{TIME}", re.ASCII)
CLOSED: Final = ("off", "closed")
ALWAYS: Final = "24/7"
TIMES: Final = r"\d[\d:.]* ?- ?\d[\d:.]*"
RULE: Final = re.compile(
    rf"(?P<days>[a-z][a-z., -]*?)??[ :]*(?P<times>off|closed|{TIMES}(?: ?, ?{TIMES})*) ?(?P<end>[;,]|$)[; ]*",
    re.ASCII,
)
HOLIDAYS: Final = re.compile(r"\b(?:ph|sh)\b(?: ?off\b)?")
CALENDAR: Final = re.compile(
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b(?: ?- ?[a-z]+)?|\bweek\b(?: ?[\d/-]+)?"
    r"|\beaster\b|\b\d{4}\b|[a-z]+ ?\[[^\]]*\]|\b(?:sunrise|sunset|dawn|dusk)\b"
)

type Windows = tuple[Window, ...]
"""Open times of one day in order, none touching another."""

type Week = dict[int, Windows]
"""Open times by weekday, Monday is 0; a day without any is left out."""


def parse_weekdays(text: str) -> list[int]:
    """Read 'mon-fri', 'Saturday' or 'Mo,We' (Monday is 0); 'sun-thu' runs over the week's end.

    Raises UnfitError.
    """
    days: list[int] = []
    for part in _plain(text).split(","):
        first, dash, last = (piece.strip() for piece in part.partition("-"))
        begin, end = _weekday(first, text), _weekday(last if dash else first, text)
        days += [(begin + step) % 7 for step in range((end - begin) % 7 + 1)]
    if len(days) != len(set(days)):
        raise UnfitError(Wording.DAY_NAMED_TWICE, text)
    return days


def parse_window(text: str) -> Window:
    """Read '09:00-13:00' or '9-13' as minutes after midnight; raises UnfitError.

    What runs past midnight ends after minute 1440: '22:00-02:00' is (1320, 1560).
    """
    match = WINDOW.fullmatch(_plain(text))
    if match is None:
        raise UnfitError(Wording.NOT_A_WINDOW, text)
    hour, minute, last_hour, last_minute = (int(number or 0) for number in match.groups())
    opens, closes = hour * 60 + minute, last_hour * 60 + last_minute
    if opens >= MIDNIGHT or closes > MIDNIGHT:
        raise UnfitError(Wording.OUTSIDE_A_DAY, text)
    if opens == closes:
        raise UnfitError(Wording.NO_TIME_BETWEEN, text)
    return opens, closes if opens < closes else closes + MIDNIGHT


def parse_windows(text: str) -> list[Window]:
    """Read '09:00-13:00, 14:00-18:00', or 'closed'; raises UnfitError."""
    if _plain(text) in CLOSED:
        return []
    windows: list[Window] = []
    for part in text.split(","):
        add_window(windows, parse_window(part.strip()))
    return windows


def parse_opening_hours(text: str) -> Week:
    """Read 'Mo-Fr 09:00-18:00; Sa 10-14' and the like; raises UnfitError."""
    plain = _plain(text)
    if plain == ALWAYS:
        return dict.fromkeys(range(len(WEEKDAYS)), ((0, MIDNIGHT),))
    _refuse_what_differs_by_week(plain)
    week: dict[int, list[Window]] = {}
    place, adds = 0, False
    while place < len(plain) or not place:
        match = RULE.match(plain, place)
        if match is None:
            raise UnfitError(Wording.NOT_OPENING_HOURS, plain[place:])
        days = parse_weekdays(match["days"]) if match["days"] else range(len(WEEKDAYS))
        for day in days:
            week[day] = week.get(day, []) if adds else []
            for window in parse_windows(match["times"]):
                add_window(week[day], window)
        place, adds = match.end(), match["end"] == ","
    return spread(week)


def add_window(windows: list[Window], window: Window) -> None:
    """Put a window among a day's; raises UnfitError where it overlaps one."""
    for other in windows:
        if window[0] < other[1] and other[0] < window[1]:
            first, second = format_windows((window, other))
            raise UnfitError(Wording.OVERLAP, first, other=second)
    windows.append(window)


def spread(week: Mapping[int, Iterable[Window]]) -> Week:
    """Give each day what is within it, past midnight the next day; raises UnfitError where that overlaps."""
    found: dict[int, list[Window]] = {day: [] for day in range(len(WEEKDAYS))}
    for day, windows in week.items():
        for opens, closes in windows:
            add_window(found[day], (opens, min(closes, MIDNIGHT)))
            if closes > MIDNIGHT:
                add_window(found[(day + 1) % len(WEEKDAYS)], (0, closes - MIDNIGHT))
    return {day: join_windows(windows) for day, windows in found.items() if windows}


def join_windows(windows: Iterable[Window]) -> Windows:
    """Sort windows and make one of those that touch."""
    joined: list[Window] = []
    for opens, closes in sorted(windows):
        begins = joined.pop()[0] if joined and joined[-1][1] == opens else opens
        joined.append((begins, closes))
    return tuple(joined)


def format_windows(windows: Sequence[Window]) -> list[str]:
    """Write windows: '09:00-13:00'."""
    return [f"{_clock(opens)}-{_clock(closes)}" for opens, closes in windows]


def _weekday(word: str, text: str) -> int:
    """Return the day whose name begins so."""
    word = word.removesuffix(".")
    for number, name in enumerate(FULL):
        if len(word) >= LEAST_OF_A_DAY and name.startswith(word):
            return number
    raise UnfitError(Wording.NOT_A_WEEKDAY, text)


def _refuse_what_differs_by_week(plain: str) -> None:
    """Refuse public holidays, months, weeks and the sun, in the words of the text; raises UnfitError."""
    if len(plain) > LONGEST:
        raise UnfitError(Wording.TOO_LONG, length=len(plain), most=LONGEST)
    if found := HOLIDAYS.search(plain):
        raise UnfitError(Wording.HOLIDAYS_IN_HOURS, found[0].replace("ph", "PH").replace("sh", "SH"))
    if found := CALENDAR.search(plain):
        raise UnfitError(Wording.NOT_EVERY_WEEK, found[0].strip())


def _plain(text: str) -> str:
    return DASHES.sub("-", text).strip().casefold()


def _clock(minute: int) -> str:
    if minute > MIDNIGHT:
        minute -= MIDNIGHT
    return f"{minute // 60:02}:{minute % 60:02}"
