"""What is free, for people in other chats: inline queries while they type, and guest queries in a message."""

from typing import Final

from shared.contracts import inline as contract
from worker.inline import handlers
from worker.runtime.capability import Capability, handlers_of

CAPABILITY: Final = Capability(contract.CONTRACT, handlers=handlers_of(handlers))
