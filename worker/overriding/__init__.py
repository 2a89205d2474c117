"""Staff book for somebody outside of the rules: against those that they were shown, and no constraint."""

from typing import Final

from shared.contracts import overriding as contract
from worker.overriding import handlers
from worker.runtime.capability import Capability, handlers_of

CAPABILITY: Final = Capability(contract.CONTRACT, handlers=handlers_of(handlers))
