"""What a person chooses for themselves, and what Telegram says of them."""

from typing import Final

from shared.contracts import people as contract
from shared.i18n.marking import text_noop
from worker.people import handlers, repository
from worker.people.hook import MenuFollowUp
from worker.people.messages import MESSAGES
from worker.retention.purge import Purge
from worker.runtime.capability import Capability, HelpLine, handlers_of

CAPABILITY: Final = Capability(
    contract.CONTRACT,
    handlers=handlers_of(handlers),
    help=(HelpLine(text_noop("/language: choose your language")),),
    messages=MESSAGES,
    follow_ups=(MenuFollowUp(),),
    retention=(Purge("people", repository.forget, after=("events",)),),
)
