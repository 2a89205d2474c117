"""For each entry of one list of a file, the row of the database that it is, by what the file says of it."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Final

from shared.cleaning import name_key
from worker.business.document import NamedEntry, SpecialistEntry
from worker.business.problems import Phrase, Problem, did_you_mean
from worker.business.stored import StoredEntry
from worker.business.wording import RowWording

NEARLY: Final = 0.8
"""From so much likeness on an id that is not known is a slip of the pen, and not a new one."""


class RowSearch:
    """Finds rows by id, by `was`, by name and by Telegram id, in this order; each row is of one entry."""

    def __init__(
        self, section: str, kind: type[NamedEntry], rows: Sequence[StoredEntry], entries: Sequence[NamedEntry]
    ) -> None:
        self.kind = kind
        self.rows = rows
        self.entries = entries
        self.found: dict[int, StoredEntry] = {}
        """By place in the list, what an entry is."""
        self.problems: list[Problem] = []
        self._section = section
        self._claimed: set[int] = set()
        self._by_key = {row.entry.key: row for row in sorted(rows, key=lambda row: (row.active, row.number))}
        self._alike = {name_key(key): row for key, row in self._by_key.items()}

    def run(self) -> None:
        """Find what can be found, and note what makes no sense."""
        by_id = {row.entry.id: row for row in self.rows if row.entry.id}
        for place, entry in enumerate(self.entries):
            self.claim(place, by_id.get(entry.id) if entry.id else None)
        self._follow_names()
        self._by_name(active=True)
        if self.kind is SpecialistEntry:
            self._by_telegram()
        self._by_name(active=False)
        self._refuse_slips()

    @property
    def gone(self) -> list[StoredEntry]:
        """The rows that are offered, and that no entry is."""
        return [row for row in self.rows if row.active and row.number not in self._claimed]

    @property
    def new(self) -> list[int]:
        """The places of entries that are no row."""
        return [place for place in range(len(self.entries)) if place not in self.found]

    def claim(self, place: int, row: StoredEntry | None) -> bool:
        """Let an entry be a row, unless another one is it; tell whether it is."""
        if row is None or row.number in self._claimed or place in self.found:
            return False
        self.found[place] = row
        self._claimed.add(row.number)
        return True

    def _follow_names(self) -> None:
        """Find rows by the name they had; of a chain of new names, whose own name is free comes first."""
        waiting = [place for place in self.new if self.entries[place].was]
        while any(self._follow(place) for place in waiting):
            waiting = [place for place in waiting if place not in self.found]
        for place in waiting:
            self._refuse_was(place)

    def _follow(self, place: int) -> bool:
        entry, row = self.entries[place], self._formerly(self.entries[place])
        if row is None or self._free(entry.key) or self._stays(row, place):
            return False
        return self.claim(place, row)

    def _formerly(self, entry: NamedEntry) -> StoredEntry | None:
        """Find the row that `was` means: a name in its own category, a key, or a name that one only has."""
        word = str(entry.was)
        values = {name: getattr(entry, name) for name in entry.named_by} | {"name": word}
        named = [row for row in self.rows if name_key(word) == name_key(getattr(row.entry, "name", ""))]
        row = self._called(entry.key_of(values)) or self._called(word)
        return row or (named[0] if len(named) == 1 else None)

    def _called(self, key: str) -> StoredEntry | None:
        """Return the row of that name, else one whose name people take for it."""
        return self._by_key.get(key) or self._alike.get(name_key(key))

    def _free(self, key: str) -> StoredEntry | None:
        """Return what is offered under a name, if no entry is it yet."""
        row = self._called(key)
        return row if row and row.active and row.number not in self._claimed else None

    def _stays(self, row: StoredEntry, place: int) -> bool:
        """Tell whether another entry bears a row's name and is nothing else."""
        return any(
            name_key(entry.key) == name_key(row.entry.key) and not entry.was and other not in self.found
            for other, entry in enumerate(self.entries)
            if other != place
        )

    def _refuse_was(self, place: int) -> None:
        """Refuse a `was` that cannot be followed; one that has been followed before says nothing new."""
        entry = self.entries[place]
        row = self._formerly(entry)
        if row is not None and row.active and row.number not in self._claimed:
            self._note(place, "was", Phrase.of(RowWording.STILL_THERE, text=entry.was))
        elif row is None and self.rows and not self._called(entry.key):
            hint = did_you_mean(str(entry.was), self._by_key)
            values = {"text": entry.was, "what": Phrase(self.kind.label), "hint": hint}
            self._note(place, "was", Phrase.of(RowWording.UNKNOWN_WAS, **values))

    def _by_name(self, *, active: bool) -> None:
        for place in self.new:
            row = self._called(self.entries[place].key)
            if row is not None and row.active is active:
                self.claim(place, row)

    def _by_telegram(self) -> None:
        """Find specialists by Telegram id, those that are offered now before others."""
        people = {getattr(row.entry, "telegram_id", None): row for row in self._people()}
        people.pop(None, None)
        for place in self.new:
            entry = self.entries[place]
            known = self._called(entry.key)
            row = people.get(getattr(entry, "telegram_id", None))
            if row is not None and (row.active or known is None):
                self.claim(place, row)

    def _people(self) -> Iterator[StoredEntry]:
        return iter(sorted(self.rows, key=lambda row: row.active))

    def _refuse_slips(self) -> None:
        """Refuse an id that nearly is the one of what would be gone."""
        ids = [row.entry.id for row in self.gone if row.entry.id]
        for place in self.new:
            own = self.entries[place].id
            near = [each for each in ids if own and SequenceMatcher(None, own, each).ratio() >= NEARLY]
            if near:
                self._note(place, "id", Phrase.of(RowWording.UNKNOWN_ID, text=own, hint=near[0]))

    def _note(self, place: int, name: str, phrase: Phrase) -> None:
        line = self.entries[place].line
        self.problems.append(Problem(line, f"{self._section}[{place}].{name}", phrase))
