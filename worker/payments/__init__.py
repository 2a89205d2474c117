"""Deposits: what is paid through Telegram to book a time, and how it goes back."""

from datetime import timedelta
from typing import Final

from shared.contracts import payments as contract
from worker.payments import handlers, repository
from worker.payments.messages import MESSAGES
from worker.payments.replies import HELD, PAID, TO_RETURN, UNPAYABLE
from worker.payments.views import refunds_button
from worker.retention.purge import Purge
from worker.runtime.capability import AdminButton, Capability, handlers_of

CAPABILITY: Final = Capability(
    contract.CONTRACT,
    handlers=handlers_of(handlers),
    admin=(AdminButton(75, refunds_button),),
    messages=MESSAGES,
    retention=(Purge("unpaid_deposits", repository.remove_unpaid, keep=timedelta(days=30)),),
    outcomes=(HELD, PAID, TO_RETURN, UNPAYABLE),
)
