"""For whom calendars are looked at, and when."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Asker:
    """When calendars are looked at, and for whom: some of what stands in them takes no time then."""

    now: datetime
    """Holds that are over by then take none."""
    customer_id: int | None = None
    """Whose visit it would be: what is held for them takes none, unless they are paying for it or have joined
    others for it."""
    moving: int | None = None
    """The booking that would leave its own time."""
    places: int | None = None
    """How many places of a group are wanted; None is as many as what moves has, else one."""
