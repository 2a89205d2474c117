"""Which entry of a file is which row of the database: renamed is not removed and made anew.

What the file says of an entry finds its row (see `search`). Where one of a kind is gone, one is new and
nothing but the name is different, they are taken to be the same; so is the only place, wherever it is now.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, count
from typing import Any, Final
from unicodedata import normalize

from worker.business.document import LISTS, Document, LocationEntry, NamedEntry, SpecialistEntry
from worker.business.fields import MembersType
from worker.business.problems import Problem
from worker.business.search import RowSearch
from worker.business.stored import StoredBusiness, StoredEntry
from worker.ui.names import NO_LETTERS, may_be_one_person

LONGEST_ID: Final = 40

type Names = Mapping[str, str | None]
"""By old name the new one; None for what is gone and whose name another one has now."""


@dataclass(frozen=True, slots=True)
class Pair:
    """An entry of the file, and the row that it is; without one it is new."""

    entry: NamedEntry
    row: StoredEntry | None


@dataclass(frozen=True, slots=True)
class Rename:
    """A new name that nobody declared, of what is taken to be the same: nothing else is gone or new."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Matching:
    """The entries of every list with their rows, and the rows that nothing of the file is."""

    pairs: Mapping[type[NamedEntry], Sequence[Pair]]
    gone: Mapping[type[NamedEntry], Sequence[StoredEntry]]
    renames: Sequence[Rename]
    problems: Sequence[Problem]
    _by_row: dict[tuple[type[NamedEntry], int], NamedEntry] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for kind, pairs in self.pairs.items():
            self._by_row.update({(kind, pair.row.number): pair.entry for pair in pairs if pair.row})

    def entry_of(self, kind: type[NamedEntry], number: int) -> NamedEntry | None:
        """Return what a row becomes; None where it is no longer offered."""
        return self._by_row.get((kind, number))


def match(stored: StoredBusiness, document: Document, others: Collection[Rename] = ()) -> Matching:
    """Find for each entry of the file the row that it is; `others` look like renames and are none."""
    names: dict[object, Names] = {}
    pairs, gone = dict[type[NamedEntry], Sequence[Pair]](), dict[type[NamedEntry], Sequence[StoredEntry]]()
    renames, problems = list[Rename](), list[Problem]()
    for section, kind in LISTS.items():
        rows = [replace(row, entry=in_new_words(row.entry, names)) for row in stored.rows.get(kind, ())]
        search = RowSearch(section, kind, rows, getattr(document, section))
        search.run()
        renames += _guess(search, others)
        problems += search.problems
        pairs[kind], gone[kind] = _pairs(search), search.gone
        names[kind.table] = _new_names(search)
    return Matching(pairs, gone, renames, problems)


def _guess(search: RowSearch, others: Collection[Rename]) -> Iterator[Rename]:
    """Take the one that is gone for the one that is new, if it is the only place, or only its name is new."""
    gone, new = search.gone, search.new
    if len(gone) == len(new) == 1 and not search.entries[new[0]].id:
        row, entry = gone[0], search.entries[new[0]]
        rename = Rename(search.kind.label, row.entry.key, entry.key)
        if rename not in others and (_is_only_place(search) or _alike(row.entry, entry)):
            search.claim(new[0], row)
            yield rename


def _is_only_place(search: RowSearch) -> bool:
    """Tell whether the business had one place and has one: it has moved, and its visits with it."""
    return search.kind is LocationEntry and len(search.entries) == 1


def _alike(old: NamedEntry, new: NamedEntry) -> bool:
    """Tell whether nothing but the name is different, which for a person has to be like the other one."""
    apart = {"id", *old.named_by}
    if any(spec.differs(old, new) for name, spec in new.specs.items() if name not in apart):
        return False
    return not isinstance(new, SpecialistEntry) or may_be_one_person(old.key, new.key)


def _pairs(search: RowSearch) -> list[Pair]:
    """Give each entry the id it is known by: what the file says, what it has, else one made of its name."""
    taken = {row.entry.id for row in search.rows} | {entry.id for entry in search.entries}
    pairs = []
    for place, entry in enumerate(search.entries):
        row = search.found.get(place)
        own = entry.id or (row and row.entry.id) or _make_id(entry, taken)
        taken.add(own)
        pairs.append(Pair(replace(entry, id=own), row))
    return pairs


def _make_id(entry: NamedEntry, taken: Collection[str | None]) -> str:
    name = normalize("NFC", str(getattr(entry, "name", "")).casefold())
    word = NO_LETTERS.sub("-", name)[:LONGEST_ID].strip("-") or entry.label
    possible = chain([word], (f"{word}-{number}" for number in count(2)))
    return next(each for each in possible if each not in taken)


def _new_names(search: RowSearch) -> Names:
    """Return what others called each row, in the words of the new file."""
    found = {row.number: search.entries[place].key for place, row in search.found.items()}
    now = set(found.values()) | {search.entries[place].key for place in search.new}
    names: dict[str, str | None] = {}
    for row in sorted(search.rows, key=lambda row: row.active):
        key = row.entry.key
        names[key] = found.get(row.number, None if key in now else key)
    return names


def in_new_words(entry: NamedEntry, names: Mapping[object, Names]) -> NamedEntry:
    """Return an entry as a file would have it in which what it refers to has these names, by table."""
    changed: dict[str, Any] = {}
    for name, spec in entry.specs.items():
        if isinstance(spec.type, MembersType) and spec.type.rows.named in names:
            called = names[spec.type.rows.named]
            members = spec.type.split(getattr(entry, name))
            new = {called.get(key, key): values for key, values in members.items()}
            new.pop(None, None)
            changed[name] = spec.type.join(new)
    return replace(entry, **changed) if changed else entry
