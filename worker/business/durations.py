"""Durations as people write them, and as minutes."""

import re

HOUR = 60
DAY = 24 * HOUR
UNITS = {"w": 7 * DAY, "d": DAY, "h": HOUR, "m": 1}
FORM = re.compile(r"(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?")
LONGEST_TEXT = 20


def parse_duration(text: str) -> int:
    """Read '45m', '1h30m', '60d' or '1w' as minutes; raises ValueError."""
    compact = text.replace(" ", "").casefold()
    match = FORM.fullmatch(compact)
    if not compact.isascii() or not 0 < len(compact) <= LONGEST_TEXT or match is None:
        raise ValueError(f"'{text[:40]}' is not a duration; write 45m, 2h or 1d")
    return sum(int(count or 0) * unit for count, unit in zip(match.groups(), UNITS.values(), strict=True))


def format_duration(minutes: int) -> str:
    """Write minutes in days, hours and minutes: '1h30m'; nothing is '0m'."""
    text = ""
    for letter in "dhm":
        count, minutes = divmod(minutes, UNITS[letter])
        text += f"{count}{letter}" if count else ""
    return text or "0m"
