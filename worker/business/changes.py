"""What differs between the database and a file: `apply` tells it, and the repository writes exactly it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass
from enum import StrEnum
from itertools import islice
from typing import Any, ClassVar

from worker.business.document import LISTS, SECTIONS, Document, NamedEntry
from worker.business.fields import FileEntry, MemberRows, MembersType, Row
from worker.business.identity import Matching, Pair

MOST_LINES = 10
"""So many lines are told of a field; of what is more than that only the number."""


class Verb(StrEnum):
    """What happens to one entry."""

    ADDED = "added"
    RETURNED = "back again"
    CHANGED = "changed"
    REMOVED = "no longer offered"


@dataclass(frozen=True, slots=True)
class MemberChange:
    """What changes in the rows of one field: the keys that go, and the rows that are new or different."""

    rows: MemberRows
    owner: str
    gone: Collection[Any]
    put: Mapping[Any, Row]


@dataclass(frozen=True, slots=True)
class EntryChange:
    """One entry that becomes different.

    `before` is what the database holds of it, offered or not; `after` is None where it is no longer offered.
    `number` is its row's, where it has one of its own already.
    """

    entry: type[FileEntry]
    name: str
    verb: Verb
    before: FileEntry | None
    after: FileEntry | None
    number: int | None = None
    told: ClassVar = True

    def __str__(self) -> str:
        subject = f"{self.entry.label} '{self.name}'" if self.name else self.entry.label
        return "\n".join([f"{subject} {self.verb}", *(f"  {detail}" for detail in self.details)])

    @property
    def details(self) -> list[str]:
        """Say what changes inside an entry that stays."""
        if self.verb is Verb.CHANGED and self.before and self.after:
            return differences(self.before, self.after)
        return []

    @property
    def row(self) -> Row:
        """Return the row to write for the entry itself; empty where that row stays as it is."""
        row = self.after.row() if self.after else {}
        stays = self.verb is Verb.CHANGED and self.before and self.before.row() == row
        return {} if stays else row

    @property
    def members(self) -> Iterator[MemberChange]:
        """Return what to write in the rows of members; an entry that is no longer offered keeps them.

        Of one that comes back the rows of before are removed first.
        """
        stayed = None if self.verb is Verb.RETURNED else self.before
        for name, spec in self.entry.specs.items() if self.after else ():
            if isinstance(spec.type, MembersType):
                old = spec.type.split(getattr(stayed, name)) if stayed else {}
                new = spec.type.split(getattr(self.after, name))
                put = {key: row for key, row in new.items() if old.get(key) != row}
                yield MemberChange(spec.type.rows, self.name, old.keys() - new.keys(), put)


@dataclass(frozen=True, slots=True)
class OrderChange:
    """A list's names in their new order; told only where those that stay change places."""

    entry: type[FileEntry]
    names: Sequence[str]
    told: bool

    def __str__(self) -> str:
        return f"order of {self.entry.label}s changed"


type Change = EntryChange | OrderChange


def compare(before: Document | None, after: Document, matching: Matching) -> list[Change]:
    """Return everything that becomes different, in the order of the file."""
    changes: list[Change] = []
    for name, (entry, _) in SECTIONS.items():
        old, new = getattr(before, name, Document.specs[name].default), getattr(after, name)
        if name in LISTS:
            changes += _of_list(LISTS[name], matching)
        elif old is MISSING:
            changes.append(EntryChange(entry, new.key, Verb.ADDED, None, new))
        elif _differ(old, new):
            changes.append(EntryChange(entry, "", Verb.CHANGED, old, new))
    return changes


def count_unchanged(after: Document, changes: Sequence[Change]) -> int:
    """Return how many entries of lists stay as they are."""
    changed = {(change.entry, change.name) for change in changes if isinstance(change, EntryChange)}
    return sum(
        (entry, each.key) not in changed for name, entry in LISTS.items() for each in getattr(after, name)
    )


def differences(before: FileEntry, after: FileEntry) -> list[str]:
    """Say what is different, field by field: 'price: 35 → 40'."""
    lines: list[str] = []
    for name, spec in after.specs.items():
        if spec.differs(before, after):
            texts = spec.type.told(getattr(before, name), getattr(after, name))
            lines += [f"{name}{text}" for text in islice(texts, MOST_LINES)]
            if more := sum(1 for _ in texts):
                lines.append(f"{name}: {more} more")
    return lines


def _of_list(entry: type[NamedEntry], matching: Matching) -> Iterator[Change]:
    pairs = matching.pairs[entry]
    for pair in pairs:
        row, name = pair.row, pair.entry.key
        if row is None:
            yield EntryChange(entry, name, Verb.ADDED, None, pair.entry)
        elif not row.active:
            yield EntryChange(entry, name, Verb.RETURNED, row.entry, pair.entry, row.number)
        elif _differ(row.entry, pair.entry):
            yield EntryChange(entry, name, Verb.CHANGED, row.entry, pair.entry, row.number)
    for row in matching.gone[entry]:
        yield EntryChange(entry, row.entry.key, Verb.REMOVED, row.entry, None, row.number)
    yield from _order(entry, pairs)


def _order(entry: type[NamedEntry], pairs: Sequence[Pair]) -> Iterator[OrderChange]:
    """Tell where the file's order is not the rows'; where some are new, that alone is not told."""
    stay = [(pair.row.place, pair.entry.key) for pair in pairs if pair.row and pair.row.active]
    before = [name for _, name in sorted(stay)]
    names = [pair.entry.key for pair in pairs]
    if before != names:
        yield OrderChange(entry, names, told=before != [name for _, name in stay])


def _differ(old: FileEntry, new: FileEntry) -> bool:
    return any(spec.differs(old, new) for spec in new.specs.values())
