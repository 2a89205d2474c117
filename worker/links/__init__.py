"""Links by which customers find the shop, what can be booked there and with whom, as QR codes to print."""

from typing import Final

from shared.contracts import links as contract
from worker.links import handlers
from worker.links.messages import MESSAGES
from worker.links.views import links_button
from worker.runtime.capability import AdminButton, Capability, handlers_of

CAPABILITY: Final = Capability(
    contract.CONTRACT,
    handlers=handlers_of(handlers),
    admin=(AdminButton(60, links_button),),
    messages=MESSAGES,
)
