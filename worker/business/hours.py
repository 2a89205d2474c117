"""The types of fields that hold opening hours: of a week, and of one date."""

from collections.abc import Iterator, Mapping, Sequence

from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.scalarstring import DoubleQuotedScalarString
from sqlalchemy.dialects.postgresql import Range

from worker.business.fields import FieldType, MemberRows, MembersType, ValueKind
from worker.business.lists import on_one_line, read_each
from worker.business.opening import (
    WEEKDAYS,
    Week,
    Windows,
    add_window,
    format_windows,
    join_windows,
    parse_opening_hours,
    parse_weekdays,
    parse_window,
    parse_windows,
    spread,
)
from worker.business.problems import UnfitError
from worker.business.source import Cursor
from worker.business.wording import Wording
from worker.scheduling.hours import Window
from worker.scheduling.periods import minutes_of_week, week_of_minutes
from worker.scheduling.wallclock import MIDNIGHT

LEAST_FOLD = 2


def fold[Hours](week: Mapping[int, Hours]) -> list[tuple[str, Hours]]:
    """Write a week with its equal neighbours as one: [('mon-fri', …), ('sat', …)]."""
    runs: list[tuple[list[int], Hours]] = []
    for day in sorted(week):
        if runs and runs[-1][0][-1] == day - 1 and runs[-1][1] == week[day]:
            runs[-1][0].append(day)
        else:
            runs.append(([day], week[day]))
    return [(_names(days), hours) for days, hours in runs]


def weekly_times(rows: MemberRows, column: str, *, bounds: bool = False) -> MembersType[Week]:
    """Make the type of a week's times, each day a row with its times in the column.

    What only `bounds` the times that others have is at any time where nothing is said of it.
    """
    at_all = ANY_TIME if bounds else CLOSED
    return MembersType(
        form='times by weekday, `{mon-fri: ["09:00-18:00"]}`, or `Mo-Fr 09:00-18:00`',
        read=_read_week,
        write=_write_week,
        show=lambda week: _show_week(week) or at_all,
        tell=None if bounds else _tell_week,
        rows=rows,
        split=lambda week: {day: {column: TIMES.store(windows)} for day, windows in week.items()},
        join=lambda days: {day: TIMES.load(days[day][column]) for day in sorted(days)},
        kind=ValueKind.WEEK,
        presets=USUAL_WEEKS,
        keys=tuple(range(len(WEEKDAYS))),
        parts={column: TIMES},
        blank={column: []},
        bounds=bounds,
    )


def _read_times(at: Cursor) -> list[Window]:
    """Read a day's times, some perhaps past its midnight, from a list or one text."""
    if isinstance(at.node, ScalarNode) and not at.empty:
        return parse_windows(at.text())
    windows: list[Window] = []
    read_each(at.items(Wording.NOT_TIMES), lambda inner: add_window(windows, parse_window(inner.text())))
    return windows


def _read_date(at: Cursor) -> Windows:
    """Read the times of a date, which says nothing of the date after it."""
    windows = _read_times(at)
    for opens, closes in windows:
        if closes > MIDNIGHT:
            parts = [(opens, closes), (opens, MIDNIGHT), (0, closes - MIDNIGHT)]
            written, first, then = format_windows(parts)
            raise UnfitError(Wording.PAST_THE_DATE, written, first=first, then=then)
    return join_windows(windows)


def _read_week(at: Cursor) -> Week:
    if isinstance(at.node, ScalarNode) and not at.empty:
        return parse_opening_hours(at.text())
    week: dict[int, list[Window]] = {}
    for key, inner in at.fields(Wording.NOT_A_WEEK).items():
        with inner.noting():
            windows, days = _read_times(inner), parse_weekdays(key)
            if taken := [day for day in days if day in week]:
                raise UnfitError(Wording.DAY_IN_TWO_LINES, day=WEEKDAYS[taken[0]])
            week.update(dict.fromkeys(days, windows))
    return spread(week)


def _write_week(week: Week) -> CommentedMap:
    return CommentedMap({days: _write_windows(windows) for days, windows in fold(week)})


def _show_week(week: Week) -> str:
    return "; ".join(f"{days} {_show_windows(windows)}" for days, windows in fold(week))


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


CLOSED = "closed"
ANY_TIME = "at any time"
USUAL_WEEKS = ("mon-fri 9-18", "mon-sat 10-20", "mon-sun 9-21")
WEEK: FieldType[Week] = FieldType(
    form='times by weekday, `{mon-fri: ["09:00-18:00"]}`, or `Mo-Fr 09:00-18:00`, or `closed`',
    read=_read_week,
    write=lambda week: on_one_line(_write_week(week)) if week else CLOSED,
    show=lambda week: _show_week(week) or CLOSED,
    store=lambda week: [Range(*span) for span in minutes_of_week(week)],
    load=lambda ranges: week_of_minutes((span.lower, span.upper) for span in ranges),
    kind=ValueKind.WEEK,
    presets=(CLOSED, *USUAL_WEEKS),
)
"""A week in one column."""
USUAL_TIMES = (CLOSED, "9-18", "10-20", "9-13,14-18")
TIMES: FieldType[Windows] = FieldType(
    form='list of times, `["09:00-13:00"]`',
    read=_read_date,
    write=_write_windows,
    show=_show_windows,
    store=lambda windows: [Range(opens, closes) for opens, closes in windows],
    load=lambda ranges: tuple((span.lower, span.upper) for span in ranges),
    kind=ValueKind.TIMES,
    presets=USUAL_TIMES,
)
