"""How the words of a block are set in it: in how many lines, how large, and how much of them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from worker.agenda.dots import Dots
from worker.ui.letters import BOTTOM, TOP, Weight, face

SPACING: Final = 30
"""From one line of a block to the next."""
LETTERS, SMALL, SMALLEST = 24, 18, 12
"""How large words are; in a block that is narrow, they and the time may be as small as that."""
NARROW: Final = 240
"""A block in which a time and a name do not stand beside each other."""
INSET, GAP = 12, 2
"""Before words, and behind them at least."""
FEW: Final = 2
"""So much behind a time, the space with it, says nothing."""


@dataclass(frozen=True, slots=True)
class WrittenLine:
    """Words, in whole pixels from their block's corner to their base."""

    words: str
    base: int
    size: int
    room: float
    weight: Weight = "normal"


@dataclass(frozen=True, slots=True)
class Lettering:
    """The room that a block has for words."""

    width: int
    height: int
    dots: Dots

    @property
    def inset(self) -> int:
        """How far from the left words begin."""
        return min(INSET, self.width // 9)

    def lines(self, time: str, who: str, service: str) -> Iterator[WrittenLine]:
        """Set them in as many lines as there is room for. The time is read whole, or the hour of it."""
        known = self._readable(time)
        head, *said = self._shared_out(known, who, service)
        size = min(self._tallest, max(SMALLEST, self._largest(known)))
        if self.width < NARROW and not said and self._largest(head) < size:
            size = min(size, SMALL)
        room = self._room(size, 0)
        begun = face("bold").fitted(head, size, room)
        if begun != head and len(begun) <= len(known) + FEW:
            begun, room = known, self._widest
        yield WrittenLine(begun, self._base(0), size, room, "bold")
        size = min(self._tallest, max(SMALL, size))
        for number, each in enumerate(said, start=1):
            yield WrittenLine(each, self._base(number), size, self._room(size, number))

    def _shared_out(self, time: str, who: str, service: str) -> Sequence[str]:
        many = (self.height - 3) // SPACING
        if many <= 1:
            return [f"{time} {who} · {service}"]
        return [time, who, service][:many] if self.width < NARROW else [f"{time} {who}", service]

    def _readable(self, time: str) -> str:
        """Return a time, or where that is too wide its hour: half of a time would be taken for another."""
        hour = re.search(r"\d+", time)
        return time if hour is None or self._largest(time) >= SMALLEST else hour[0]

    @property
    def _tallest(self) -> int:
        return min(LETTERS, int(self.height / (TOP + BOTTOM)))

    @property
    def _widest(self) -> int:
        return self.width - self.inset - GAP

    def _largest(self, text: str) -> int:
        """Return in which size a bold text is as wide as the block."""
        return int(self._widest / face("bold").width(text, 1))

    def _base(self, number: int) -> int:
        return round(self._tallest * TOP) + number * SPACING

    def _room(self, size: int, number: int) -> float:
        """Return how much of a line is free of dots."""
        return min(self.dots.left(self._base(number) + size * BOTTOM), self.width) - self.inset - GAP
