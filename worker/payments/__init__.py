"""Deposits: what is paid through Telegram to book a time, and how it goes back."""

from typing import Final

from shared.contracts import payments as contract
from worker.payments import handlers
from worker.runtime.capability import Capability, handlers_of

CAPABILITY: Final = Capability(contract.CONTRACT, handlers=handlers_of(handlers))
