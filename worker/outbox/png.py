"""Draws the SVG that it reads as a PNG, in a process of its own: resvg never lets go of the interpreter."""

import sys
from importlib.util import find_spec
from pathlib import Path

import resvg_py

if __name__ == "__main__":
    spec = find_spec("ttf_opensans")  # to import it takes as long as a third of the drawing
    faces = Path(spec.origin if spec and spec.origin else "").with_name("ttf")
    drawn = resvg_py.svg_to_bytes(
        svg_string=sys.stdin.buffer.read().decode(),
        skip_system_fonts=True,
        font_files=[str(faces / f"OpenSans-{face}.ttf") for face in ("Regular", "Bold")],
        font_family="Open Sans",
    )
    sys.stdout.buffer.write(drawn)
