"""/start, /help, /language and /settings."""

import re
from typing import Final

from bot.lean_aiogram import Message, Router
from bot.routers.text import Typed
from shared.commands import ShowHelp, ShowHome, ShowLanguages, ShowSettings

PAYLOAD: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""What a deep link may carry: https://core.telegram.org/bots/features#deep-linking."""


async def start(_: Message, argument: str) -> ShowHome:
    """Open the menu; a deep link's payload goes along."""
    return ShowHome(payload=argument if PAYLOAD.fullmatch(argument) else "")


async def show_help(_: Message) -> ShowHelp:
    """Say what the bot can do."""
    return ShowHelp()


async def language(_: Message) -> ShowLanguages:
    """Offer the languages."""
    return ShowLanguages()


async def settings(_: Message) -> ShowSettings:
    """Open the person's settings."""
    return ShowSettings()


def router() -> Router:
    """Make the router."""
    routes = Router(name="menu")
    routes.message.register(start, Typed("start"))
    routes.message.register(show_help, Typed("help"))
    routes.message.register(language, Typed("language"))
    routes.message.register(settings, Typed("settings"))
    return routes
