"""What the database holds of a business, as values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from worker.business.document import Document, NamedEntry


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """A row of a list, offered or not; `number` is the row's own and never another's."""

    number: int
    entry: NamedEntry
    place: int = 0
    """Its place among all rows of its kind."""
    active: bool = True


@dataclass(frozen=True, slots=True)
class StoredBusiness:
    """The business as it is; there is no document where none was ever applied."""

    document: Document | None = None
    rows: Mapping[type[NamedEntry], Sequence[StoredEntry]] = field(default_factory=dict)
    """By class, everything that is or was offered, in its order."""

    def offered[E: NamedEntry](self, kind: type[E], number: int) -> E | None:
        """Return the entry of a row; None where it is not offered."""
        entries = (row.entry for row in self.rows.get(kind, ()) if row.number == number and row.active)
        entry = next(entries, None)
        return entry if isinstance(entry, kind) else None


class HeldUnit(NamedTuple):
    """A unit that is held for somebody who has no visit yet."""

    unit: int
    begins: datetime
    ends: datetime
    specialist_number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ComingVisit:
    """A live visit that is not over; the rows of its service and specialist say whose it is."""

    number: int
    service_number: int
    specialist_number: int
    location_number: int | None = None
    service: str
    specialist: str
    location: str | None = None
    customer: str
    begins: datetime
    ends: datetime
    busy_begins: datetime | None = None
    busy_ends: datetime | None = None
    """With its buffers."""
    units: tuple[int, ...] = ()
    """The numbers of the units that it has of resources."""
    places: int = 1
    """How many places of a group it takes."""
    part: int | None = None
    """Its own row's number, where it follows in a visit: `number` is the visit's."""

    @property
    def row(self) -> int:
        """Where its time stands."""
        return self.number if self.part is None else self.part
