"""What customers read while bookings are paused, as one line, and what one pause has other than another."""

from typing import Any
from unicodedata import category

from shared.cleaning import UNWANTED, tidy
from shared.contracts.pausing import LONGEST_PAUSE_TEXT
from worker.pause import Pause
from worker.ui.graphemes import cut


def one_line(said: str) -> str:
    """Return what was said as a line that the business file can hold; empty where nothing of it shows."""
    seen = "".join(" " if category(each) in UNWANTED else each for each in said)
    return cut(" ".join(tidy(seen).split()), LONGEST_PAUSE_TEXT)


def differences(before: Pause, after: Pause) -> list[dict[str, Any]]:
    """Return what is different, by the fields of the business file, as the file would have it."""
    fields = {
        "paused": (before.paused, after.paused),
        "paused_until": tuple(each.until and each.until.isoformat() for each in (before, after)),
        "pause_text": (before.text, after.text),
    }
    return [{"field": name, "from": old, "to": new} for name, (old, new) in fields.items() if old != new]
