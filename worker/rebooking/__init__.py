"""Customers of visits for which nobody is there are offered other times, which are kept for them."""

from datetime import timedelta
from typing import Final

from shared.contracts import rebooking as contract
from worker.rebooking import handlers
from worker.rebooking.messages import MESSAGES
from worker.rebooking.repository import remove_ended
from worker.retention.purge import Purge
from worker.runtime.capability import Capability, handlers_of

KEPT: Final = timedelta(days=30)

CAPABILITY: Final = Capability(
    contract.CONTRACT,
    handlers=handlers_of(handlers),
    messages=MESSAGES,
    retention=(Purge("rebookings", remove_ended, KEPT),),
)
