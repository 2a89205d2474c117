"""The dots in a block's lower corner: what is special about its customer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from worker.agenda.svg import circle

RADIUS: Final = 9
EDGE, STEP = 15, 24
"""From a dot's middle to the edges of its corner, and to the middle of the next."""


@dataclass(frozen=True, slots=True)
class Dots:
    """Dots in a box of a size: beside each other, above each other where it is too narrow for that."""

    colours: Sequence[str]
    width: float
    height: float

    def shapes(self) -> Iterator[str]:
        """Draw them, from the corner on."""
        for number, colour in enumerate(self.colours):
            left, up = (self._step * number, 0) if self._beside else (0, self._step * number)
            x, y = self.width - self._edge - left, self.height - self._edge - up
            yield circle(x, y, self._radius, colour)

    def left(self, depth: float) -> float:
        """Return where dots begin that reach up into the first `depth` pixels; the width where none do."""
        reach = self._edge + self._radius
        across, up = (reach + self._length, reach) if self._beside else (reach, reach + self._length)
        return self.width - across if self.colours and depth > self.height - up else self.width

    @property
    def _edge(self) -> float:
        return min(EDGE, self.width / 2, self.height / 2)

    @property
    def _radius(self) -> float:
        return min(RADIUS, self._edge - 1)

    @property
    def _beside(self) -> bool:
        return self.width >= self.height or self.width >= 2 * EDGE + STEP * (len(self.colours) - 1)

    @property
    def _step(self) -> float:
        room = (self.width if self._beside else self.height) - 2 * self._edge
        return min(STEP, room / max(1, len(self.colours) - 1))

    @property
    def _length(self) -> float:
        return self._step * (len(self.colours) - 1)
