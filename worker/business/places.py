"""The type of the field that says where a specialist works, on every day or by weekday."""

from collections import defaultdict
from collections.abc import Mapping
from functools import partial
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.nodes import MappingNode, SequenceNode

from shared.cleaning import tidy
from worker.business.fields import FieldType, FileEntry, MemberRows, MembersType, ValueKind
from worker.business.hours import fold
from worker.business.lists import on_one_line, read_each, read_reference
from worker.business.opening import WEEKDAYS, parse_weekdays
from worker.business.source import Cursor
from worker.business.wording import Wording

EVERY_DAY = tuple(range(len(WEEKDAYS)))
WEEKDAYS_SAID: FieldType[tuple[int, ...]] = FieldType(
    form="weekdays, `mon-fri`",
    read=lambda at: tuple(sorted(parse_weekdays(at.text()))),
    write=lambda days: ",".join(WEEKDAYS[day] for day in days),
    store=list,
    load=tuple,
    kind=ValueKind.WEEKDAYS,
    presets=("mon-sun", "mon-fri", "sat,sun"),
)

type Whereabouts = dict[str, tuple[int, ...]]
"""The weekdays on which a specialist works at a place (Monday is 0), by its name. None at all: the first."""


def whereabouts(
    entry: type[FileEntry], name: FieldType[str], rows: MemberRows, column: str
) -> MembersType[Whereabouts]:
    """Make the type of places by name, each a row with its weekdays in the column."""
    return MembersType(
        form="list of names of locations, or places by weekday, `{mon-wed: Main street, thu: Side street}`",
        read=lambda at: _read(at, partial(read_reference, entry, name)),
        write=_write,
        show=_show,
        rows=rows,
        split=lambda places: {place: {column: list(days)} for place, days in places.items()},
        join=lambda places: {place: tuple(row[column]) for place, row in places.items()},
        parts={column: WEEKDAYS_SAID},
        blank={column: list(EVERY_DAY)},
    )


def without_a_place(places: Whereabouts, weekdays: set[int]) -> bool:
    """Tell whether the file says where somebody works, and on one of these weekdays it does not."""
    return bool(places) and not weekdays <= {day for days in places.values() for day in days}


def _read(at: Cursor, read_name: Any) -> Whereabouts:  # noqa: ANN401 - a callable of a cursor
    found: defaultdict[str, set[int]] = defaultdict(set)
    if not isinstance(at.node, MappingNode):
        for place in read_each(at.items(Wording.NOT_PLACES), read_name):
            found[place].update(EVERY_DAY)
    else:
        for key, inner in at.fields().items():
            with inner.noting():
                days = parse_weekdays(key)
                several = isinstance(inner.node, SequenceNode)
                for place in read_each(inner.items() if several else [inner], read_name):
                    found[place].update(days)
    return {place: tuple(sorted(days)) for place, days in found.items() if days}


def _by_weekday(places: Mapping[str, tuple[int, ...]]) -> dict[int, tuple[str, ...]]:
    week = {day: tuple(place for place, days in places.items() if day in days) for day in EVERY_DAY}
    return {day: names for day, names in week.items() if names}


def _write(places: Whereabouts) -> CommentedSeq | CommentedMap:
    places = {tidy(name): days for name, days in places.items()}
    if all(days == EVERY_DAY for days in places.values()):
        return on_one_line(CommentedSeq(places))
    week = fold(_by_weekday(places))
    return on_one_line(
        CommentedMap(
            {days: names[0] if len(names) == 1 else on_one_line(CommentedSeq(names)) for days, names in week}
        )
    )


def _show(places: Whereabouts) -> str:
    if not places:
        return "the first of the locations"
    if all(days == EVERY_DAY for days in places.values()):
        return ", ".join(places)
    return "; ".join(f"{days} {', '.join(names)}" for days, names in fold(_by_weekday(places)))
