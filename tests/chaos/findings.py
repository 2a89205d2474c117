"""What a check finds."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Promise(StrEnum):
    """What may be found broken."""

    LOST = "an accepted update was lost"
    TWICE = "an update took effect twice"
    ORDER = "a person's commands were not applied in order"
    STATE = "the database is not what the commands say"
    REFUSED = "something possible was refused"
    DOUBLE = "a double booking"
    CARD = "a chat does not end in the state of the database"
    FILE = "a calendar file is missing"
    REMINDER = "a due reminder is missing"
    VOID = "a reminder of a visit that no longer is"
    REPLY = "a message was not answered"
    HELD = "a held time is not what it was held for"
    OFFER = "a freed time was not offered, or to two"
    REQUEST = "a request was not answered once"
    PAYMENT = "money without a visit or a refund, or the other way round"
    WHOLE = "what was agreed on at once was done in part"
    PLACES = "a visit of a group has other places than were asked for, or the group too many"
    SWAP = "two visits were not swapped both or neither, or somebody was not told once"
    TOLD = "somebody whose visit nobody is there for was not told once"
    TOGETHER = "friends were not booked all or none, places were kept for nobody, or somebody not told once"
    DUPLICATES = "more duplicates than ambiguous sends and kills"
    LIMIT = "sends above the limit"
    PROCESS = "a process ended by itself"
    DEAD = "a dead command"
    LOG = "an unexpected line in a log"
    RECOVERY = "recovery took too long"
    READY = "readiness did not tell the truth"
    REST = "the system did not come to rest"


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken promise, and where to look."""

    promise: Promise
    what: str


def findings(promise: Promise, what: Iterable[str]) -> list[Finding]:
    """Make findings of one kind."""
    return [Finding(promise, one) for one in what]
