"""The type of fields that hold entries in an order of their own, each a row with its place from 1 on."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ruamel.yaml.comments import CommentedMap

from worker.business.fields import FieldSpec, FieldType, FileEntry, MemberRows, MembersType, Row
from worker.business.lists import on_one_line, read_entries


def in_order[E: FileEntry](
    entry: type[E], rows: MemberRows, most: int, blank: Mapping[str, Any] | None = None
) -> MembersType[tuple[E, ...]]:
    """Make the type of up to so many entries; the first field of each is what people know it by.

    `blank` says what a new one has, by field, that the file has to name.
    """
    head = next(iter(entry.specs.values()))
    return MembersType(
        form=f"list of up to {most}",
        read=lambda at: tuple(read_entries(entry, at, most)),
        write=lambda value: [_written(each) for each in value],
        show=lambda value: ", ".join(_headline(head, each) for each in value) or "none",
        tell=_tell,
        rows=rows,
        split=lambda value: {place + 1: each.row() for place, each in enumerate(value)},
        join=lambda members: tuple(entry.from_rows(members[place], {}) for place in sorted(members)),
        parts={str(spec.column): spec.type for spec in entry.specs.values()},
        blank=_blank(entry, blank or {}),
        in_order=True,
    )


def _headline(head: FieldSpec, entry: FileEntry) -> str:
    return head.type.shown(getattr(entry, head.name))


def _written(entry: FileEntry) -> CommentedMap:
    """Write what is not as usual: each is one line that people read."""
    given = {
        name: spec.type.write(getattr(entry, name))
        for name, spec in entry.specs.items()
        if spec.required or getattr(entry, name) != spec.default
    }
    return on_one_line(CommentedMap(given))


def _tell(old: Sequence[FileEntry], new: Sequence[FileEntry]) -> Iterator[str]:
    for place in range(max(len(old), len(new))):
        before, after = (_told(entries, place) for entries in (old, new))
        if before != after:
            yield f", {place + 1}: {before} → {after}"


def _told(entries: Sequence[FileEntry], place: int) -> str:
    if place >= len(entries):
        return "none"
    entry = entries[place]
    head, *others = entry.specs.values()
    given = [
        f"{spec.name} {spec.type.shown(getattr(entry, spec.name))}"
        for spec in others
        if spec.required or getattr(entry, spec.name) != spec.default
    ]
    return ", ".join([_headline(head, entry), *given])


def _blank(entry: type[FileEntry], given: Mapping[str, Any]) -> Row:
    def of(name: str, spec: FieldSpec) -> Any:  # noqa: ANN401 - of the field's type
        kind: FieldType[Any] = spec.type
        return kind.store(given.get(name, "") if spec.required else spec.default)

    return {spec.column: of(name, spec) for name, spec in entry.specs.items()}
