"""When a booking together ends by itself."""

from collections.abc import Sequence
from datetime import datetime

from shared.contracts.gathering import LapseGathering
from worker.outbox.message import TimerSetting


def ending(numbers: Sequence[int], at: datetime) -> dict[str, TimerSetting]:
    """Make the timers, by their keys, that end bookings together at an instant."""
    return {deadline_key(each): TimerSetting(LapseGathering(gathering_id=each), at) for each in numbers}


def deadline_key(gathering_id: int) -> str:
    """Return the key of the timer that ends a booking together."""
    return f"gathering:{gathering_id}"
