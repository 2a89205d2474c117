"""How many can be booked together, until when they may join, and what the link carries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from shared.contracts.gathering import ShowGathering
from shared.links import payload_of
from worker.link_codes import code_of, is_code_of
from worker.visits.rules import TO_ANSWER

FEWEST: Final = 2
MOST: Final = 10
"""So many places one booking together keeps from everybody else."""
MOST_LATELY: Final = 3
"""So often somebody may keep places for friends within LATELY of whom nobody is booked then."""
LATELY: Final = timedelta(days=1)


class GatheringState(StrEnum):
    """Where a booking together stands: it is open, then one of the others for good."""

    OPEN = "open"
    BOOKED = "booked"
    CALLED_OFF = "called_off"
    """Its organizer let all places go, or is not here any more."""
    LAPSED = "lapsed"
    """Not all had joined at its deadline."""
    IMPOSSIBLE = "impossible"
    """All had joined, and the time cannot be booked any more."""


@dataclass(frozen=True, slots=True)
class GatheringLink:
    """What tells to which booking together somebody is invited."""

    business_id: int
    number: int

    @property
    def _subject(self) -> str:
        return f"gathering:{self.business_id}:{self.number}"

    def code(self, bot_token: str) -> str:
        """Return the link's code."""
        return code_of(self._subject, bot_token)

    def is_of(self, code: str, bot_token: str) -> bool:
        """Tell whether a code is the link's."""
        return is_code_of(code, self._subject, bot_token)

    def argument(self, bot_token: str) -> str:
        """Return what `/start` carries: numbers can be guessed, the code cannot."""
        return payload_of(ShowGathering(number=self.number, code=self.code(bot_token)))


def sizes(left: int) -> Sequence[int]:
    """Return how many may come where so many places are left, whoever asks among them."""
    return range(FEWEST, min(left, MOST) + 1)


def has_time(kept_until: datetime | None, now: datetime) -> bool:
    """Tell whether friends have time to join: places are kept no longer than the notice allows."""
    return kept_until is not None and kept_until - now >= TO_ANSWER
