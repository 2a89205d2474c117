"""What a TrueType file says of its letters' widths: https://learn.microsoft.com/typography/opentype/spec."""

from collections.abc import Iterator, Sequence
from itertools import count
from struct import unpack_from
from typing import Final

UNMAPPED: Final = 0
"""The glyph that stands for every letter which a font does not have."""


class FontFile:
    """A TrueType file whose letters are of the basic plane (a cmap of format 4), as nearly all are."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        tables = range(12, 12 + 16 * self._number(4), 16)
        self._tables = {data[at : at + 4]: self._long(at + 8) for at in tables}

    def widths(self) -> dict[str, float]:
        """Return the letters' widths, as shares of the size; '' is what stands for a letter it lacks."""
        unit, known = self._number(self._tables[b"head"] + 18), self._number(self._tables[b"hhea"] + 34)
        by_glyph = self._numbers(self._tables[b"hmtx"], 2 * known)[::2]
        glyphs = {"": UNMAPPED} | {chr(code): glyph for code, glyph in self._glyphs()}
        return {letter: by_glyph[min(glyph, known - 1)] / unit for letter, glyph in glyphs.items()}

    def _glyphs(self) -> Iterator[tuple[int, int]]:
        """Yield each letter's code with its glyph: a segment adds to codes, or has a list beside it."""
        begin = self._tables[b"cmap"]
        table = begin + self._long(begin + 8)
        size = self._number(table + 6)
        ends, starts, steps, lists = (
            self._numbers(table + 14 + number * size + (2 if number else 0), size // 2) for number in range(4)
        )
        for segment, first, last, step, listed in zip(count(), starts, ends, steps, lists, strict=False):
            at = table + 16 + 3 * size + 2 * segment + listed
            for code in range(first, last + 1):
                found = self._number(at + 2 * (code - first)) if listed else code
                if found:
                    yield code, (found + step) % 0x10000

    def _number(self, at: int) -> int:
        return self._numbers(at, 1)[0]

    def _numbers(self, at: int, many: int) -> Sequence[int]:
        return unpack_from(f">{many}H", self._data, at)

    def _long(self, at: int) -> int:
        high, low = self._numbers(at, 2)
        return high << 16 | low
