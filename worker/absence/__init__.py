"""When the people who work here are off, or there at other hours than usual."""

from typing import Final

from shared.contracts import absence as contract
from shared.contracts.base import Audience
from shared.i18n.marking import text_noop
from worker.absence import handlers
from worker.absence.messages import MESSAGES
from worker.absence.views import home_row
from worker.runtime.capability import Capability, HelpLine, HomeRow, handlers_of

CAPABILITY: Final = Capability(
    contract.CONTRACT,
    handlers=handlers_of(handlers),
    home=(HomeRow(45, home_row, Audience.STAFF),),
    help=(HelpLine(text_noop("/off: time off, and other hours on a date"), Audience.STAFF),),
    messages=MESSAGES,
)
"""Time off is dated exceptions of the business file: what it does is shown before it is applied."""
