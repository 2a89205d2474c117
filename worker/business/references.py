"""The types of fields that name entries standing further up in the file: one of them, or several."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ruamel.yaml.comments import CommentedSeq

from shared.cleaning import tidy
from worker.business.fields import FieldType, FileEntry, MemberRows, MembersType
from worker.business.lists import MOST, on_one_line, read_each, read_reference
from worker.business.source import Cursor

type Names = tuple[str, ...]
"""Entries by what others in the file call them, in the order in which they stand there."""


def references(entry: type[FileEntry], name: FieldType[str], rows: MemberRows) -> MembersType[Names]:
    """Make the type of entries by name, each a row with nothing but its key."""

    def read(at: Cursor) -> Names:
        found = set(read_each(at.items(), lambda inner: read_reference(entry, name, inner), MOST))
        return tuple(key for key in at.source.names[entry] if key in found)

    return MembersType(
        form=f"list of names of {entry.label}s",
        read=read,
        write=lambda value: on_one_line(CommentedSeq(map(tidy, value))),
        show=lambda value: ", ".join(value) or "none",
        tell=_tell,
        rows=rows,
        split=_split,
        join=tuple,
    )


def reference(entry: type[FileEntry], name: FieldType[str], rows: MemberRows) -> MembersType[str | None]:
    """Make the type of an entry by name, or none; of two that are put in the later one stays."""

    def read(at: Cursor) -> str | None:
        return None if at.empty else read_reference(entry, name, at)

    return MembersType(
        form=f"name of a {entry.label}",
        read=read,
        write=lambda value: None if value is None else tidy(value),
        show=lambda value: value or "none",
        rows=rows,
        split=lambda value: _split([value] if value else []),
        join=lambda members: next(reversed(list(members)), None),
    )


def _split(names: Iterable[str]) -> dict[Any, Mapping[Any, Any]]:
    return {each: {} for each in names}


def _tell(old: Names, new: Names) -> Iterator[str]:
    changes = {
        "added": [each for each in new if each not in old],
        "removed": [each for each in old if each not in new],
    }
    yield ": " + "; ".join(f"{verb} {', '.join(names)}" for verb, names in changes.items() if names)
