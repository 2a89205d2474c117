"""After a visit: how it was, and when to come again."""

from typing import Final

from shared.contracts import aftercare as contract
from worker.aftercare import handlers
from worker.aftercare.messages import MESSAGES
from worker.aftercare.views import ratings_button
from worker.runtime.capability import AdminButton, Capability, handlers_of

CAPABILITY: Final = Capability(
    contract.CONTRACT,
    handlers=handlers_of(handlers),
    admin=(AdminButton(60, ratings_button),),
    messages=MESSAGES,
    outcomes=("rated", "stale"),
)
