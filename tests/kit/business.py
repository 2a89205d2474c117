"""The business that tests are about where one is enough, and that of sessions."""

from typing import Final

from worker.db.engine import Sessions
from worker.db.scope import NAME

BUSINESS_ID: Final = 1


def business_of(sessions: Sessions) -> int:
    """Return the id of the business whose rows these sessions see."""
    found: int = sessions.kw["info"][NAME]
    return found
