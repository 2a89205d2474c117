"""A pause: customers can book and move nothing for a while, whatever is free."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Pause:
    """What the business has said of its pause; `until` is the date from which on they can again."""

    paused: bool = False
    until: date | None = None
    """None is until somebody ends it."""
    text: str = ""
    """What customers read meanwhile; empty is the usual text."""

    def holds(self, now: datetime, zone: ZoneInfo) -> bool:
        """Tell whether it is in force: it ends by itself with the midnight before `until`."""
        return self.paused and (self.until is None or now.astimezone(zone).date() < self.until)


NO_PAUSE: Final = Pause()
