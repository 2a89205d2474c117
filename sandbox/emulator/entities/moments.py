"""Moments in a text: `tg-time` tags and `tg://time` links."""

import re
from typing import Any

from sandbox.emulator.errors import cannot_parse

FORMAT = re.compile(r"r|w?[dD]?[tT]?")
UNIX = re.compile(r"[0-9]{1,10}")
LATEST = 2**31 - 1


def date_time(unix: str, form: str) -> dict[str, Any]:
    """Return a date_time entity's details; raises ApiError for a moment or a format that makes no sense."""
    if not UNIX.fullmatch(unix) or not 0 < int(unix) <= LATEST:
        raise cannot_parse("Invalid date specified")
    if not FORMAT.fullmatch(form):
        raise cannot_parse("Invalid date format specified")
    return {"unix_time": int(unix)} | ({"date_time_format": form} if form else {})
