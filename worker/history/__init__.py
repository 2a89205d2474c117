"""What happened to visits, for those who run the business."""

from typing import Final

from shared.contracts import history as contract
from worker.history import handlers
from worker.history.views import to_history
from worker.runtime.capability import AdminButton, Capability, handlers_of

CAPABILITY: Final = Capability(
    contract.CONTRACT, handlers=handlers_of(handlers), admin=(AdminButton(61, to_history),)
)
