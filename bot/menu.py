"""What Telegram is told of the bot at its start, and the bot of itself: its name, and the command menu."""

from functools import partial

from bot.identity import Identity
from bot.retry import retry
from shared.command_menu import command_menu
from shared.i18n.translator import DEFAULT_LANGUAGE, Translators
from shared.telegram.client import TelegramClient


async def publish_menu(client: TelegramClient, translators: Translators) -> None:
    """Set everybody's command menu in every language; English for those whose language is not spoken here.

    Who needs another one, such as staff, is given it by the worker, which knows them.
    """
    for code, texts in translators.by_two_letters().items():
        parameters: dict[str, object] = {"commands": command_menu(texts)}
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
