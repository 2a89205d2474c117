"""Weekdays and windows of opening hours as people write them, and the types of fields that hold them."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString
from sqlalchemy.dialects.postgresql import Range

from worker.business.fields import FieldType, MemberRows, MembersType
from worker.business.lists import on_one_line, read_each
from worker.business.problems import UnfitError
from worker.business.source import Cursor
from worker.business.wording import Wording
from worker.scheduling.hours import Window
from worker.scheduling.wallclock import MIDNIGHT

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FULL = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
NUMBERS = {name: number for names in (WEEKDAYS, FULL) for number, name in enumerate(names)}
WINDOW = re.compile(r"(\d{1,2}):([0-5]\d) ?[-–] ?(\d{1,2}):([0-5]\d)", re.ASCII)
PAST_MIDNIGHT = "; past midnight belongs to the next day: 22:00-24:00, then 00:00-02:00"
LEAST_FOLD = 2

type Windows = tuple[Window, ...]
"""Open times of one day in order, none touching another."""

type Week = dict[int, Windows]
"""Open times by weekday, Monday is 0; a day without any is left out."""


def parse_weekdays(text: str) -> list[int]:
    """Read 'mon-fri', 'sat' or 'mon,wed' (Monday is 0); 'sun-thu' runs over the week's end.

    Raises UnfitError.
    """
    days: list[int] = []
    for part in text.casefold().split(","):
        first, dash, last = (piece.strip() for piece in part.partition("-"))
        if first not in NUMBERS or (dash and last not in NUMBERS):
            raise UnfitError(Wording.NOT_A_WEEKDAY, text)
        begin, end = NUMBERS[first], NUMBERS[last or first]
        days += [(begin + step) % 7 for step in range((end - begin) % 7 + 1)]
    if len(days) != len(set(days)):
        raise UnfitError(Wording.DAY_NAMED_TWICE, text)
    return days


def parse_window(text: str) -> Window:
    """Read '09:00-13:00' as minutes after midnight; '24:00' may be the end. Raises UnfitError."""
    match = WINDOW.fullmatch(text.strip())
    if match is None:
        raise UnfitError(Wording.NOT_A_WINDOW, text)
    hour, minute, last_hour, last_minute = map(int, match.groups())
    opens, closes = hour * 60 + minute, last_hour * 60 + last_minute
    if opens >= MIDNIGHT or closes > MIDNIGHT:
        raise UnfitError(Wording.OUTSIDE_A_DAY, text)
    if opens >= closes:
        raise UnfitError(Wording.ENDS_FIRST, text, hint=PAST_MIDNIGHT if opens > closes else "")
    return opens, closes


def join_windows(windows: Iterable[Window]) -> Windows:
    """Sort windows and make one of those that touch."""
    joined: list[Window] = []
    for opens, closes in sorted(windows):
        begins = joined.pop()[0] if joined and joined[-1][1] == opens else opens
        joined.append((begins, closes))
    return tuple(joined)


def format_windows(windows: Windows) -> list[str]:
    """Write windows: '09:00-13:00'."""
    return [f"{_clock(opens)}-{_clock(closes)}" for opens, closes in windows]


def fold[Hours](week: Mapping[int, Hours]) -> list[tuple[str, Hours]]:
    """Write a week with its equal neighbours as one: [('mon-fri', …), ('sat', …)]."""
    runs: list[tuple[list[int], Hours]] = []
    for day in sorted(week):
        if runs and runs[-1][0][-1] == day - 1 and runs[-1][1] == week[day]:
            runs[-1][0].append(day)
        else:
            runs.append(([day], week[day]))
    return [(_names(days), hours) for days, hours in runs]


def weekly_times(rows: MemberRows, column: str) -> MembersType[Week]:
    """Make the type of a week's times, each day a row with its times in the column."""
    return MembersType(
        form='times by weekday, `{mon-fri: ["09:00-18:00"]}`',
        read=_read_week,
        write=lambda week: CommentedMap({days: TIMES.write(windows) for days, windows in fold(week)}),
        show=lambda week: "; ".join(f"{days} {_show_windows(open_)}" for days, open_ in fold(week)) or CLOSED,
        tell=_tell_week,
        rows=rows,
        split=lambda week: {day: {column: TIMES.store(windows)} for day, windows in week.items()},
        join=lambda days: {day: TIMES.load(days[day][column]) for day in sorted(days)},
    )


def _read_windows(at: Cursor) -> Windows:
    windows: list[Window] = []

    def read(inner: Cursor) -> None:
        window = parse_window(inner.text())
        for other in windows:
            if window[0] < other[1] and other[0] < window[1]:
                first, second = format_windows((window, other))
                raise UnfitError(Wording.OVERLAP, first, other=second)
        windows.append(window)

    read_each(at.items(Wording.NOT_TIMES), read)
    return join_windows(windows)


def _read_week(at: Cursor) -> Week:
    week: Week = {}
    for key, inner in at.fields(Wording.NOT_A_WEEK).items():
        with inner.noting():
            windows, days = _read_windows(inner), parse_weekdays(key)
            if taken := [day for day in days if day in week]:
                raise UnfitError(Wording.DAY_IN_TWO_LINES, day=WEEKDAYS[taken[0]])
            week.update(dict.fromkeys(days, windows))
    return {day: week[day] for day in sorted(week) if week[day]}


def _tell_week(old: Week, new: Week) -> Iterator[str]:
    pairs = {day: (old.get(day, ()), new.get(day, ())) for day in range(len(WEEKDAYS))}
    different = {day: pair for day, pair in pairs.items() if pair[0] != pair[1]}
    for days, (before, after) in fold(different):
        yield f", {days}: {_show_windows(before)} → {_show_windows(after)}"


def _show_windows(windows: Windows) -> str:
    return ", ".join(format_windows(windows)) or CLOSED


def _write_windows(windows: Windows) -> CommentedSeq:
    return on_one_line(CommentedSeq(map(DoubleQuotedScalarString, format_windows(windows))))


def _names(days: Sequence[int]) -> str:
    if len(days) < LEAST_FOLD:
        return WEEKDAYS[days[0]]
    return f"{WEEKDAYS[days[0]]}{',' if len(days) == LEAST_FOLD else '-'}{WEEKDAYS[days[-1]]}"


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


CLOSED = "closed"
TIMES: FieldType[Windows] = FieldType(
    form='list of times, `["09:00-13:00"]`',
    read=_read_windows,
    write=_write_windows,
    show=_show_windows,
    store=lambda windows: [Range(opens, closes) for opens, closes in windows],
    load=lambda ranges: tuple((span.lower, span.upper) for span in ranges),
)
