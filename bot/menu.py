"""What Telegram is told of the bot at its start, and the bot of itself: its name, and the command menu."""

from functools import partial

from bot.identity import Identity
from bot.retry import retry
from shared.i18n.translator import DEFAULT_LANGUAGE, Translator, Translators
from shared.telegram.client import TelegramClient


def menu(texts: Translator) -> list[dict[str, str]]:
    """Return the public commands in one language; those of staff and admins stay out of it."""
    descriptions = {
        "start": texts.text("Open the menu"),
        "book": texts.text("Book a visit"),
        "bookings": texts.text("Your bookings"),
        "help": texts.text("What this bot can do"),
        "language": texts.text("Choose your language"),
        "settings": texts.text("Your settings"),
    }
    return [{"command": name, "description": text} for name, text in descriptions.items()]


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
