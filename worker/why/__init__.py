"""Why a time is missing."""

from typing import Final

from shared.contracts import why as contract
from worker.runtime.capability import Capability, handlers_of
from worker.why import handlers

CAPABILITY: Final = Capability(contract.CONTRACT, handlers=handlers_of(handlers))
