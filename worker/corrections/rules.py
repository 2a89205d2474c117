"""What the business may change of a visit, and what of it customers hear.

They hear, once, where to go, when and to whom: what that is, is worked out when they are told, from what they
last knew, so that of changes in a row they hear the sum, and of a change that was taken back nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from operator import attrgetter
from typing import Any, Final, Protocol, Self
from zoneinfo import ZoneInfo

from worker.ui.names import may_be_one_person
from worker.visits.place import Place
from worker.visits.repository import Visit


class Spot(Protocol):
    """Something that people find by its name, its address or its point on the map."""

    @property
    def name(self) -> str:
        """What it is called."""
        ...

    @property
    def address(self) -> str:
        """Its address; empty where nobody gave one."""
        ...

    @property
    def latitude(self) -> float | None:
        """Degrees north; None where nobody gave them."""
        ...

    @property
    def longitude(self) -> float | None:
        """Degrees east; None where nobody gave them."""
        ...


class Correction(StrEnum):
    """What the business changed of a visit and its customer has to hear of: where to go, when, to whom."""

    PLACE = "place"
    CLOCK = "clock"
    """The clock time: the zone was wrong."""
    SPECIALIST = "specialist"
    """The person: somebody has taken over."""


def is_elsewhere(before: Spot, after: Spot) -> bool:
    """Tell whether people would go to another place: its address or its point is another one.

    A new name alone is the same place, unless the name is all that people know of it.
    """
    known = [(_plain(each.address), each.latitude, each.longitude) for each in (before, after)]
    if known == [("", None, None)] * 2:
        return _plain(before.name) != _plain(after.name)
    return known[0] != known[1]


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


IN_FILES: Final = attrgetter("service", "specialist", "business", "timezone", "place", "start")
"""What a calendar file says of a visit, and its file's name."""
ON_CARDS: Final = attrgetter("contact", "cancel_until", "move_until")
"""What cards and reminders say beside it."""


@dataclass(frozen=True, slots=True)
class Whereto:
    """What a customer knows of where to go, and when."""

    location_id: int | None
    place: Place | None
    clock: str
    """When the visit begins by the business's clock, as ISO 8601 without a zone."""

    @classmethod
    def of(cls, visit: Visit) -> Self:
        """Return what whoever is shown the visit knows."""
        clock = visit.start.astimezone(ZoneInfo(visit.timezone)).replace(tzinfo=None)
        return cls(visit.location_id, visit.place, clock.isoformat())

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Self:
        """Read it from a message's payload."""
        return cls(stored["location_id"], Place.of(stored["place"]), stored["clock"])

    def stored(self) -> Mapping[str, Any]:
        """Return it as JSON."""
        place = self.place and [
            *(self.place.name, self.place.address, self.place.latitude, self.place.longitude)
        ]
        return {"location_id": self.location_id, "place": place, "clock": self.clock}

    def corrections(self, visit: Visit, now: datetime) -> list[Correction]:
        """Return what its customer has to hear of the visit as it is now."""
        today = Whereto.of(visit)
        moved = today.location_id != self.location_id or (
            self.place is not None and today.place is not None and is_elsewhere(self.place, today.place)
        )
        late = today.clock != self.clock and visit.start > now
        return [*([Correction.PLACE] if moved else []), *([Correction.CLOCK] if late else [])]


def is_taken_over(before: Visit, after: Visit) -> bool:
    """Tell whether who does the visit is another person, by Telegram id and by a name that is not alike."""
    ids = before.specialist_telegram_id, after.specialist_telegram_id
    another = None not in ids and ids[0] != ids[1]
    return another and not may_be_one_person(before.specialist, after.specialist)


def corrections_of(messages: Sequence[Mapping[str, Any]], visit: Visit, now: datetime) -> list[Correction]:
    """Return what a customer has to hear of the visit as it is now, by the payloads of what they have not."""
    what = Whereto.read(messages[0]["known"]).corrections(visit, now)
    taken_over = any(each["taken_over"] for each in messages)
    return [*what, *([Correction.SPECIALIST] if taken_over else [])]


def is_shown_otherwise(before: Visit, after: Visit) -> bool:
    """Tell whether a card, a reminder or a file of the visit says something else than before."""
    return IN_FILES(before) != IN_FILES(after) or ON_CARDS(before) != ON_CARDS(after)
