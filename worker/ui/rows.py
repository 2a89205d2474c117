"""Rows of buttons that a phone shows whole."""

from collections.abc import Callable, Sequence
from typing import Final
from unicodedata import category, east_asian_width

ROW_WIDTH: Final = 310.0
"""Of a row on a narrow phone, in Telegram's density-independent pixels."""
GAP: Final = 5.0
PADDING: Final = 14.0
"""What a button keeps free of letters, both sides together."""
LETTER: Final = 7.7
"""An average letter of a button's text."""
NARROW, USUAL, BROAD, WIDE = 0.5, 1.0, 1.4, 2.0
"""How wide a character is, in average letters."""
NARROW_LETTERS: Final = frozenset("fijlrtI.,:;'!|·‹› \N{THIN SPACE}\N{NO-BREAK SPACE}")
BROAD_LETTERS: Final = frozenset("mwMWжшщюыфЖШЩЮЫФ@%")
ARROWS: Final = frozenset("‹›")


def laid_out[T](row: Sequence[T], label: Callable[[T], str]) -> list[list[T]]:
    """Return a row as it is, or in as few rows as show all labels whole: Telegram cuts what does not fit.

    Rows that come of one are as even as can be. What turns pages stays side by side, below what it turns.
    A button alone in its row has all the width there is, and is cut where that does not do.
    """
    if fits([label(each) for each in row]):
        return [list(row)]
    turning = [each for each in row if label(each) in ARROWS]
    if turning:
        return [*laid_out([each for each in row if label(each) not in ARROWS], label), turning]
    for rows in range(2, len(row)):
        width = -(-len(row) // rows)
        parts = [list(row[start : start + width]) for start in range(0, len(row), width)]
        if all(fits([label(each) for each in part]) for part in parts):
            return parts
    return [[each] for each in row]


def fits(labels: Sequence[str]) -> bool:
    """Tell whether these labels fit side by side; one alone always does."""
    if len(labels) <= 1:
        return True
    room = (ROW_WIDTH - GAP * (len(labels) - 1)) / len(labels) - PADDING
    return max(map(width_of, labels)) * LETTER <= room


def width_of(text: str) -> float:
    """Return about how wide a text is, in average letters."""
    return sum(map(_width, text))


def _width(letter: str) -> float:
    if letter in NARROW_LETTERS:
        return NARROW
    if letter in BROAD_LETTERS:
        return BROAD
    if category(letter) in {"Mn", "Me", "Cf"}:
        return 0.0
    return WIDE if category(letter) == "So" or east_asian_width(letter) in "WF" else USUAL
