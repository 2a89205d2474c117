"""The few shapes of which a picture is made, as SVG. Lengths are in pixels."""

from collections.abc import Iterable
from html import escape
from typing import Final

FONT: Final = "Open Sans"
SHARP: Final = "crispEdges"
"""How straight edges are drawn: smoothing what lies on whole pixels anyway takes a quarter of the time."""
SMOOTH: Final = "auto"


def rectangle(left: float, top: float, width: float, height: float, fill: str, **more: str | float) -> str:
    """Draw a rectangle; `more` are attributes of SVG's, with `_` for `-`."""
    box = f'x="{left:g}" y="{top:g}" width="{width:g}" height="{height:g}"'
    if "rx" in more:
        more["shape_rendering"] = SMOOTH
    return f'<rect {box} fill="{fill}"{_attributes(more)}/>'


def line(left: float, top: float, right: float, bottom: float, colour: str, width: float = 1) -> str:
    """Draw a straight line."""
    ends = f'x1="{left:g}" y1="{top:g}" x2="{right:g}" y2="{bottom:g}"'
    return f'<line {ends} stroke="{colour}" stroke-width="{width:g}"/>'


def circle(x: float, y: float, radius: float, fill: str) -> str:
    """Draw a disc."""
    return f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}" fill="{fill}" shape-rendering="{SMOOTH}"/>'


def words(left: float, base: float, text: str, size: float, colour: str, **more: str | float) -> str:
    """Write a line of text; what no eye sees, XML may not hold and is left out."""
    seen = escape("".join(each for each in text if each.isprintable()))
    place = f'x="{left:g}" y="{base:g}" font-size="{size:g}"'
    return f'<text {place} fill="{colour}"{_attributes(more)}>{seen}</text>'


def clipped(left: float, top: float, width: float, height: float, shapes: Iterable[str]) -> str:
    """Draw shapes in a frame of their own; what reaches out of it is cut off."""
    box = f'x="{left:g}" y="{top:g}" width="{width:g}" height="{height:g}"'
    return f"<svg {box}>{''.join(shapes)}</svg>"


def document(width: float, height: float, background: str, shapes: Iterable[str]) -> str:
    """Make a whole picture of shapes."""
    size = f'width="{width:g}" height="{height:g}"'
    sharp = f'shape-rendering="{SHARP}"'
    ground = rectangle(0, 0, width, height, background)
    body = "".join([ground, *shapes])
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="{FONT}" {sharp}>{body}</svg>'


def _attributes(more: dict[str, str | float]) -> str:
    return "".join(f' {name.replace("_", "-")}="{value}"' for name, value in more.items())
