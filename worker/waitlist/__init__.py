"""Whoever found no time wishes for one, and is offered it when it frees up."""

from datetime import timedelta
from typing import Final

from shared.contracts import waitlist as contract
from worker.retention.purge import Purge
from worker.runtime.capability import Capability, handlers_of
from worker.waitlist import handlers
from worker.waitlist.messages import MESSAGES
from worker.wishes.repository import remove_wishes

CAPABILITY: Final = Capability(
    contract.CONTRACT,
    handlers=handlers_of(handlers),
    messages=MESSAGES,
    retention=(Purge("wishes", remove_wishes, keep=timedelta(days=30)),),
    outcomes=("wished", "taken", "declined", "lapsed"),
)
