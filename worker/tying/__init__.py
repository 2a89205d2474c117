"""Customers without Telegram, tied to a person of Telegram by a link that works once."""

from typing import Final

from shared.contracts import tying as contract
from worker.runtime.capability import Capability, handlers_of
from worker.tying import handlers
from worker.tying.messages import MESSAGES

CAPABILITY: Final = Capability(contract.CONTRACT, handlers=handlers_of(handlers), messages=MESSAGES)
