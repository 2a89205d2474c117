"""The letters of pictures: where their font is, how wide a text is in it, and how much of one fits.

What is measured before it is drawn needs no frame that cuts it off: one costs as much as the text in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final, Literal

from worker.ui.graphemes import ELLIPSIS, graphemes

FONT: Final = "Open Sans"
PACKAGE: Final = "ttf_opensans"
TOP, BOTTOM = 1.05, 0.3
"""How far the font's letters reach over and under their line at most, as shares of their size."""
LEAST: Final = 4
"""So many letters say something with '…' behind them; where fewer fit, it would only take their place."""
type Weight = Literal["normal", "bold"]
FACES: Final[Mapping[Weight, str]] = {"normal": "Regular", "bold": "Bold"}


@dataclass(frozen=True, slots=True)
class Face:
    """The widths of a face's letters, as shares of their size; '' is the box in place of one it lacks."""

    widths: Mapping[str, float]

    def width(self, text: str, size: float) -> float:
        """Return how wide a text is at most, in pixels: what is drawn as one letter is counted apart."""
        missing = self.widths[""]
        return size * sum([self.widths.get(each, missing) for each in text])

    def fitted(self, text: str, size: float, room: float) -> str:
        """Return as much of a text as is no wider than `room` pixels, with '…' for what is left out."""
        if self.width(text, size) <= room:
            return text
        kept = self._beginning(text, size, room - self.width(ELLIPSIS, size)).rstrip(" ·")
        return kept + ELLIPSIS if len(kept) >= LEAST else self._beginning(text, size, room)

    def _beginning(self, text: str, size: float, room: float) -> str:
        kept = ""
        for one in graphemes(text):
            room -= self.width(one, size)
            if room < 0:
                break
            kept += one
        return kept


def face_file(weight: Weight) -> Path:
    """Return where a face is. Raises LookupError where the font is not installed."""
    spec = find_spec(PACKAGE)  # to import it takes as long as a tenth of a picture
    if spec is None or spec.origin is None:
        raise LookupError(f"no {FONT} is installed")
    return Path(spec.origin).with_name("ttf") / f"OpenSans-{FACES[weight]}.ttf"


@cache
def face(weight: Weight) -> Face:
    """Read the widths of a face, once. Raises LookupError where the font is not installed."""
    from fontTools.ttLib import TTFont  # noqa: PLC0415 - seven megabytes, which only who draws pays for

    with TTFont(face_file(weight), lazy=True) as font:
        unit, sizes = font["head"].unitsPerEm, font["hmtx"]
        glyphs = {"": ".notdef"} | {chr(code): name for code, name in font.getBestCmap().items()}
        return Face({letter: sizes[name][0] / unit for letter, name in glyphs.items()})
