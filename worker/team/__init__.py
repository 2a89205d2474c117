"""Who works here: invitations and roles."""

from datetime import timedelta
from typing import Final

from shared.contracts import team as contract
from worker.retention.purge import Purge
from worker.runtime.capability import AdminButton, Capability, handlers_of
from worker.team import handlers, repository
from worker.team.messages import MESSAGES
from worker.team.views import admin_button

CAPABILITY: Final = Capability(
    contract.CONTRACT,
    handlers=handlers_of(handlers),
    admin=(AdminButton(50, admin_button),),
    messages=MESSAGES,
    retention=(Purge("invitations", repository.forget, keep=timedelta(days=90)),),
)
