"""What a summary and its confirmation agree on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum
from typing import Final
from zlib import crc32

from shared.contracts.booking import TERMS, Book, LeaveSummary, Move, ShowSummary
from worker.deposit import Money
from worker.price import Price
from worker.visits.parts import VisitPart


class TermsPart(IntEnum):
    """What may change between a summary and its 'Confirm'."""

    PRICE = 0
    LENGTH = 1
    RULES = 2
    """Where it is, the clock that it is told by, until when it can be cancelled and has to be confirmed."""


@dataclass(frozen=True, slots=True)
class ShownTerms:
    """What a summary says beside the time: what is booked has to be just that."""

    price: Price | None
    currency: str
    length: timedelta
    zone: str
    place: tuple[str, str] | None
    """Its name and address."""
    cancel_until: timedelta
    confirm_until: timedelta | None = None
    """How long before the visit its customer has to have said that they will be there."""
    deposit: Money | None = None
    """What is paid ahead."""
    parts: Sequence[VisitPart] = ()
    """What follows."""

    @property
    def mark(self) -> int:
        """Put them into six digits of base 36, two for each part: as much as a button has room for."""
        word = "" if self.confirm_until is None else f" {self.confirm_until}"
        rules = f"{self.zone} {self.place} {self.cancel_until}{word}"
        parts = (self._price + self._ahead, f"{self.length}{self._following}", rules)
        return sum(crc32(part.encode()) % PART * PART**place for place, part in enumerate(parts))

    @property
    def _price(self) -> str:
        if self.price is None:
            return ""
        ends = (self.price.lowest, self.price.highest)
        amounts = ["" if each is None else f"{each.normalize():f}" for each in ends]
        return f"{amounts} {self.currency}"

    @property
    def _following(self) -> str:
        said = [
            (each.service_id, each.specialist_id, each.start, each.end, each.price) for each in self.parts
        ]
        return f" {said}" if said else ""

    @property
    def _ahead(self) -> str:
        return "" if self.deposit is None else f" {self.deposit.amount.normalize():f}"


PART: Final = 36**2


def changed_terms(mark: int, now: ShownTerms) -> list[TermsPart]:
    """Tell which parts are different from those that were shown; of a button that does not say, none."""
    if not mark:
        return []
    return [part for part in TermsPart if mark // PART**part % PART != now.mark // PART**part % PART]


def asked_for(command: Book | Move, service_id: int | None = None) -> ShowSummary:
    """Make the command that showed what is now confirmed."""
    return ShowSummary(
        service_id=command.service_id if isinstance(command, Book) else service_id or 0,
        specialist_id=command.specialist_id,
        start=command.start,
        moving=command.moving if isinstance(command, Move) else None,
        location_id=command.location_id if isinstance(command, Book) else None,
        added=command.added if isinstance(command, Book) else None,
        anyway=command.anyway,
        places=command.places if isinstance(command, Book) else 1,
    )


def sizes(command: ShowSummary, most: int) -> Sequence[ShowSummary]:
    """Make the commands that show the summary for so many places of a group; none where there is one."""
    if most == 1:
        return []
    return [command.model_copy(update={"places": count}) for count in range(1, most + 1)]


def leaving(command: ShowSummary) -> LeaveSummary:
    """Make the command of '« Back'."""
    return LeaveSummary(**command.model_dump(exclude={"kind", "anyway", "places"}))


def confirmation(command: ShowSummary, location_id: int | None, terms: ShownTerms) -> Book | Move:
    """Make the command of 'Confirm': it names what the summary says, so that nothing else comes of it."""
    what = {
        "specialist_id": command.specialist_id,
        "start": command.start,
        "location_id": location_id,
        "anyway": command.anyway,
        "terms": terms.mark,
    }
    if command.moving is None:
        what["terms"] = terms.mark + TERMS * (command.places - 1)
        return Book(service_id=command.service_id, added=command.added, **what)
    return Move(moving=command.moving, **what)
