"""The few shapes of which a picture is made, as SVG. Lengths are in pixels."""

from collections.abc import Iterable
from html import escape
from itertools import dropwhile
from typing import Final
from unicodedata import category

from worker.ui.graphemes import MARKS
from worker.ui.letters import FONT, Weight, face

SHARP: Final = "crispEdges"
"""How straight edges are drawn: smoothing what lies on whole pixels anyway takes a quarter of the time."""
SMOOTH: Final = "auto"


def rectangle(left: float, top: float, width: float, height: float, fill: str, **more: str | float) -> str:
    """Draw a rectangle; `more` are attributes of SVG's, with `_` for `-`."""
    box = f'x="{left:g}" y="{top:g}" width="{width:g}" height="{height:g}"'
    if "rx" in more:
        more["shape_rendering"] = SMOOTH
    return f'<rect {box} fill="{fill}"{_attributes(more)}/>'


def circle(x: float, y: float, radius: float, fill: str) -> str:
    """Draw a disc."""
    return f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}" fill="{fill}" shape-rendering="{SMOOTH}"/>'


def words(
    at: tuple[float, float],
    text: str,
    size: float,
    colour: str,
    room: float,
    weight: Weight = "normal",
    **more: str | float,
) -> str:
    """Write a line of text, its base from `at` on: as much of it as is no wider than `room`.

    What no eye sees, XML may not hold and is left out; so are marks that have no letter to stand on.
    """
    seen = dropwhile(lambda each: category(each) in MARKS, filter(str.isprintable, text))
    fits = face(weight).fitted("".join(seen), size, room)
    place = f'x="{at[0]:g}" y="{at[1]:g}" font-size="{size:g}" font-weight="{weight}"'
    return f'<text {place} fill="{colour}"{_attributes(more)}>{escape(fits)}</text>'


def placed(left: float, top: float, shapes: Iterable[str]) -> str:
    """Draw shapes so far from where they are."""
    return f'<g transform="translate({left:g} {top:g})">{"".join(shapes)}</g>'


def document(width: float, height: float, background: str, shapes: Iterable[str]) -> str:
    """Make a whole picture of shapes."""
    size = f'width="{width:g}" height="{height:g}"'
    sharp = f'shape-rendering="{SHARP}"'
    ground = rectangle(0, 0, width, height, background)
    body = "".join([ground, *shapes])
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="{FONT}" {sharp}>{body}</svg>'


def _attributes(more: dict[str, str | float]) -> str:
    return "".join(f' {name.replace("_", "-")}="{value}"' for name, value in more.items())
