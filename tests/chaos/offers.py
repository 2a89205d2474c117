"""What the run's customers asked, as they asked it: the other half of every check."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from shared.buttons import pack
from shared.contracts.booking import Book, Move, Moving
from shared.contracts.cancelling import Cancel
from shared.contracts.own_visits import ShowBooking

type Json = dict[str, Any]


class Kind(StrEnum):
    """What an update asks."""

    BOOK = "book"
    MOVE = "move"
    CANCEL = "cancel"
    SHOW = "show"
    SERVICES = "services"
    TEXT = "text"
    GUEST = "guest"


CHANGING = frozenset({Kind.BOOK, Kind.MOVE, Kind.CANCEL})
WRITTEN = frozenset({Kind.SERVICES, Kind.TEXT})


@dataclass(frozen=True, slots=True)
class Slot:
    """A service with one specialist at one start."""

    service_id: int
    specialist_id: int
    start: datetime


@dataclass(frozen=True, slots=True)
class Live:
    """A customer's booking as its card shows it."""

    booking_id: int
    version: int
    message_id: int


@dataclass(slots=True)
class Offer:
    """One update: `tag` is its callback query's id; `times` is how often it was sent."""

    update_id: int
    customer: int
    kind: Kind
    at: float
    tag: str | None = None
    slot: Slot | None = None
    live: Live | None = None
    body: Json = field(default_factory=dict)
    times: int = 1
    label: str = ""
    """What its button said, where that is known."""
    answered: bool = False
    """It booked a visit, and its customer has seen the card."""

    @property
    def message_id(self) -> int:
        """The message under which it was tapped; 0 for what was written."""
        return int(self.body["callback_query"]["message"]["message_id"]) if self.tag else 0


def packed(kind: Kind, slot: Slot | None, live: Live | None) -> str:
    """Return the data of the button that asks this."""
    match kind, slot, live:
        case Kind.BOOK, Slot(), _:
            return pack(Book(service_id=slot.service_id, specialist_id=slot.specialist_id, start=slot.start))
        case Kind.MOVE, Slot(), Live():
            moving = Moving(booking_id=live.booking_id, version=live.version)
            return pack(Move(moving=moving, specialist_id=slot.specialist_id, start=slot.start))
        case Kind.CANCEL, _, Live():
            return pack(Cancel(booking_id=live.booking_id, version=live.version))
        case Kind.SHOW, _, Live():
            return pack(ShowBooking(booking_id=live.booking_id))
    raise ValueError(f"no button asks {kind} of {slot} and {live}")


def tap(person: Json, message_id: int, tag: str, data: str, at: float) -> Json:
    """Write the update of a tap on a message that the person has."""
    message = {
        "message_id": message_id,
        "date": int(at),
        "chat": {"id": person["id"], "type": "private", "first_name": person["first_name"]},
        "text": "as it was",
    }
    query = {"id": tag, "from": person, "message": message, "chat_instance": "1", "data": data}
    return {"callback_query": query}
