"""Administration."""

from typing import Final

from shared.contracts import admin as contract
from shared.contracts.base import Audience
from shared.i18n.marking import text_noop
from worker.admin import handlers
from worker.admin.views import home_row
from worker.runtime.capability import Capability, HelpLine, HomeRow, handlers_of

CAPABILITY: Final = Capability(
    contract.CONTRACT,
    handlers=handlers_of(handlers),
    home=(HomeRow(50, home_row, Audience.ADMINS),),
    help=(HelpLine(text_noop("/admin: how the business is doing"), Audience.ADMINS),),
)
