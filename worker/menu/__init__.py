"""The menu, help and settings."""

from typing import Final

from shared.contracts import menu as contract
from shared.i18n.marking import text_noop
from worker.menu import handlers
from worker.menu.views import home_row
from worker.runtime.capability import Capability, HelpLine, HomeRow, handlers_of

CAPABILITY: Final = Capability(
    contract.CONTRACT,
    handlers=handlers_of(handlers),
    home=(HomeRow(30, home_row),),
    help=(HelpLine(text_noop("/settings: your settings")),),
)
