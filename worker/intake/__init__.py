"""What a service asks before it is booked: answered one by one, and read by staff."""

from typing import Final

from shared.contracts import intake as contract
from worker.intake import handlers
from worker.runtime.capability import Capability, handlers_of

CAPABILITY: Final = Capability(contract.CONTRACT, handlers=handlers_of(handlers))
"""Answers to what a service asks."""
