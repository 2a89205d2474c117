"""How long to wait before the next try."""

import random

FIRST_SECONDS = 0.2
LONGEST_SECONDS = 5.0
_DOUBLINGS = 10


def backoff_seconds(attempt: int, *, first: float = FIRST_SECONDS, longest: float = LONGEST_SECONDS) -> float:
    """Return the pause after failed attempt number `attempt` (from 1): doubling, bounded, with jitter."""
    bound = min(longest, first * 2.0 ** min(attempt - 1, _DOUBLINGS))
    # Spreads load and keeps no secret.
    return bound * random.uniform(0.5, 1.0)  # noqa: S311 # nosec B311
