"""All that scheduling rules may look at: what a service and a specialist ask of a slot, and what is taken."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, Protocol
from zoneinfo import ZoneInfo

from worker.scheduling.bounds import Bounds
from worker.scheduling.calendars import Calendar
from worker.scheduling.resources import NeededResource
from worker.scheduling.wallclock import day_of

type Seconds = int
"""A length of time that the database and the business file keep in minutes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServicePolicy:
    """What a service asks of a slot; `step` lies between two starts, `capacity` is in seats.

    Each field is the column of that name in the table `service`. Raises ValueError for figures that make no
    sense.
    """

    id: int
    duration: Seconds
    buffer_before: Seconds
    buffer_after: Seconds
    step: Seconds
    min_notice: Seconds
    horizon: Seconds
    capacity: int = 1

    def __post_init__(self) -> None:
        if min(self.duration, self.step, self.capacity) < 1:
            raise ValueError("duration, step and capacity are at least 1")
        if min(self.buffer_before, self.buffer_after, self.min_notice, self.horizon) < 0:
            raise ValueError("buffers, minimum notice and horizon are not negative")


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecialistPolicy:
    """What a specialist asks of a slot beside the hours; None is no limit.

    Each field is the column of that name in the table `specialist`.
    """

    max_per_day: int | None = None
    max_per_week: int | None = None


class Following(Protocol):
    """What is to follow a visit at once."""

    def possible(self, first: "SlotQuery", start: int) -> bool:
        """Tell whether a visit at a start can have what follows it."""
        ...

    def plan(self, first: "SlotQuery", start: int) -> Sequence["ChainPart"] | None:
        """Return a visit at a start and what follows it, in order; None where that cannot be had."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotQuery:
    """All that a rule may look at: a service with one specialist, asked for at the moment `now`."""

    service: ServicePolicy
    calendar: Calendar
    zone: ZoneInfo
    now: int
    specialist: SpecialistPolicy = SpecialistPolicy()
    offered: Bounds | None = None
    """The service's own hours; None is whenever the specialist works."""
    needs: Sequence[NeededResource] = ()
    """What the service needs beside the specialist, wherever that is."""
    wanted: int | None = None
    """The place at which the visit is wanted."""
    then: Following | None = None
    """What is to follow the visit; None where nothing is."""
    places: int = 1
    """How many places of a group's session are wanted."""

    def place_on(self, day: date) -> int | None:
        """Return where a visit on a date is: where it is wanted, if the specialist is there then."""
        return self.calendar.workplaces.place(day.weekday(), self.wanted)

    def place_at(self, start: int) -> int | None:
        """Return where a visit at a start is."""
        return self.place_on(day_of(start, self.zone))


class ChainPart(NamedTuple):
    """A service of a visit with one specialist, and when it begins (Unix seconds)."""

    query: SlotQuery
    start: int

    @property
    def specialist(self) -> int:
        """Who does it."""
        return self.query.calendar.specialist

    @property
    def end(self) -> int:
        """When it ends."""
        return self.start + self.query.service.duration

    @property
    def busy_end(self) -> int:
        """When its specialist is free again."""
        return self.end + self.query.service.buffer_after
