"""What a service asks of a slot, and the reasons for which a start is refused."""

from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """Why a start is refused. Where several apply, the first of this list is given."""

    CLOSED = "closed"
    """The visit does not lie within opening hours from beginning to end."""
    GRID = "grid"
    """The visit lies within opening hours but starts between two steps; only `check` meets this."""
    NOTICE = "notice"
    """It starts in the past, or sooner than the minimum notice allows."""
    HORIZON = "horizon"
    """It starts further ahead than bookings are taken."""
    BOOKED = "booked"
    """The visit overlaps another visit, or a group's session with a different start."""
    FULL = "full"
    """The group's session at this start has no seat left."""
    BUFFER = "buffer"
    """The visits are clear of each other, but a buffer of one reaches into the other's time."""


@dataclass(frozen=True, slots=True)
class ServiceRule:
    """What a service asks of a slot: times in seconds, `step` between two starts, `capacity` in seats.

    Raises ValueError for figures that make no sense.
    """

    service: int
    duration: int
    buffer_before: int
    buffer_after: int
    step: int
    min_notice: int
    horizon: int
    capacity: int = 1

    def __post_init__(self) -> None:
        if min(self.duration, self.step, self.capacity) < 1:
            raise ValueError("duration, step and capacity are at least 1")
        if min(self.buffer_before, self.buffer_after, self.min_notice, self.horizon) < 0:
            raise ValueError("buffers, minimum notice and horizon are not negative")
