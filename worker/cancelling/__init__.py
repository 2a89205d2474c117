"""How visits are cancelled, by whomever; customers may say why. What staff tap is worker.staff's."""

from typing import Final

from shared.contracts import cancelling as contract
from worker.cancelling import handlers
from worker.runtime.capability import Capability, handlers_of

CAPABILITY: Final = Capability(
    contract.CONTRACT,
    handlers=handlers_of(handlers),
    outcomes=("cancelled", "stale", "too_late"),
)
