"""How many come with one booking of a group, and who: changed later by its customer."""

from typing import Final

from shared.contracts import party as contract
from worker.party import handlers
from worker.runtime.capability import Capability, handlers_of

CAPABILITY: Final = Capability(
    contract.CONTRACT,
    handlers=handlers_of(handlers),
    outcomes=("resized", "conflict", "refused", "stale", "too_late"),
)
