"""What is to be written of a visit: for whom, what it takes of whom, and which holds give way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from worker.db.models.booking import Awaited, KeptFor, Status
from worker.visits.repository import Visit


@dataclass(frozen=True, slots=True)
class NewVisit:
    """A visit that is not there yet: one that is booked, that is asked for, or a time that is only held."""

    customer_id: int
    currency: str
    status: Status = Status.CONFIRMED
    kept_until: datetime | None = None
    """When a hold is over, or a request lapses; placement has it no later than the notice."""
    kept_for: KeptFor | None = None
    """What a hold is for; None of all others."""
    asks: bool = False
    """Whether it waits for an answer where the service says so."""
    in_place_of: int | None = None
    """The visit that a hold is a new time for; None where it is one more."""
    part_of: int | None = None
    """The visit, or the hold, in which it follows; None where it is one by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """What a visit takes of whom."""

    service_id: int
    specialist_id: int
    location_id: int | None
    seats: range | None
    """The numbers of a group's seats; None takes the whole person."""
    start: datetime
    end: datetime
    busy_start: datetime
    busy_end: datetime
    latest: datetime
    """The notice: nobody can book it after that, and nothing is kept for longer."""
    units: Sequence[int] = ()
    """The numbers of the units that it takes of resources."""
    outside: bool = False
    """Whether staff booked it outside of the working hours, by name."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """What a visit's new time has to be agreed on by."""

    asks: bool = False
    """Whether a visit that stands becomes a request where its service says so; a request stays one."""
    awaits: Awaited | None = None
    """Whom a request then waits for; None is those who work here."""


@dataclass(frozen=True, slots=True)
class Room:
    """Which holds give way to a visit."""

    customer_id: int
    now: datetime
    displaced: Sequence[int] = ()
    """The customer's holds that are too many, beside those in the way."""
    only_seen: bool = False
    """Whether its customer only looks at it: what they were offered stays kept for them meanwhile."""


def room_for(what: NewVisit | Visit, too_many: Sequence[int], now: datetime) -> Room:
    """Say which holds give way to a visit that is placed: `too_many` are those beside what is in its way."""
    only_seen = isinstance(what, NewVisit) and what.kept_for is KeptFor.SUMMARY
    return Room(what.customer_id, now, too_many, only_seen=only_seen)
