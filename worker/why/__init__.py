"""Why a time is missing."""

from typing import Final

from shared.contracts import why as contract
from worker.runtime.capability import AdminButton, Capability, handlers_of
from worker.ui.buttons import why_missing
from worker.why import handlers

CAPABILITY: Final = Capability(
    contract.CONTRACT,
    handlers=handlers_of(handlers),
    admin=(AdminButton(90, why_missing, wide=True),),
)
