"""How long lists are, which weeks a wish for days means, and what a summary and its confirmation agree on."""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import IntEnum
from typing import Final, Protocol
from zlib import crc32
from zoneinfo import ZoneInfo

from shared.contracts.booking import Book, Move, ShowMonth, ShowSummary
from worker.price import Price
from worker.scheduling.weeks import Weeks
from worker.ui.phrases import HOURS_A_DAY, MINUTES_AN_HOUR

ROWS_A_PAGE: Final = 8
"""So many rows, their words above them and the rows of ways beneath fit a phone's screen."""
SHORT: Final = 16
"""Names of so many characters stand two in a row without being cut."""


class Grouped(Protocol):
    """Something that is found under a category."""

    @property
    def category(self) -> str:
        """The category's name."""
        ...


def categories[T: Grouped](items: Sequence[T]) -> dict[str, list[T]]:
    """Group what is offered by category; not where a page holds it all, or there is but one category."""
    groups: dict[str, list[T]] = {}
    for item in items:
        groups.setdefault(item.category, []).append(item)
    return groups if len(groups) > 1 and len(items) > ROWS_A_PAGE else {}


def columns(names: Sequence[str]) -> int:
    """Return how many names stand in a row: two where all of them are short."""
    return 2 if len(names) > 1 and max(map(len, names)) <= SHORT else 1


def found[T](items: Sequence[T], typed: str, name: Callable[[T], str]) -> list[T]:
    """Find what has every word that was typed somewhere in its name, whatever the accents and capitals.

    What begins with what was typed comes first, then what has a word that does; else the order is kept.
    """
    words = plain(typed).split()
    held = [(item, plain(name(item))) for item in items]
    fitting = [(item, text) for item, text in held if words and all(word in text for word in words)]
    return [item for item, text in sorted(fitting, key=lambda pair: _distance(pair[1], " ".join(words)))]


def _distance(text: str, typed: str) -> int:
    if text.startswith(typed):
        return 0
    return 1 if f" {typed}" in text else 2


def plain(text: str) -> str:
    """Write a text without accents, capitals and doubled spaces: what is compared, never what is shown."""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return " ".join("".join(each for each in decomposed if not unicodedata.combining(each)).split())


def has_passed(command: ShowMonth, today: date) -> bool:
    """Tell whether nothing of what is asked for is ahead; of this month, the days that are left are meant."""
    if command.before is not None:
        return command.before <= Weeks.of(today, today).first
    return command.month is not None and (command.month.year, command.month.month) < (today.year, today.month)


def weeks_of(command: ShowMonth, today: date) -> Weeks:
    """Return the weeks that are asked for; of what has passed, those of today."""
    day = command.month if command.before is None else command.before - timedelta(days=1)
    return Weeks.of(max(day or today, today), today)


def on_the_clock(day: date, clock: int, zone: ZoneInfo) -> datetime | None:
    """Return the instant at which a clock shows so many hours and minutes, written together as 930.

    Of a time that the clock shows twice it is the first; None where it shows no such time, as when clocks
    are put forward over it.
    """
    hour, minute = divmod(clock, 100)
    if hour >= HOURS_A_DAY or minute >= MINUTES_AN_HOUR:
        return None
    shown = datetime.combine(day, time(hour, minute), zone)
    start = shown.astimezone(UTC)
    return start if start.astimezone(zone).replace(fold=0) == shown else None


class TermsPart(IntEnum):
    """What may change between a summary and its 'Confirm'."""

    PRICE = 0
    LENGTH = 1
    RULES = 2
    """Where it is, the clock that it is told by, and until when it can be cancelled."""


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

    @property
    def mark(self) -> int:
        """Put them into six digits of base 36, two for each part: as much as a button has room for."""
        parts = (self._price, str(self.length), f"{self.zone} {self.place} {self.cancel_until}")
        return sum(crc32(part.encode()) % PART * PART**place for place, part in enumerate(parts))

    @property
    def _price(self) -> str:
        if self.price is None:
            return ""
        ends = (self.price.lowest, self.price.highest)
        amounts = ["" if each is None else f"{each.normalize():f}" for each in ends]
        return f"{amounts} {self.currency}"


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
        anyway=command.anyway,
    )


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
        return Book(service_id=command.service_id, **what)
    return Move(moving=command.moving, **what)
