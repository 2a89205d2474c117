"""Weekdays and windows of opening hours as people write them."""

import re
from collections.abc import Iterable, Mapping, Sequence

from worker.business.problems import Complaint, NestedError, cut
from worker.scheduling.hours import Window
from worker.scheduling.wallclock import MIDNIGHT

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FULL = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
NUMBERS = {name: number for names in (WEEKDAYS, FULL) for number, name in enumerate(names)}
WINDOW = re.compile(r"(\d{1,2}):([0-5]\d) ?[-–] ?(\d{1,2}):([0-5]\d)", re.ASCII)
LEAST_FOLD = 2

type Windows = tuple[Window, ...]
type Week = dict[int, Windows]


def parse_weekdays(text: str) -> list[int]:
    """Read 'mon-fri', 'sat' or 'mon,wed' (Monday is 0); 'sun-thu' runs over the week's end.

    Raises ValueError.
    """
    days: list[int] = []
    for part in text.casefold().split(","):
        first, dash, last = (piece.strip() for piece in part.partition("-"))
        if first not in NUMBERS or (dash and last not in NUMBERS):
            raise ValueError(f"'{cut(text)}' is not a weekday; write mon, mon-fri or mon,wed")
        begin, end = NUMBERS[first], NUMBERS[last or first]
        days += [(begin + step) % 7 for step in range((end - begin) % 7 + 1)]
    if len(days) != len(set(days)):
        raise ValueError(f"'{cut(text)}' names a day twice")
    return days


def parse_window(text: str) -> Window:
    """Read '09:00-13:00' as minutes after midnight; '24:00' may be the end. Raises ValueError."""
    match = WINDOW.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"'{cut(text)}' is not a pair of times; write \"09:00-13:00\"")
    hour, minute, last_hour, last_minute = map(int, match.groups())
    opens, closes = hour * 60 + minute, last_hour * 60 + last_minute
    if opens >= MIDNIGHT or closes > MIDNIGHT:
        raise ValueError(f"'{cut(text)}' is not within a day, which runs from 00:00 to 24:00")
    if opens >= closes:
        hint = "; past midnight belongs to the next day: 22:00-24:00, then 00:00-02:00"
        raise ValueError(f"'{cut(text)}' ends before it begins{hint if opens > closes else ''}")
    return opens, closes


def read_windows(value: object) -> Windows:
    """Read the windows of a day, in any order; those that touch become one. Raises NestedError."""
    if isinstance(value, tuple):
        return join(value)
    if not isinstance(value, list):
        raise NestedError([((), 'is a list of times: ["09:00-13:00"], or [] for a day off')])
    windows: list[Window] = []
    complaints: list[Complaint] = []
    for index, text in enumerate(value):
        try:
            window = parse_window(text if isinstance(text, str) else "")
            _refuse_overlap(window, windows)
            windows.append(window)
        except ValueError as error:
            complaints.append(((index,), str(error)))
    if complaints:
        raise NestedError(complaints)
    return join(windows)


def read_week(value: object) -> Week:
    """Read hours by weekdays; a day without any is left out. Raises NestedError."""
    if not isinstance(value, dict):
        raise NestedError([((), 'is a mapping of weekdays to times: {mon-fri: ["09:00-18:00"]}')])
    if all(isinstance(key, int) for key in value):
        return {day: join(windows) for day, windows in sorted(value.items()) if windows}
    week: Week = {}
    complaints: list[Complaint] = []
    for key, windows in value.items():
        try:
            _add(week, str(key), read_windows(windows))
        except NestedError as error:
            complaints += [((str(key), *path), message) for path, message in error.complaints]
        except ValueError as error:
            complaints.append(((str(key),), str(error)))
    if complaints:
        raise NestedError(complaints)
    return {day: week[day] for day in sorted(week) if week[day]}


def join(windows: Iterable[Window]) -> Windows:
    """Sort windows and make one of those that touch."""
    joined: list[Window] = []
    for opens, closes in sorted(windows):
        begins = joined.pop()[0] if joined and joined[-1][1] == opens else opens
        joined.append((begins, closes))
    return tuple(joined)


def format_windows(windows: Windows) -> list[str]:
    """Write windows: '09:00-13:00'."""
    return [f"{_clock(opens)}-{_clock(closes)}" for opens, closes in windows]


def fold[Day](week: Mapping[int, Day]) -> list[tuple[str, Day]]:
    """Write a week with its equal neighbours as one: [('mon-fri', …), ('sat', …)]."""
    runs: list[tuple[list[int], Day]] = []
    for day in sorted(week):
        if runs and runs[-1][0][-1] == day - 1 and runs[-1][1] == week[day]:
            runs[-1][0].append(day)
        else:
            runs.append(([day], week[day]))
    return [(_names(days), hours) for days, hours in runs]


def _add(week: Week, key: str, windows: Windows) -> None:
    days = parse_weekdays(key)
    for day in days:
        if day in week:
            raise ValueError(f"{WEEKDAYS[day]} has its hours in another line already")
    week.update(dict.fromkeys(days, windows))


def _refuse_overlap(window: Window, others: Iterable[Window]) -> None:
    for other in others:
        if window[0] < other[1] and other[0] < window[1]:
            first, second = format_windows((window, other))
            raise ValueError(f"'{first}' overlaps '{second}'")


def _names(days: Sequence[int]) -> str:
    if len(days) < LEAST_FOLD:
        return WEEKDAYS[days[0]]
    return f"{WEEKDAYS[days[0]]}{',' if len(days) == LEAST_FOLD else '-'}{WEEKDAYS[days[-1]]}"


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
