"""Customers, as the people who work here know them: their card, their visits, notes and blocks."""

from typing import Final

from shared.contracts import customers as contract
from worker.customers import handlers
from worker.runtime.capability import Capability, handlers_of

CAPABILITY: Final = Capability(contract.CONTRACT, handlers=handlers_of(handlers))
