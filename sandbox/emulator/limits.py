"""Telegram's limits on sending: token buckets over everything, each chat and each group."""

import math
import time
from dataclasses import asdict, dataclass, field

from sandbox.emulator.errors import too_many_requests
from sandbox.emulator.world import Json

GLOBAL = "global"


@dataclass(slots=True)
class Bucket:
    """Tokens that come back at a steady rate up to a size."""

    tokens: float
    filled_at: float

    def missing(self, now: float, rate: float, size: float) -> float:
        """Refill the bucket and return the seconds until it holds a token; 0 when it does."""
        self.tokens = min(size, self.tokens + (now - self.filled_at) * rate)
        self.filled_at = now
        return 0.0 if self.tokens >= 1 else (1 - self.tokens) / rate


@dataclass(slots=True)
class LimitSettings:
    """Telegram's usual figures; its own exact ones are not published."""

    enabled: bool = True
    global_per_second: float = 30.0
    chat_per_second: float = 1.0
    chat_burst: float = 10.0
    group_per_minute: float = 20.0


@dataclass(slots=True)
class Limits:
    """The limits of one bot's sending."""

    settings: LimitSettings = field(default_factory=LimitSettings)
    _buckets: dict[str, Bucket] = field(default_factory=dict)

    def take(self, bot_id: int, chat_id: int) -> None:
        """Count one message to a chat; raise the 429 when it is one too many."""
        if not self.settings.enabled:
            return
        now = time.monotonic()
        buckets = [self._bucket(name, now, rate, size) for name, rate, size in self._rules(bot_id, chat_id)]
        wait = max(missing for _, missing in buckets)
        if wait > 0:
            raise too_many_requests(max(1, math.ceil(wait)))
        for bucket, _ in buckets:
            bucket.tokens -= 1

    def change(self, wanted: Json) -> None:
        """Set some of the figures; raises ValueError for one that is no positive number."""
        for name, value in wanted.items():
            if name == "enabled":
                self.settings.enabled = bool(value)
                continue
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < math.inf:
                raise ValueError(name)
            setattr(self.settings, name, float(value))
        self._buckets.clear()

    def view(self) -> Json:
        """Return the figures."""
        return asdict(self.settings)

    def _rules(self, bot_id: int, chat_id: int) -> list[tuple[str, float, float]]:
        figures = self.settings
        everything = (f"{bot_id}:{GLOBAL}", figures.global_per_second, figures.global_per_second)
        if chat_id < 0:
            rate = figures.group_per_minute
            return [everything, (f"{bot_id}:{chat_id}", rate / 60, rate)]
        return [everything, (f"{bot_id}:{chat_id}", figures.chat_per_second, figures.chat_burst)]

    def _bucket(self, name: str, now: float, rate: float, size: float) -> tuple[Bucket, float]:
        full = max(size, 1.0)
        bucket = self._buckets.setdefault(name, Bucket(full, now))
        return bucket, bucket.missing(now, rate, full)
