"""Which entry of a file is which row of the database."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from worker.business.document import LISTS, Document, NamedEntry
from worker.business.stored import StoredBusiness, StoredEntry


@dataclass(frozen=True, slots=True)
class Pair:
    """An entry of the file, and the row that it is; without one it is new."""

    entry: NamedEntry
    row: StoredEntry | None


@dataclass(frozen=True, slots=True)
class Matching:
    """The entries of every list with their rows, and the rows that nothing of the file is."""

    pairs: Mapping[type[NamedEntry], Sequence[Pair]]
    gone: Mapping[type[NamedEntry], Sequence[StoredEntry]]

    def entry_of(self, kind: type[NamedEntry], number: int) -> NamedEntry | None:
        """Return what a row becomes; None where it is no longer offered."""
        return next((pair.entry for pair in self.pairs[kind] if pair.row and pair.row.number == number), None)


def match(stored: StoredBusiness, document: Document) -> Matching:
    """Find for each entry of the file the row that it is."""
    pairs = {kind: list(_by_name(stored.rows.get(kind, ()), entries)) for kind, entries in _lists(document)}
    gone = {kind: _gone(stored.rows.get(kind, ()), found) for kind, found in pairs.items()}
    return Matching(pairs, gone)


def _lists(document: Document) -> Iterator[tuple[type[NamedEntry], Sequence[NamedEntry]]]:
    return ((kind, getattr(document, name)) for name, kind in LISTS.items())


def _by_name(rows: Sequence[StoredEntry], entries: Sequence[NamedEntry]) -> Iterator[Pair]:
    named = {row.entry.key: row for row in sorted(rows, key=lambda row: row.active)}
    return (Pair(entry, named.get(entry.key)) for entry in entries)


def _gone(rows: Sequence[StoredEntry], pairs: Sequence[Pair]) -> list[StoredEntry]:
    kept = {pair.row.number for pair in pairs if pair.row}
    return [row for row in rows if row.active and row.number not in kept]
