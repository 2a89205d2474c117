"""Tells Telegram where updates go."""

from functools import partial
from typing import Final

import structlog

from bot.payload import HANDLED
from bot.retry import retry
from shared.telegram.client import TelegramClient

PATH: Final = "/telegram/webhook"
MAX_CONNECTIONS: Final = 40
"""Telegram's own default: so many chats' updates are on their way at the same time."""

log = structlog.get_logger()


def address(base_url: str) -> str:
    """Return where Telegram is to send updates."""
    return base_url.rstrip("/") + PATH


async def register(client: TelegramClient, base_url: str, secret: str) -> None:
    """Set the webhook, however long it takes."""
    parameters = {
        "url": address(base_url),
        "secret_token": secret,
        "allowed_updates": HANDLED,
        "max_connections": MAX_CONNECTIONS,
        "drop_pending_updates": False,
    }
    await retry("setWebhook", partial(client.call, "setWebhook", parameters))
    log.info("webhook registered")
