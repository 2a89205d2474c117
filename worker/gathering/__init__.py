"""Friends book places of a group together: kept until all have joined, then all are booked, or nobody is."""

from datetime import timedelta
from typing import Final

from shared.contracts import gathering as contract
from worker.gathering import handlers
from worker.gathering.messages import MESSAGES
from worker.retention.purge import Purge
from worker.runtime.capability import Capability, handlers_of
from worker.together.repository import remove_gatherings

KEPT: Final = timedelta(days=30)

CAPABILITY: Final = Capability(
    contract.CONTRACT,
    handlers=handlers_of(handlers),
    messages=MESSAGES,
    retention=(Purge("gatherings", remove_gatherings, KEPT),),
    outcomes=("begun", "joined", "left", "confirmed", "called_off", "conflict", "refused", "stale"),
)
