"""Staff book for somebody: whom the visit is for. The rest is `worker.booking`'s, as for customers."""

from typing import Final

from shared.contracts import adding as contract
from shared.contracts.base import Audience
from shared.i18n.marking import text_noop
from worker.adding import handlers
from worker.adding.views import home_row
from worker.runtime.capability import Capability, HelpLine, HomeRow, handlers_of

CAPABILITY: Final = Capability(
    contract.CONTRACT,
    handlers=handlers_of(handlers),
    home=(HomeRow(41, home_row, Audience.STAFF),),
    help=(HelpLine(text_noop("/add: book a visit for somebody, also without Telegram"), Audience.STAFF),),
)
