"""What a customer wants to be known before a visit: asked for, kept, and taken back."""

from typing import Final

from shared.contracts import notes as contract
from worker.notes import handlers
from worker.notes.messages import MESSAGES
from worker.runtime.capability import Capability, handlers_of

CAPABILITY: Final = Capability(
    contract.CONTRACT,
    handlers=handlers_of(handlers),
    messages=MESSAGES,
    outcomes=("stale",),
)
