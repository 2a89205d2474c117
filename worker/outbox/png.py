"""Draws the SVG that it reads as a PNG, in a process of its own: resvg never lets go of the interpreter."""

import sys
from importlib.resources import files

import resvg_py

if __name__ == "__main__":
    faces = files("ttf_opensans") / "ttf"
    drawn = resvg_py.svg_to_bytes(
        svg_string=sys.stdin.buffer.read().decode(),
        skip_system_fonts=True,
        font_files=[str(faces / f"OpenSans-{face}.ttf") for face in ("Regular", "Bold")],
        font_family="Open Sans",
    )
    sys.stdout.buffer.write(drawn)
