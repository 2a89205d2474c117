"""Commands that failed for good, in the chat of those who run the business."""

from typing import Final

from shared.contracts import failed as contract
from worker.failed import handlers
from worker.failed.views import failed
from worker.runtime.capability import AdminButton, Capability, handlers_of

CAPABILITY: Final = Capability(
    contract.CONTRACT,
    handlers=handlers_of(handlers),
    admin=(AdminButton(70, failed),),
    outcomes=("retried", "dropped"),
)
