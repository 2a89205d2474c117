"""The menu of typed commands that Telegram shows, put together from the contracts."""

from shared.contracts import CONTRACTS
from shared.contracts.base import Audience
from shared.i18n.translator import Translator


def command_menu(texts: Translator, audience: Audience = Audience.EVERYONE) -> list[dict[str, str]]:
    """Return the typed commands for an audience in one language, as the Bot API's BotCommand."""
    return [
        {"command": typed.name, "description": texts.marked(typed.menu)}
        for contract in CONTRACTS
        for spec in contract.specs
        for typed in spec.typed
        if typed.audience <= audience
    ]
