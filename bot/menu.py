"""What Telegram is told of the bot at its start, and the bot of itself: its name, and the command menu."""

from functools import partial

from bot.identity import Identity
from bot.retry import retry
from shared.contracts import CONTRACTS
from shared.contracts.base import Audience
from shared.i18n.translator import DEFAULT_LANGUAGE, Translator, Translators
from shared.telegram.client import TelegramClient


def menu(texts: Translator, audience: Audience = Audience.EVERYONE) -> list[dict[str, str]]:
    """Return the typed commands for an audience in one language, as the Bot API's BotCommand."""
    return [
        {"command": typed.name, "description": texts.marked(typed.menu)}
        for contract in CONTRACTS
        for spec in contract.specs
        for typed in spec.typed
        if typed.audience <= audience
    ]


async def publish_menu(client: TelegramClient, translators: Translators) -> None:
    """Set the command menu in every language; English also for those whose language is not spoken here."""
    for code, texts in translators.by_two_letters().items():
        parameters: dict[str, object] = {"commands": menu(texts)}
        if code != DEFAULT_LANGUAGE:
            parameters["language_code"] = code
        await retry("setMyCommands", partial(client.call, "setMyCommands", parameters))


async def learn_name(client: TelegramClient, identity: Identity) -> None:
    """Ask Telegram for the bot's username, so that commands for other bots can be told apart."""
    me = await retry("getMe", partial(client.call, "getMe"))
    identity.username = me.get("username") if isinstance(me, dict) else None


async def introduce(client: TelegramClient, identity: Identity, translators: Translators) -> None:
    """Do both, however long it takes; nothing waits for it."""
    await learn_name(client, identity)
    await publish_menu(client, translators)
