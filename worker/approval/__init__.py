"""Visits that wait until somebody agrees: accepted, declined, or lapsed."""

from typing import Final

from shared.contracts import approval as contract
from worker.approval import handlers
from worker.approval.messages import MESSAGES
from worker.runtime.capability import Capability, handlers_of

CAPABILITY: Final = Capability(
    contract.CONTRACT,
    handlers=handlers_of(handlers),
    messages=MESSAGES,
    outcomes=("accepted", "declined", "stale"),
)
