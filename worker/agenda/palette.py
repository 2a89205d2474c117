"""The colours of a picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Palette:
    """What is drawn in which colour."""

    ground: str
    closed: str
    grid: str
    ink: str
    faint: str
    alarm: str
    fresh: str
    quiet: str
    people: Sequence[str]
    """Of visits: one for each specialist, again from the start where there are more."""


LIGHT: Final = Palette(
    ground="#ffffff",
    closed="#e9edef",
    grid="#cfd8dc",
    ink="#1c262b",
    faint="#5f6e75",
    alarm="#d32f2f",
    fresh="#2e7d32",
    quiet="#6d4c41",
    people=(*("#bbdefb", "#c8e6c9", "#ffe0b2", "#e1bee7"), *("#b2ebf2", "#f8bbd0", "#dcedc8", "#d7ccc8")),
)
DARK: Final = Palette(
    ground="#17212b",
    closed="#0f161d",
    grid="#2b3945",
    ink="#f2f5f7",
    faint="#9aa8b3",
    alarm="#ff6b6b",
    fresh="#81c784",
    quiet="#bcaaa4",
    people=(*("#1f4b73", "#2b5a36", "#6b4a1e", "#573063"), *("#1d5a63", "#6b2c46", "#475a26", "#52453f")),
)
