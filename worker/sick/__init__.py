"""A specialist is ill for a day: it is closed, and the customers of that day are offered other times."""

from typing import Final

from shared.contracts import sick as contract
from shared.contracts.base import Audience
from shared.i18n.marking import text_noop
from worker.runtime.capability import Capability, HelpLine, HomeRow, handlers_of
from worker.sick import handlers
from worker.sick.views import home_row

CAPABILITY: Final = Capability(
    contract.CONTRACT,
    handlers=handlers_of(handlers),
    home=(HomeRow(46, home_row, Audience.STAFF),),
    help=(HelpLine(text_noop("/sick: ill for a day; customers are offered other times"), Audience.STAFF),),
)
