"""How long to pause before a failed attempt is made again."""

import random

FIRST_SECONDS = 0.2
LONGEST_SECONDS = 5.0
_DOUBLINGS = 10


def backoff_seconds(attempt: int, *, first: float = FIRST_SECONDS, longest: float = LONGEST_SECONDS) -> float:
    """Return the pause after failed attempt number `attempt` (from 1): doubling, bounded, with jitter.

    Jitter takes away up to half, so that replicas that failed together do not try again together.
    """
    bound = min(longest, first * 2.0 ** min(attempt - 1, _DOUBLINGS))
    # Spreads load and keeps no secret.
    return bound * random.uniform(0.5, 1.0)  # noqa: S311 # nosec B311


class Backoff:
    """Counts failures in a row and returns the pause after each."""

    def __init__(self, *, first: float = FIRST_SECONDS, longest: float = LONGEST_SECONDS) -> None:
        self._first = first
        self._longest = longest
        self._failures = 0

    def seconds(self) -> float:
        """Count one more failure and return the pause after it."""
        self._failures += 1
        return backoff_seconds(self._failures, first=self._first, longest=self._longest)

    def reset(self) -> None:
        """Take note of a success: the next failure is the first one again."""
        self._failures = 0
