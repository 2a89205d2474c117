"""What there is beside services and people: places and resources; and what each entry of a list has."""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Self

from shared.i18n.marking import text_noop
from worker.business import kinds
from worker.business.fields import FileEntry, Row, field
from worker.business.hours import weekly_times
from worker.business.opening import Week
from worker.business.periods import Periods, periods
from worker.business.references import reference
from worker.business.values import NAME, WORD, degrees, optional, text_line
from worker.business.wording import Wording
from worker.db.models import catalogue, resources
from worker.scheduling.hours import WeeklyHours
from worker.scheduling.periods import bounds_of

type Conflicts = Iterator[tuple[Sequence[str], Wording]]


class NamedEntry(FileEntry, abstract=True):
    """One of a list, told apart from the others by its name, and known for good by its id."""

    id: str | None = field(
        optional(WORD),
        "what it is known by for good, whatever its name; `export` writes it",
        default=None,
        column="file_id",
        unique=Wording.ID_TAKEN,
        compare=False,
    )
    was: str | None = field(
        optional(kinds.REFERENCE),
        "its name until now, where that changes",
        default=None,
        unique=Wording.WAS_TAKEN,
        passing=True,
        compare=False,
    )
    line: int = dataclasses.field(default=0, compare=False, repr=False)

    @classmethod
    def read(cls, values: Mapping[str, Any], line: int) -> Self:
        """Make an entry that knows its line."""
        return cls(**values, line=line)


class LocationEntry(NamedEntry):
    """A place where visits happen."""

    label = text_noop("location")
    table = catalogue.Location
    together = ("latitude", "longitude")

    name: str = field(NAME, "what the place is called")
    address: str = field(text_line(), "shown to customers", default="")
    latitude: float | None = field(optional(degrees(90)), "north is positive", default=None)
    longitude: float | None = field(
        optional(degrees(180)), "east is positive; both degrees or neither", default=None
    )

    @classmethod
    def conflicts(cls, values: Row) -> Conflicts:
        """Refuse one half of a point."""
        point = [name for name in ("latitude", "longitude") if values.get(name) is not None]
        if len(point) == 1 and {"latitude", "longitude"} <= values.keys():
            yield point, Wording.HALF_A_POINT


class ResourceEntry(NamedEntry):
    """So many rooms, chairs or machines of a kind, which visits need beside a specialist."""

    label = text_noop("resource")
    table = resources.Resource

    name: str = field(NAME, "what the people who work here call one of them")
    count: int = field(kinds.UNITS, "how many there are", default=1)
    location: str | None = field(
        reference(LocationEntry, NAME, kinds.WHERE),
        "where they are; left out, wherever they are needed",
        default=None,
    )
    hours: Week = field(
        weekly_times(kinds.USABLE, "minutes", bounds=True),
        "when they can be used; left out, whenever a specialist works",
        default={},
    )
    periods: Periods = field(
        periods(kinds.USABLE_IN),
        "when they can be used at times that differ; the first that names a date holds",
        default=(),
    )

    @property
    def opening(self) -> WeeklyHours | None:
        """When they can be used; None is whenever a specialist works."""
        return bounded(self.hours, self.periods)


def bounded(week: Week, in_periods: Periods) -> WeeklyHours | None:
    """Return hours that bound those of specialists; None where they bound nothing."""
    if not week and not in_periods:
        return None
    return bounds_of(week, (each.period for each in in_periods))
