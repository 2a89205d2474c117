"""What happened to visits and to the business, for those who run the business."""

from typing import Final

from shared.contracts import history as contract
from worker.events.repository import remove_old
from worker.history import handlers
from worker.history.views import to_history
from worker.retention.purge import Purge
from worker.runtime.capability import AdminButton, Capability, handlers_of

CAPABILITY: Final = Capability(
    contract.CONTRACT,
    handlers=handlers_of(handlers),
    admin=(AdminButton(61, to_history),),
    retention=(Purge("business_events", remove_old),),
)
