"""A document with one entry changed, added, removed or moved: what others refer to it by follows.

What fits is what the file's own reader takes: there is no second set of rules.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from worker.business.document import LISTS, SECTIONS, Document, NamedEntry
from worker.business.fields import FieldType, FileEntry
from worker.business.identity import in_new_words
from worker.business.lists import read_alone, write_entry
from worker.business.problems import NotedError, RefusedFileError
from worker.business.source import Cursor, read_source
from worker.business.stored import StoredBusiness

ANSWER: Final = "answer"
"""What problems call the file that an answer would be."""

type Tree = Any
"""What YAML would hold: mappings, lists and texts."""


class LeftOverError(Exception):
    """What is left refers to nothing that it can do without; `key` names the entry."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def written(entry: FileEntry | None) -> dict[str, Tree]:
    """Return an entry as plain mappings, lists and texts; nothing of one that is still to come."""
    found: dict[str, Tree] = json.loads(_text(write_entry(entry))) if entry else {}
    return found


def plain(tree: object) -> Tree:
    """Return what YAML would write as plain mappings, lists and texts."""
    return json.loads(_text(tree))


def read_value[T](kind: FieldType[T], tree: Tree, document: Document) -> T:
    """Read a single value as the file's reader does; raises RefusedFileError."""
    at = _cursor(tree, document)
    found = []
    with at.noting():
        found.append(kind.read(at))
    if at.source.problems:
        raise RefusedFileError(ANSWER, at.source.problems)
    return found[0]


def read_entry(
    document: Document, section: str, entry: FileEntry | None, values: Mapping[str, Tree]
) -> FileEntry:
    """Read an entry with other values as the file's reader does; None stands for a new one.

    Raises RefusedFileError with everything that is wrong.
    """
    kind, _ = SECTIONS[section]
    at = _cursor(
        {name: each for name, each in {**written(entry), **values}.items() if each is not None}, document
    )
    neighbours = [each for each in entries_of(document, section) if each is not entry]
    if entry is not None:
        at.source.names[kind].pop(entry.key, None)
    try:
        found = read_alone(kind, at, neighbours)
    except NotedError:
        raise RefusedFileError(ANSWER, at.source.problems) from None
    if at.source.problems:
        raise RefusedFileError(ANSWER, at.source.problems)
    return found


def entries_of(document: Document, section: str) -> Sequence[FileEntry]:
    """Return a section's entries, of which there is one where it is no list."""
    found: Any = getattr(document, section)
    return found if section in LISTS else (found,)


def with_entry(document: Document, section: str, before: FileEntry | None, after: FileEntry) -> Document:
    """Return the document with an entry in place of another one, or a new one at the end of its list."""
    if section not in LISTS:
        return _replaced(document, section, after)
    entries = entries_of(document, section)
    if before is None:
        return _replaced(document, section, (*entries, after))
    changed = _replaced(document, section, tuple(after if each is before else each for each in entries))
    return changed if before.key == after.key else _renamed(changed, before, after.key)


def with_change[E: NamedEntry](
    stored: StoredBusiness, kind: type[E], number: int, change: Callable[[E], E]
) -> Document | None:
    """Return the business with one entry of a list changed, by its row; None where it is not offered."""
    entry = stored.offered(kind, number)
    if stored.document is None or entry is None:
        return None
    section = next(name for name, of in LISTS.items() if of is kind)
    return with_entry(stored.document, section, entry, change(entry))


def without_entry(document: Document, section: str, entry: NamedEntry) -> Document:
    """Return the document without an entry, which nothing refers to any more.

    Raises LeftOverError where something cannot do without it.
    """
    left = tuple(each for each in entries_of(document, section) if each is not entry)
    return _renamed(_replaced(document, section, left), entry, None)


def moved_entry(document: Document, section: str, entry: NamedEntry, step: int) -> Document:
    """Return the document with an entry so many places further down its list, or up."""
    entries = list(entries_of(document, section))
    place = next(index for index, each in enumerate(entries) if each is entry)
    entries.insert(max(0, place + step), entries.pop(place))
    return _replaced(document, section, tuple(entries))


def _renamed(document: Document, before: FileEntry, key: str | None) -> Document:
    names: dict[object, Mapping[str, str | None]] = {before.table: {before.key: key}}
    lists: dict[str, Any] = {
        section: tuple(in_new_words(each, names) for each in getattr(document, section)) for section in LISTS
    }
    for each in (entry for entries in lists.values() for entry in entries):
        if next(iter(each.conflicts(vars(each))), None):
            raise LeftOverError(each.key)
    return replace(document, **lists)


def _replaced(document: Document, section: str, value: object) -> Document:
    changes: dict[str, Any] = {section: value}
    return replace(document, **changes)


def _cursor(tree: Tree, document: Document) -> Cursor:
    at = read_source(_text(tree).encode(), ANSWER)
    at.source.currency = document.business.currency
    for section, kind in LISTS.items():
        at.source.names[kind] = {
            each.key: getattr(each, "name", "") for each in entries_of(document, section)
        }
    return at


def _text(tree: object) -> str:
    return json.dumps(tree, ensure_ascii=False, default=str)
