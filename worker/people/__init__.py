"""What a person chooses for themselves, and what Telegram says of them."""

from typing import Final

from shared.contracts import people as contract
from shared.contracts.people import ChooseLanguage, SetReachable, ShowLanguages
from shared.i18n.marking import text_noop
from worker.people import handlers
from worker.runtime.capability import Capability, HelpLine, reads, writes

CAPABILITY: Final = Capability(
    contract.CONTRACT,
    handlers={
        ShowLanguages: reads(handlers.show_languages),
        ChooseLanguage: writes(handlers.choose_language),
        SetReachable: writes(handlers.set_reachable, keeps_question=True),
    },
    help=(HelpLine(text_noop("/language: choose your language")),),
)
