"""A stretch of a specialist's time that is free again."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class FreedStretch:
    """A stretch of a specialist's time that is free again."""

    specialist_id: int
    begin: datetime
    end: datetime
