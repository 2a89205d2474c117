"""Two customers swap their times: two consents, one transaction, and nobody learns with whom."""

from datetime import timedelta
from typing import Final

from shared.contracts import swapping as contract
from worker.retention.purge import Purge
from worker.runtime.capability import Capability, handlers_of
from worker.swapping import handlers
from worker.swapping.messages import MESSAGES
from worker.swapping.repository import remove_swaps

CAPABILITY: Final = Capability(
    contract.CONTRACT,
    handlers=handlers_of(handlers),
    messages=MESSAGES,
    retention=(Purge("swaps", remove_swaps, keep=timedelta(days=30)),),
    outcomes=("swapped", "declined", "stale"),
)
