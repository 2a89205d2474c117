"""From nothing to a shop, in the chat."""

from typing import Final

from shared.contracts import setup as contract
from worker.runtime.capability import Capability, handlers_of
from worker.setup import handlers

CAPABILITY: Final = Capability(
    contract.CONTRACT,
    handlers=handlers_of(handlers),
)
