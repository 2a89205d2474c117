"""What customers read before a visit, and their answer that they will be there."""

from typing import Final

from shared.contracts import reminders as contract
from worker.reminders import handlers
from worker.reminders.messages import MESSAGES
from worker.runtime.capability import Capability, handlers_of

CAPABILITY: Final = Capability(
    contract.CONTRACT,
    handlers=handlers_of(handlers),
    messages=MESSAGES,
    outcomes=("attending", "freed", "stale"),
)
