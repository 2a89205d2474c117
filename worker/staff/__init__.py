"""The day of the people who work here."""

from typing import Final

from shared.contracts import staff as contract
from shared.contracts.base import Audience
from shared.i18n.marking import text_noop
from worker.agenda.views import home_row, today, week
from worker.notices.messages import MESSAGES as NOTICES
from worker.runtime.capability import AdminButton, Capability, HelpLine, HomeRow, handlers_of
from worker.staff import handlers
from worker.staff.messages import MESSAGES

CAPABILITY: Final = Capability(
    contract.CONTRACT,
    handlers=handlers_of(handlers),
    home=(HomeRow(40, home_row, Audience.STAFF),),
    admin=(AdminButton(10, today), AdminButton(11, week)),
    help=(HelpLine(text_noop("/today, /week: the visits of the day and of the week"), Audience.STAFF),),
    messages=(*NOTICES, *MESSAGES),
    outcomes=("called_off", "marked", "unmarked", "stale"),
)
