"""The types of fields that hold several values, or entries of their own."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from shared.i18n.marking import Marked
from worker.business.fields import (
    EntryType,
    FieldSpec,
    FieldType,
    FileEntry,
    MemberRows,
    MembersType,
    Row,
    ValueKind,
)
from worker.business.naming import find_keys, same_keys
from worker.business.problems import NotedError, Phrase, UnfitError, did_you_mean, either
from worker.business.source import Cursor
from worker.business.wording import Hint, Wording

MOST = 500
NOTHING_SAID = "-"
"""What a person says for an empty list."""


def read_each[T](items: Sequence[Cursor], read: Callable[[Cursor], T], most: int | None = None) -> list[T]:
    """Read what can be read, and note at each place what cannot."""
    if most is not None and len(items) > most:
        raise UnfitError(Wording.TOO_MANY, most=most)
    found: list[T] = []
    for inner in items:
        with inner.noting():
            found.append(read(inner))
    return found


def on_one_line[C: (CommentedMap, CommentedSeq)](collection: C) -> C:
    """Have YAML write it as [one, two] or {name: value}."""
    collection.fa.set_flow_style()
    return collection


def durations(item: FieldType[int], most: int, presets: Sequence[str] = ()) -> FieldType[tuple[int, ...]]:
    """Make the type of durations in one column, the longest first."""
    return FieldType(
        form=f"up to {most}, each a {item.form}",
        read=lambda at: tuple(sorted(set(read_each(at.items(), item.read, most)), reverse=True)),
        write=lambda value: _row(map(item.write, value)),
        show=lambda value: ", ".join(map(item.shown, value)) or "none",
        load=tuple,
        kind=ValueKind.DURATIONS,
        said=lambda text: [] if text == NOTHING_SAID else [item.said(each) for each in split_words(text)],
        presets=presets,
    )


def split_words(text: str) -> list[str]:
    """Take apart what a person lists with commas."""
    return [each.strip() for each in text.split(",")]


def numbers(item: FieldType[int], rows: MemberRows) -> MembersType[tuple[int, ...]]:
    """Make the type of numbers that are rows, the smallest first."""
    return _members(
        f"list, each a {item.form}",
        rows,
        item,
        lambda at: tuple(sorted(set(read_each(at.items(), item.read)))),
    )


def read_reference(entry: type[FileEntry], name: FieldType[str], at: Cursor) -> str:
    """Read the key of an entry that stands further up in the document; raises UnfitError."""
    return _meant(name.read(at), at.source.names[entry], entry.label)


def _meant(word: str, known: Mapping[str, str], label: Marked) -> str:
    """Return the key that a word means: a key, or a name that only one entry has; raises UnfitError."""
    keys = find_keys(word, known)
    if not keys:
        hint = did_you_mean(word, [*known, *known.values()])
        raise UnfitError(Wording.UNKNOWN_REFERENCE, word, what=Phrase(label), hint=hint)
    if len(keys) > 1:
        raise UnfitError(Wording.AMBIGUOUS_REFERENCE, word, what=Phrase(label), hint=either(keys))
    return keys[0]


def one[E: FileEntry](entry: type[E], *, on_line: bool = False) -> EntryType[E]:
    """Make the type of an entry that stands by itself."""
    return EntryType(
        form="mapping",
        read=lambda at: _read_entry(entry, at, set()),
        write=lambda value: on_one_line(_written(value)) if on_line else _written(value),
        entry=entry,
        listed=False,
    )


def many[E: FileEntry](entry: type[E]) -> EntryType[tuple[E, ...]]:
    """Make the type of entries one after the other, told apart by name."""
    return EntryType(
        form="list",
        read=lambda at: tuple(read_entries(entry, at, MOST)),
        write=lambda value: [_written(each) for each in value],
        entry=entry,
        listed=True,
    )


def keyed[E: FileEntry](entry: type[E], rows: MemberRows, absent: str) -> MembersType[tuple[E, ...]]:
    """Make the type of entries inside another one, in the order of their key.

    `absent` is what a difference says of an entry that is not there.
    """
    key = entry.columns()[rows.key].name
    others = [spec for spec in entry.specs.values() if spec.name != key]

    def in_order(entries: Iterable[E]) -> tuple[E, ...]:
        return tuple(sorted(entries, key=lambda each: getattr(each, key)))

    return MembersType(
        form="list",
        read=lambda at: in_order(read_entries(entry, at)),
        write=lambda value: [on_one_line(_written(each)) for each in value],
        show=lambda value: ", ".join(str(getattr(each, key)) for each in value) or "none",
        tell=lambda old, new: _tell_entries(key, others, absent, old, new),
        rows=rows,
        split=lambda value: {row.pop(rows.key): row for row in (each.row() for each in value)},
        join=lambda members: in_order(
            entry.from_rows({rows.key: which, **row}, {}) for which, row in members.items()
        ),
        key=entry.specs[key].type,
        parts={str(spec.column): spec.type for spec in others},
        blank={spec.column: spec.type.store(spec.default) for spec in others},
    )


def _row(values: Iterable[object]) -> CommentedSeq:
    return on_one_line(CommentedSeq(values))


def _members[T](
    form: str, rows: MemberRows, key: FieldType[T], read: Callable[[Cursor], tuple[T, ...]]
) -> MembersType[tuple[T, ...]]:
    """Make the type of values that are rows with nothing but their key."""
    return MembersType(
        form=form,
        read=read,
        write=_row,
        show=lambda value: ", ".join(map(str, value)) or "none",
        tell=_tell_members,
        rows=rows,
        split=lambda value: {each: {} for each in value},
        join=tuple,
        key=key,
    )


def _tell_entries(
    key: str, others: Sequence[FieldSpec], absent: str, old: Sequence[FileEntry], new: Sequence[FileEntry]
) -> Iterator[str]:
    def show(each: FileEntry | None) -> str:
        if each is None:
            return absent
        return ", ".join(spec.type.shown(getattr(each, spec.name)) for spec in others)

    before, after = ({getattr(each, key): each for each in entries} for entries in (old, new))
    for which in sorted(before.keys() | after.keys()):
        if before.get(which) != after.get(which):
            yield f", {which}: {show(before.get(which))} → {show(after.get(which))}"


def _tell_members(old: Sequence[object], new: Sequence[object]) -> Iterator[str]:
    changes = {
        "added": [str(each) for each in new if each not in set(old)],
        "removed": [str(each) for each in old if each not in set(new)],
    }
    yield ": " + "; ".join(f"{verb} {', '.join(members)}" for verb, members in changes.items() if members)


def read_alone[E: FileEntry](entry: type[E], at: Cursor, neighbours: Iterable[E]) -> E:
    """Read an entry as if it stood among its neighbours; notes all that is wrong, and raises NotedError."""
    seen = {
        (name, value)
        for each in neighbours
        for name, spec in entry.specs.items()
        if spec.unique and (value := getattr(each, name)) is not None
    }
    return _read_entry(entry, at, seen)


def write_entry(entry: FileEntry) -> CommentedMap:
    """Write an entry as it stands in the file."""
    return _written(entry)


def _written(entry: FileEntry) -> CommentedMap:
    values = {name: getattr(entry, name) for name in entry.specs}
    given = {name: value for name, value in values.items() if value is not None}
    return CommentedMap({name: entry.specs[name].type.write(value) for name, value in given.items()})


def read_entries[E: FileEntry](entry: type[E], at: Cursor, most: int | None = None) -> list[E]:
    """Read entries that stand one after the other, and note at each what is wrong with it."""
    seen: set[tuple[str, object]] = set()
    return read_each(at.items(), lambda inner: _read_entry(entry, inner, seen), most)


def _read_entry[E: FileEntry](entry: type[E], at: Cursor, seen: set[tuple[str, object]]) -> E:
    """Note all that is wrong with an entry; `seen` are the values that its neighbours alone may have."""
    places = at.fields()
    values: dict[str, Any] = {}
    for name, spec in entry.specs.items():
        place = places.get(name) or at.absent(name)
        with place.noting():
            values[name] = _read_field(spec, place)
            _refuse_repeated(spec, values[name], seen)
    refuse_unknown(places, entry.specs)
    for names, wording in entry.conflicts(values):
        next((places[name] for name in names if name in places), at).note(UnfitError(wording))
    if "name" in values:
        _note_name(entry, values, places, at)
    if len(values) < len(entry.specs):
        raise NotedError
    return entry.read(values, at.line)


def refuse_unknown(places: Mapping[str, Cursor], known: Collection[str]) -> None:
    """Note each field that a mapping does not have."""
    for name in places.keys() - set(known):
        hint = did_you_mean(name, known) or Phrase.of(Hint.KNOWN, words=", ".join(known))
        places[name].note(UnfitError(Wording.UNKNOWN_FIELD, hint=hint))


def _note_name(entry: type[FileEntry], values: Row, places: Mapping[str, Cursor], at: Cursor) -> None:
    """Let others refer to an entry; note where another one bears its name already."""
    key, known = entry.key_of(values), at.source.names[entry]
    if same := same_keys(key, known):
        hint = "" if key in same else Phrase.of(Hint.OTHER_CAPITALS, word=same[0])
        places["name"].note(UnfitError(Wording.NAME_TAKEN, key, hint=hint))
    known.setdefault(key, values["name"])


def _read_field(spec: FieldSpec, place: Cursor) -> object:
    if place.node is not None:
        return spec.type.read(place)
    if spec.required:
        raise UnfitError(Wording.MISSING)
    return spec.default


def _refuse_repeated(spec: FieldSpec, value: object, seen: set[tuple[str, object]]) -> None:
    if spec.unique is not None and value is not None:
        if (spec.name, value) in seen:
            raise UnfitError(spec.unique, str(value))
        seen.add((spec.name, value))
