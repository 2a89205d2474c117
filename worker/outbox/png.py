"""Draws the SVG that it reads as a PNG, in a process of its own: resvg never lets go of the interpreter.

It is told the font's name and files. To import anything else, pathlib say, would take as long as a tenth of
the drawing.
"""

import sys

import resvg_py

if __name__ == "__main__":
    family, *files = sys.argv[1:]
    drawn = resvg_py.svg_to_bytes(
        svg_string=sys.stdin.buffer.read().decode(),
        skip_system_fonts=True,
        font_files=files,
        font_family=family,
    )
    sys.stdout.buffer.write(drawn)
