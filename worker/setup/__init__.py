"""From nothing to a shop, in the chat."""

from typing import Final

from shared.contracts import setup as contract
from worker.runtime.capability import AdminButton, Capability, handlers_of
from worker.setup import handlers
from worker.setup.messages import MESSAGES
from worker.setup.views import link_button

CAPABILITY: Final = Capability(
    contract.CONTRACT,
    handlers=handlers_of(handlers),
    admin=(AdminButton(60, link_button),),
    messages=MESSAGES,
)
