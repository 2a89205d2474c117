"""How many can be booked together, until when they may join, and what the link carries."""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Final

from worker.visits.rules import TO_ANSWER

FEWEST: Final = 2
MOST: Final = 10
"""So many places one booking together keeps from everybody else."""
MOST_LATELY: Final = 3
"""So often somebody may keep places for friends within LATELY of whom nobody is booked then."""
LATELY: Final = timedelta(days=1)
CODE_LENGTH: Final = 22
"""Characters of 6 bits: 128 bits and more."""


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

    def code(self, bot_token: str) -> str:
        """Return the link's code: numbers can be guessed, this cannot, and no row has to hold it."""
        said = f"gathering:{self.business_id}:{self.number}"
        digest = hmac.new(bot_token.encode(), said.encode(), sha256).digest()
        return urlsafe_b64encode(digest).decode()[:CODE_LENGTH]

    def is_of(self, code: str, bot_token: str) -> bool:
        """Tell whether a code is the link's."""
        return hmac.compare_digest(self.code(bot_token).encode(), code.encode())

    def argument(self, bot_token: str) -> str:
        """Return what `/start` carries: as the contract has it."""
        return f"g{self.number}-{self.code(bot_token)}"


def sizes(left: int) -> Sequence[int]:
    """Return how many may come where so many places are left, whoever asks among them."""
    return range(FEWEST, min(left, MOST) + 1)


def has_time(kept_until: datetime | None, now: datetime) -> bool:
    """Tell whether friends have time to join: places are kept no longer than the notice allows."""
    return kept_until is not None and kept_until - now >= TO_ANSWER
