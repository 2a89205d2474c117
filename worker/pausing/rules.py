"""What customers read while bookings are paused, as one line."""

from unicodedata import category

from shared.cleaning import tidy
from shared.contracts.pausing import LONGEST_PAUSE_TEXT
from worker.business.values import UNWANTED
from worker.ui.graphemes import cut


def one_line(said: str) -> str:
    """Return what was said as a line that the business file can hold; empty where nothing of it shows."""
    seen = "".join(" " if category(each) in UNWANTED else each for each in said)
    return cut(" ".join(tidy(seen).split()), LONGEST_PAUSE_TEXT)
