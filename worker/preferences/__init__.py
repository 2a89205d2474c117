"""What a person wants to be told, and when."""

from typing import Final

from shared.contracts import preferences as contract
from worker.preferences import handlers
from worker.preferences.messages import MESSAGES
from worker.runtime.capability import Capability, handlers_of

CAPABILITY: Final = Capability(
    contract.CONTRACT,
    handlers=handlers_of(handlers),
    messages=MESSAGES,
)
