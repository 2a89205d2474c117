"""Pausing all bookings for a while."""

from typing import Final

from shared.contracts import pausing as contract
from worker.pausing import handlers
from worker.pausing.views import pause_bookings
from worker.runtime.capability import AdminButton, Capability, handlers_of

CAPABILITY: Final = Capability(
    contract.CONTRACT,
    handlers=handlers_of(handlers),
    admin=(AdminButton(80, pause_bookings, wide=True),),
    outcomes=("paused", "resumed"),
)
