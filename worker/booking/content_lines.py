"""iCalendar's content lines (RFC 5545), as far as one event needs them.

The library that knows the whole format takes 4 MiB of each replica, for a dozen lines a file.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Final

OCTETS: Final = 75
"""A line's length without its end; what is longer goes on in the next one, after a space."""
ESCAPES: Final = str.maketrans({"\\": "\\\\", ";": r"\;", ",": r"\,", "\n": r"\n", "\r": ""})


def text(value: str) -> str:
    """Write a text value."""
    return value.translate(ESCAPES)


def instant(moment: datetime) -> str:
    """Write an instant in UTC: it needs no VTIMEZONE, and calendars show it in their owner's zone."""
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def lines(properties: Iterable[tuple[str, str]]) -> bytes:
    """Write properties, whose values are written already, one after the other."""
    return b"".join(part + b"\r\n" for name, value in properties for part in _folded(f"{name}:{value}"))


def _folded(line: str) -> Iterator[bytes]:
    """Cut between characters, never within one."""
    part = b""
    for character in line:
        octets = character.encode()
        if len(part) + len(octets) > OCTETS:
            yield part
            part = b" "
        part += octets
    yield part
