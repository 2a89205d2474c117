"""The line as the staff see it: who waits, to whom a time is offered, and who is taken off."""

from datetime import timedelta
from typing import Final

from shared.contracts import line as contract
from shared.contracts.base import Audience
from shared.i18n.marking import text_noop
from worker.line import handlers
from worker.line.messages import MESSAGES
from worker.line.views import admin_button
from worker.offers.repository import remove_choices
from worker.retention.purge import Purge
from worker.runtime.capability import AdminButton, Capability, HelpLine, handlers_of

CAPABILITY: Final = Capability(
    contract.CONTRACT,
    handlers=handlers_of(handlers),
    admin=(AdminButton(76, admin_button),),
    help=(HelpLine(text_noop("/waitlist: who waits for a time, and to offer one"), Audience.STAFF),),
    messages=MESSAGES,
    retention=(Purge("choices", remove_choices, keep=timedelta(days=30)),),
    outcomes=("offered", "removed", "left_to_line", "stale"),
)
