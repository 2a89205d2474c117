"""A visit would rather be earlier: a wish in the line of all wishes, with the visit as its price."""

from typing import Final

from shared.contracts import earlier as contract
from worker.earlier import handlers
from worker.runtime.capability import Capability, handlers_of

CAPABILITY: Final = Capability(contract.CONTRACT, handlers=handlers_of(handlers))
