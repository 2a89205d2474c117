"""Visits that repeat: every so many weeks, booked at once; afterwards each lives alone."""

from typing import Final

from shared.contracts import series as contract
from worker.runtime.capability import Capability, handlers_of
from worker.series import handlers
from worker.series.messages import MESSAGES

CAPABILITY: Final = Capability(
    contract.CONTRACT,
    handlers=handlers_of(handlers),
    messages=MESSAGES,
    outcomes=("confirmed", "cancelled", "moved", "conflict", "stale", "too_late", "refused"),
)
