"""What is kept of one person: written out for them, and erased when they ask for it."""

from typing import Final

from shared.contracts import privacy as contract
from shared.i18n.marking import text_noop
from worker.privacy import handlers
from worker.runtime.capability import Capability, HelpLine, handlers_of

CAPABILITY: Final = Capability(
    contract.CONTRACT,
    handlers=handlers_of(handlers),
    help=(HelpLine(text_noop("/privacy: what is kept of you")),),
)
