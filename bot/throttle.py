"""One person's share: a token bucket each, in memory, for as many people as were here lately."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

from shared.clock import Clock

PEOPLE = 20_000
"""Buckets kept; who was here longest ago is forgotten first, and starts with a full one."""
UPDATES = 4_096
"""Updates whose admission is remembered: one that Telegram repeats gets the same and costs no token."""
NOTICE_PAUSE = timedelta(seconds=10)
REFUSED_COSTS = 0.1
"""Tokens that a refused update takes all the same. Somebody a little too fast hardly feels it. A flood of
more than ten times the rate uses up what comes in, and gets nothing through until it ends."""


class Admission(Enum):
    """What the throttle decides of an update."""

    PASS = auto()
    NOTICE = auto()
    """Refused, and the person is to be told."""
    SILENT = auto()
    """Refused; the person was told a moment ago."""


@dataclass(slots=True)
class Bucket:
    """What one person may still send."""

    tokens: float
    filled_at: datetime
    noticed_at: datetime | None = None


class Throttle:
    """Lets a person through `burst` times at once and `per_second` times a second after that."""

    def __init__(
        self,
        clock: Clock,
        *,
        burst: int,
        per_second: float,
        people: int = PEOPLE,
        updates: int = UPDATES,
    ) -> None:
        self._clock = clock
        self._burst = burst
        self._per_second = per_second
        self._people = people
        self._updates = updates
        self._buckets: OrderedDict[int, Bucket] = OrderedDict()
        self._admissions: OrderedDict[int, Admission] = OrderedDict()

    def decide(self, person_id: int, update_id: int) -> Admission:
        """Decide whether a person's update may pass; a repeated update gets the same decision."""
        known = self._admissions.get(update_id)
        if known is not None:
            return known
        admission = self._judge(self._bucket(person_id))
        self._admissions[update_id] = Admission.SILENT if admission is Admission.NOTICE else admission
        if len(self._admissions) > self._updates:
            self._admissions.popitem(last=False)
        return admission

    def _bucket(self, person_id: int) -> Bucket:
        now = self._clock.now()
        bucket = self._buckets.get(person_id)
        if bucket is None:
            bucket = self._buckets[person_id] = Bucket(self._burst, now)
            if len(self._buckets) > self._people:
                self._buckets.popitem(last=False)
            return bucket
        self._buckets.move_to_end(person_id)
        passed = max(0.0, (now - bucket.filled_at).total_seconds())
        bucket.tokens = min(self._burst, bucket.tokens + passed * self._per_second)
        bucket.filled_at = now
        return bucket

    def _judge(self, bucket: Bucket) -> Admission:
        if bucket.tokens >= 1:
            bucket.tokens -= 1
            return Admission.PASS
        bucket.tokens = max(0.0, bucket.tokens - REFUSED_COSTS)
        now = bucket.filled_at
        if bucket.noticed_at is not None and abs(now - bucket.noticed_at) < NOTICE_PAUSE:
            return Admission.SILENT
        bucket.noticed_at = now
        return Admission.NOTICE
