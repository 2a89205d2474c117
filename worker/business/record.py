"""What a change leaves in the history: values rather than words, and no more of them than people read."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from worker.business.changes import Change, EntryChange, OrderChange, Verb
from worker.business.document import LISTS, SECTIONS
from worker.business.edits import plain
from worker.business.fields import FieldSpec, FieldType, MembersType, Row, ValueKind
from worker.events.repository import NewEvent

MOST_EVENTS: Final = 100
"""So many entries of one change are noted; of more than that only the number."""
MOST_LINES: Final = 20
"""So many lines are noted of one entry."""
MOST_NAMES: Final = 20
LONGEST_VALUE: Final = 300
"""Characters of a value as JSON; of a longer one only the beginning is noted."""

KINDS: Final[Mapping[Verb, str]] = {
    Verb.ADDED: "added",
    Verb.RETURNED: "returned",
    Verb.CHANGED: "changed",
    Verb.REMOVED: "removed",
}
_SECTION_OF: Final = {entry: name for name, (entry, _) in SECTIONS.items()}

type Line = dict[str, Any]
"""A field, the member of it if it has any, and what it held and holds, as the file would have it."""


def events_of(changes: Sequence[Change], currency: str) -> list[NewEvent]:
    """Return what is noted of a change: an event for each entry that anybody would tell of."""
    told = [change for change in changes if change.told]
    events = [_event(change, currency) for change in told[:MOST_EVENTS]]
    if more := len(told) - len(events):
        events.append(NewEvent("more", "business", data={"count": more}))
    return events


def _event(change: Change, currency: str) -> NewEvent:
    section = _SECTION_OF[change.entry]
    if isinstance(change, OrderChange):
        return NewEvent("reordered", section, data={"names": list(change.names[:MOST_NAMES])})
    event = NewEvent(
        KINDS[change.verb],
        section,
        name=change.name,
        number=change.number,
        data=_data(list(_lines(change)), currency),
        people=sorted(_people(change)),
    )
    if change.verb is not Verb.ADDED or section not in LISTS:
        return event
    called = {name: getattr(change.after, name) for name in change.entry.named_by}
    return replace(event, table=change.entry.table, called=called)


def _data(lines: Sequence[Line], currency: str) -> dict[str, Any]:
    if not lines:
        return {}
    data: dict[str, Any] = {"lines": list(lines[:MOST_LINES]), "currency": currency}
    return {**data, "more": len(lines) - MOST_LINES} if len(lines) > MOST_LINES else data


def _differing(change: EntryChange) -> Iterator[tuple[FieldSpec, Any, Any]]:
    before, after = change.before, change.after
    if change.verb is Verb.CHANGED and before and after:
        for name, spec in after.specs.items():
            if spec.differs(before, after):
                yield spec, getattr(before, name), getattr(after, name)


def _lines(change: EntryChange) -> Iterator[Line]:
    for spec, before, after in _differing(change):
        kind = spec.type
        if isinstance(kind, MembersType) and (kind.parts or kind.key):
            yield from _of_members(spec.name, kind, kind.split(before), kind.split(after))
        else:
            pair = [_written(kind, value) for value in (before, after)]
            yield {"field": spec.name, "from": pair[0], "to": pair[1]}


def _of_members(
    name: str, kind: MembersType[Any], before: Mapping[Any, Row], after: Mapping[Any, Row]
) -> Iterator[Line]:
    for key in {**before, **after}:
        if before.get(key) != after.get(key):
            pair = [_member(kind, rows.get(key)) for rows in (before, after)]
            yield {"field": name, "member": plain(key), "from": pair[0], "to": pair[1]}


def _member(kind: MembersType[Any], row: Row | None) -> dict[str, Any] | None:
    if row is None:
        return None
    values = {part: (type_, type_.load(row[part])) for part, type_ in kind.parts.items()}
    return {part: _written(type_, value) for part, (type_, value) in values.items()}


def _written(kind: FieldType[Any], value: object) -> Any:  # noqa: ANN401 - JSON
    return None if value is None else _bounded(kind.write(value))


def _bounded(value: object) -> Any:  # noqa: ANN401 - JSON
    tree = plain(value)
    text = json.dumps(tree, ensure_ascii=False)
    if len(text) <= LONGEST_VALUE:
        return tree
    return f"{tree if isinstance(tree, str) else text}"[: LONGEST_VALUE - 1] + "…"


def _people(change: EntryChange) -> set[int]:
    """Return whom the lines name."""
    found: set[int] = set()
    for spec, *values in _differing(change):
        kind = spec.type
        if isinstance(kind, MembersType) and kind.key and kind.key.kind is ValueKind.PERSON:
            found.update(*(kind.split(value) for value in values))
        elif kind.kind is ValueKind.PERSON:
            found.update(value for value in values if value is not None)
    return found
